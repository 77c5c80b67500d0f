"""A condition as a short text for addresses: `all(score.change:below:-10:30;any(industry:in:Retail,Energy;arr:above:50000))`.

Questions are `subject:operator:value`, with the span of days last where one is asked; parts stand between semicolons. Whatever
of a value would be read as one of these signs is written as ~ and two hexadecimal digits.
"""

import re
from datetime import date
from typing import Any

from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.operators import KNOWN, OPERATORS
from keepwell.metrics.conditions.tree import Condition, Either, Every, Not
from keepwell.metrics.conditions.vocabulary import Vocabulary

SIGNS = "~();:,"
LONGEST = 4000
_TOKEN = re.compile(r"[();]|[^();]+")


def written(condition: Condition) -> str:
    """The text of a condition."""
    if isinstance(condition, Not):
        return f"not({written(condition.part)})"
    if isinstance(condition, Every | Either):
        head = "all" if isinstance(condition, Every) else "any"
        return f"{head}({';'.join(written(part) for part in condition.parts)})"
    said = tree.written(condition)
    op = KNOWN if condition.operator is None else condition.operator.slug
    days = "" if condition.in_days is None else f":{condition.in_days}"
    return f"{_escaped(said['of'])}:{op}:{_value(said[op])}{days}"


def read(text: str, vocabulary: Vocabulary) -> Condition:
    """The condition of a text; refuses what is none."""
    tokens = _TOKEN.findall(text[: LONGEST + 1])
    if len(text) > LONGEST or not tokens:
        raise Invalid(
            "A filter is a text of 1 to %(longest)s characters, such as arr:above:50000.", longest=LONGEST
        )
    given = _node(tokens)
    if tokens:
        raise Invalid('The filter goes on after its end, at "%(listed)s".', listed="".join(tokens)[:60])
    return tree.read(given, vocabulary)


def _node(tokens: list[str]) -> dict[str, Any]:
    head = tokens.pop(0)
    if head not in ("all", "any", "not") or not tokens or tokens[0] != "(":
        return _leaf(head)
    tokens.pop(0)
    parts = [_node(tokens)]
    while tokens and tokens[0] == ";":
        tokens.pop(0)
        parts.append(_node(tokens) if tokens else _leaf(""))
    if not tokens or tokens.pop(0) != ")":
        raise Invalid('The filter has no ")" for its "%(head)s(".', head=head)
    return {"not": parts[0] if len(parts) == 1 else {"any": parts}} if head == "not" else {head: parts}


def _leaf(head: str) -> dict[str, Any]:
    slug, *said = head.split(":")
    if len(said) not in (2, 3):
        raise Invalid(
            '"%(head)s" is no question of a filter. Write subject:operator:value, such as arr:above:50000.',
            head=head,
        )
    op, value = said[0], said[1]
    days = {"in_days": _whole(said[2])} if len(said) == 3 else {}
    return {"of": _plain(slug), op: _typed(op, value), **days}


def _typed(op: str, value: str) -> Any:
    takes = "truth" if op == KNOWN else OPERATORS[op].takes if op in OPERATORS else "text"
    if takes == "texts":
        return [_plain(part) for part in value.split(",")]
    if takes == "truth":
        return {"yes": True, "no": False}.get(value, value)
    if takes == "number":
        return _number(value)
    return _whole(value) if takes == "days" else _plain(value)


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _whole(text: str) -> Any:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else text


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(_escaped(part) for part in value)
    if isinstance(value, float):
        return f"{value:.12g}"
    return _escaped(value.isoformat() if isinstance(value, date) else str(value))


def _escaped(text: str) -> str:
    return "".join(f"~{ord(sign):02x}" if sign in SIGNS else sign for sign in text)


def _plain(text: str) -> str:
    return re.sub(r"~([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text)
