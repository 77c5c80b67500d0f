"""What can be asked about an account, and conditions read in those words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.hooks import registry
from keepwell.hooks.uses import Use
from keepwell.kernel.errors import Invalid
from keepwell.ledger.queries import definitions, rates
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.tree import Condition, Either, Every, Leaf, Not
from keepwell.metrics.conditions.vocabulary import Kind, Subject, Vocabulary
from keepwell.metrics.queries import catalogue
from keepwell.segments import models

SEGMENT = "segment."
METRIC = "metric."
EVENT = "event."
OWNER = "owner."
FIELD = "field."
_OF_FIELD: Mapping[str, Kind] = {
    "text": "text", "choice": "text", "number": "number", "money": "number", "day": "day", "truth": "truth",
}  # fmt: skip


def accounts() -> Vocabulary:
    """Every subject: attributes, contracts, owners, custom fields, metrics, events, segments, and what stages add."""
    said = [
        Subject("key", "Key", "text"),
        Subject("name", "Name", "text"),
        Subject("industry", "Industry", "text"),
        Subject("country", "Country", "text"),
        Subject("tier", "Tier", "text"),
        Subject("phase", "Phase", "text"),
        Subject("since", "Customer since", "day"),
        Subject("tags", "Tags", "list"),
        Subject("arr", "ARR", "number", rates.reporting()),
        Subject("renewal_date", "Renewal", "day"),
        Subject("former", "Former customer", "truth"),
        *(Subject(OWNER + slug, f"{role.title} (e-mail address)", "text") for slug, role in ROLES.items()),
        *_fields(),
        *(Subject(METRIC + m.slug, m.title, "number", m.unit) for m in catalogue.answering()),
        *(
            Subject(c.slug, c.title, c.kind, c.unit, c.choices)
            for s in registry.columns()
            for c in s.declared
        ),
        *(Subject(SEGMENT + s.slug, f"In segment {s.title}", "truth") for s in _present()),
    ]
    events = Subject(EVENT, "Event", "number", "times", windowed=True)
    return Vocabulary({subject.slug: subject for subject in said}, {EVENT: events, FIELD: _FREE})


_FREE = Subject(FIELD, "Field", "any")


def _fields() -> list[Subject]:
    return [
        Subject(FIELD + one.slug, one.title, _OF_FIELD[one.kind], choices=one.choices)
        for one in definitions.of_noun("account")
    ]


def _present() -> list[models.Segment]:
    return list(models.Segment.objects.filter(retired_at=None).order_by("slug"))


def read(given: Any, vocabulary: Vocabulary | None = None) -> Condition:
    """The condition that a tree of tables states about an account."""
    return tree.read(given, vocabulary or accounts())


def plain(condition: Condition, vocabulary: Vocabulary | None = None, *, own: str = "") -> Condition:
    """The same without segments: each is asked as its own condition says. Refuses a segment that asks about itself."""
    slugs = [slug for slug in tree.subjects(condition) if slug.startswith(SEGMENT)]
    if not slugs:
        return condition
    words = vocabulary or accounts()
    said = {SEGMENT + segment.slug: segment.condition for segment in _present()}
    return _plain(condition, said, words, (SEGMENT + own,) if own else ())


def _plain(
    condition: Condition, said: Mapping[str, Any], words: Vocabulary, above: tuple[str, ...]
) -> Condition:
    if isinstance(condition, Not):
        return Not(_plain(condition.part, said, words, above))
    if isinstance(condition, Every | Either):
        return replace(condition, parts=tuple(_plain(part, said, words, above) for part in condition.parts))
    slug = condition.subject.slug
    if not slug.startswith(SEGMENT):
        return condition
    if slug in above:
        path = " → ".join(name.removeprefix(SEGMENT) for name in (*above, slug))
        raise Invalid(f"A segment cannot rest on itself: {path}. Say one of them without the other.")
    inner = _plain(tree.read(said[slug], words), said, words, (*above, slug))
    if condition.operator is None:
        known = Either((inner, Not(inner)))
        return known if condition.value else Not(known)
    return inner if condition.value else Not(inner)


def asks(condition: Condition, prefix: str) -> tuple[Leaf, ...]:
    """The questions about subjects whose name begins so."""
    return tuple(leaf for leaf in tree.leaves(condition) if leaf.subject.slug.startswith(prefix))


def uses() -> list[Use]:
    """What each segment in force asks for. One query."""
    return [
        Use(
            f"segment:{segment.slug}",
            segment.title,
            slugs_of(segment.condition, METRIC),
            slugs_of(segment.condition, SEGMENT),
        )
        for segment in _present()
    ]


def slugs_of(given: Any, prefix: str) -> frozenset[str]:
    """The metrics or segments that a condition, as it is stored, asks about."""
    return frozenset(slug.removeprefix(prefix) for slug in named(given) if slug.startswith(prefix))


def named(given: Any) -> Iterator[str]:
    """Whatever a condition, as it is stored, asks about."""
    if isinstance(given, list):
        for part in given:
            yield from named(part)
    elif isinstance(given, dict):
        for key, value in given.items():
            if key == "of":
                yield value
            else:
                yield from named(value)
