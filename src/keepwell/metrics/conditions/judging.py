"""A condition over one row, with the reasons for the answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.kernel import speech
from keepwell.kernel.figures import measured
from keepwell.metrics.conditions import operators
from keepwell.metrics.conditions.frames import NUMBER
from keepwell.metrics.conditions.tree import Condition, Either, Leaf, Not


@dataclass(frozen=True)
class Verdict:
    """True, false, or None for unknown; `because` are the questions that decided it, each with what was found."""

    holds: bool | None
    because: tuple[str, ...]


def judge(condition: Condition, row: Mapping[str, Any], *, as_of: date) -> Verdict:
    """The answer for one row, by column; a column that is missing or None is unknown."""
    if isinstance(condition, Leaf):
        return _leaf(condition, row, as_of)
    if isinstance(condition, Not):
        inner = judge(condition.part, row, as_of=as_of)
        return Verdict(None if inner.holds is None else not inner.holds, inner.because)
    verdicts = [judge(part, row, as_of=as_of) for part in condition.parts]
    settled = isinstance(condition, Either)
    if any(verdict.holds is settled for verdict in verdicts):
        return _of(settled, verdicts)
    if any(verdict.holds is None for verdict in verdicts):
        return _of(None, verdicts)
    return _of(not settled, verdicts)


def _of(holds: bool | None, verdicts: list[Verdict]) -> Verdict:
    """Only the parts that agree with the whole are why it is so."""
    return Verdict(
        holds, tuple(reason for said in verdicts if said.holds is holds for reason in said.because)
    )


def _leaf(leaf: Leaf, row: Mapping[str, Any], as_of: date) -> Verdict:
    found = _found(leaf, row.get(leaf.column))
    title = speech.said(leaf.subject.title)
    title = title[:1].upper() + title[1:]
    if leaf.operator is None:
        return Verdict((found is not None) is leaf.value, (f"{title} {_shown(leaf, found)}",))
    if found is None:
        return Verdict(None, (speech.told("%(title)s is not known", title=title),))
    holds = leaf.operator.holds(found, leaf.value, as_of)
    asked = operators.said(leaf.operator, leaf.value, leaf.subject)
    for verb in (speech.told("is "), speech.told("was ")):
        asked = asked.removeprefix(verb)
    said = speech.told(
        "%(title)s %(shown)s (%(asked)s)" if holds else "%(title)s %(shown)s (not %(asked)s)",
        title=title,
        shown=_shown(leaf, found),
        asked=asked,
    )
    return Verdict(holds, (said,))


def _found(leaf: Leaf, found: Any) -> Any:
    if leaf.subject.kind == "any" and leaf.operator is not None and leaf.operator.takes == "number":
        return float(found) if isinstance(found, str) and re.match(NUMBER, found) else None
    return found


def _shown(leaf: Leaf, found: Any) -> str:
    if found is None:
        return speech.told("is not known")
    if isinstance(found, bool):
        return speech.told("true") if found else speech.told("false")
    if isinstance(found, int | float):
        return measured(float(found), leaf.subject.unit)
    if isinstance(found, list | tuple):
        return ", ".join(found) or speech.told("none")
    return found.isoformat() if isinstance(found, date) else leaf.subject.called(str(found))
