"""Conditions as trees: read and checked from what a person, a file or a program wrote, and written back the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.metrics.conditions import operators
from keepwell.metrics.conditions.operators import KNOWN, OPERATORS, Value
from keepwell.metrics.conditions.vocabulary import Subject, Vocabulary

MOST_LEAVES = 100
MOST_DEPTH = 8


@dataclass(frozen=True)
class Leaf:
    """One question about one subject; `operator` None asks whether the subject is known at all."""

    subject: Subject
    operator: operators.Operator | None
    value: Value
    in_days: int | None = None

    @property
    def column(self) -> str:
        """Where a frame has what is asked about: the subject's slug, with its span of days after an @ if it has one."""
        return self.subject.slug if self.in_days is None else f"{self.subject.slug}@{self.in_days}"


@dataclass(frozen=True)
class Every:
    """All parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition = Leaf | Every | Either | Not


def read(given: Any, vocabulary: Vocabulary) -> Condition:
    """The condition that a tree of tables states; refuses with the place and what is allowed there."""
    condition = _read(given, vocabulary, "the condition", 1)
    if (count := len(leaves(condition))) > MOST_LEAVES:
        raise Invalid(
            "The condition asks %(count)s questions. %(most_leaves)s are the most.",
            count=count,
            most_leaves=MOST_LEAVES,
        )
    return condition


def leaves(condition: Condition) -> tuple[Leaf, ...]:
    """Every question in it, in order."""
    if isinstance(condition, Leaf):
        return (condition,)
    if isinstance(condition, Not):
        return leaves(condition.part)
    return tuple(leaf for part in condition.parts for leaf in leaves(part))


def subjects(condition: Condition) -> frozenset[str]:
    """The slugs of all that it asks about."""
    return frozenset(leaf.subject.slug for leaf in leaves(condition))


def written(condition: Condition) -> dict[str, Any]:
    """The same as a tree of tables, as `read` takes it."""
    if isinstance(condition, Every):
        return {"all": [written(part) for part in condition.parts]}
    if isinstance(condition, Either):
        return {"any": [written(part) for part in condition.parts]}
    if isinstance(condition, Not):
        return {"not": written(condition.part)}
    asked = {"of": condition.subject.slug}
    span = {} if condition.in_days is None else {"in_days": condition.in_days}
    if condition.operator is None:
        return asked | {KNOWN: condition.value} | span
    return asked | {condition.operator.slug: _plain(condition.operator, condition.value)} | span


def _plain(operator: operators.Operator, value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if operator.takes == "days" and isinstance(value, float) else value


def _read(given: Any, vocabulary: Vocabulary, where: str, depth: int) -> Condition:
    if not isinstance(given, Mapping):
        raise Invalid(
            '%(where)s must be a table with "all", "any", "not" or "of", not %(given)s.',
            where=where,
            given=repr(given),
        )
    if depth > MOST_DEPTH:
        raise Invalid(
            "%(where)s is nested deeper than %(most_depth)s levels.", where=where, most_depth=MOST_DEPTH
        )
    heads = [key for key in ("all", "any", "not", "of") if key in given]
    if len(heads) != 1:
        raise Invalid('%(where)s must have exactly one of "all", "any", "not" and "of".', where=where)
    if heads[0] == "of":
        try:
            return _leaf(given, vocabulary)
        except Refused as refused:
            raise Invalid("%(where)s: %(refused)s", where=where, refused=str(refused)) from None
    if len(given) > 1:
        extra = next(key for key in given if key != heads[0])
        raise Invalid(
            '%(where)s: "%(extra)s" cannot stand beside "%(heads)s".',
            where=where,
            extra=extra,
            heads=heads[0],
        )
    if heads[0] == "not":
        return Not(_read(given["not"], vocabulary, f"{where}.not", depth + 1))
    return _several(heads[0], given[heads[0]], vocabulary, where, depth)


def _several(head: str, given: Any, vocabulary: Vocabulary, where: str, depth: int) -> Condition:
    if not isinstance(given, list) or not given:
        raise Invalid(
            '%(where)s: "%(head)s" must be a list of conditions with at least one.', where=where, head=head
        )
    parts = tuple(
        _read(part, vocabulary, f"{where}.{head}[{place}]", depth + 1) for place, part in enumerate(given)
    )
    return Every(parts) if head == "all" else Either(parts)


def _leaf(given: Mapping[str, Any], vocabulary: Vocabulary) -> Leaf:
    slug = given["of"]
    if not isinstance(slug, str):
        raise Invalid('"of" takes the name of what is asked about, not %(slug)s.', slug=repr(slug))
    subject = vocabulary.find(slug)
    stated = [key for key in given if key not in ("of", "in_days")]
    allowed = operators.for_kind(subject.kind)
    if len(stated) != 1 or stated[0] not in allowed:
        raise Invalid(
            "%(slug)s: ask with exactly one of %(listed)s, not %(listed2)s.",
            slug=slug,
            listed=", ".join(allowed),
            listed2=", ".join(stated) or speech.later("none"),
        )
    span = _span(given, subject)
    if stated[0] == KNOWN:
        if not isinstance(given[KNOWN], bool):
            raise Invalid(
                '"%(known)s" takes true or false, not %(given)s.', known=KNOWN, given=repr(given[KNOWN])
            )
        return Leaf(subject, None, given[KNOWN], span)
    operator = OPERATORS[stated[0]]
    return Leaf(subject, operator, operators.read(operator, given[stated[0]], subject), span)


def _span(given: Mapping[str, Any], subject: Subject) -> int | None:
    days = given.get("in_days")
    if not subject.windowed:
        if days is not None:
            raise Invalid(
                '%(slug)s is not asked over a span of days: leave "in_days" out.', slug=subject.slug
            )
        return None
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= operators.MOST_DAYS:
        raise Invalid(
            '%(slug)s needs "in_days": over how many of the last days, such as 28.', slug=subject.slug
        )
    return days
