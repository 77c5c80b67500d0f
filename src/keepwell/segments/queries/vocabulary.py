"""What can be asked about an account, and conditions read in those words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.hooks import registry
from keepwell.hooks.uses import Use
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.queries import definitions, rates
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.tree import Condition, Either, Every, Leaf, Not
from keepwell.metrics.conditions.vocabulary import Kind, Subject, Vocabulary
from keepwell.metrics.queries import catalogue
from keepwell.segments import models
from keepwell.segments.formulas import phasing, windows
from keepwell.segments.queries import champions, heard, phases

SEGMENT = "segment."
PHASE = "phase"
METRIC = "metric."
EVENT = "event."
OWNER = "owner."
FIELD = "field."
_OF_FIELD: Mapping[str, Kind] = {
    "text": "text", "choice": "text", "number": "number", "money": "number", "day": "day", "truth": "truth",
}  # fmt: skip


def accounts() -> Vocabulary:
    """Every subject: attributes, contracts, owners, custom fields, metrics, events, segments, and what stages add."""
    segments = [
        Subject(SEGMENT + s.slug, speech.later("In segment %(title)s", title=s.title), "truth")
        for s in _present()
    ]
    return _words(catalogue.answering(), [*_fields(), *segments], currency=rates.reporting())


def shipped() -> Vocabulary:
    """What can be asked about in every company: nothing that one declared itself. No query."""
    return _words(METRICS.values(), (), currency="")


def _words(metrics: Collection[Metric], own: Iterable[Subject], *, currency: str) -> Vocabulary:
    said = [
        Subject("key", speech.later("Key"), "text"),
        Subject("name", speech.later("Name"), "text"),
        Subject("industry", speech.later("Industry"), "text"),
        Subject("country", speech.later("Country"), "text"),
        Subject("tier", speech.later("Tier"), "text"),
        Subject("phase", speech.later("Phase"), "text"),
        Subject("since", speech.later("Customer since"), "day"),
        Subject("tags", speech.later("Tags"), "list"),
        Subject("arr", "ARR", "number", currency),
        Subject("renewal_date", speech.later("Renewal"), "day"),
        Subject("former", speech.later("Former customer"), "truth"),
        *(
            Subject(OWNER + slug, speech.later("%(title)s (e-mail address)", title=role.title), "text")
            for slug, role in ROLES.items()
        ),
        *(Subject(METRIC + m.slug, m.title, "number", m.unit) for m in metrics),
        *(
            Subject(c.slug, c.title, c.kind, c.unit, c.choices, c.windowed, c.change, c.words)
            for s in registry.columns()
            for c in s.declared
        ),
        *own,
    ]
    events = Subject(EVENT, speech.later("Event"), "number", "times", windowed=True)
    return Vocabulary(
        {subject.slug: subject for subject in said},
        {EVENT: events, heard.HEARD: heard.SUBJECT, FIELD: _FREE},
        {**windowed(metrics), **{one.slug: one for one in champions.SUBJECTS}},
    )


def windowed(metrics: Iterable[Metric]) -> dict[str, Subject]:
    """What can be asked about how each metric went over a span of days, by slug."""
    return {one.slug: one for m in metrics for one in windows.subjects(m.slug, m.title, m.unit)}


_FREE = Subject(FIELD, speech.later("Field"), "any")


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
    """The same without segments and phases by rule: each is asked as its own condition says.

    Refuses a segment that asks about itself.
    """
    slugs = [slug for slug in tree.subjects(condition) if slug.startswith(SEGMENT) or slug == PHASE]
    if not slugs:
        return condition
    present = {SEGMENT + segment.slug: segment.condition for segment in _present()}
    said = _Said(present, vocabulary or accounts())
    return _plain(condition, said, (SEGMENT + own,) if own else ())


@dataclass(frozen=True)
class _Said:
    """What segments say, the words they are said in, and which of them are phases in which order."""

    segments: Mapping[str, Any]
    words: Vocabulary

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """Asked only where a condition asks for the phase."""
        return phases.declared()


def _plain(condition: Condition, said: _Said, above: tuple[str, ...]) -> Condition:
    if isinstance(condition, Not):
        return Not(_plain(condition.part, said, above))
    if isinstance(condition, Every | Either):
        return replace(condition, parts=tuple(_plain(part, said, above) for part in condition.parts))
    slug = condition.subject.slug
    if slug == PHASE and said.phases:
        rules = {phase: _inner(SEGMENT + phase, said, (*above, PHASE)) for phase in said.phases}
        return phasing.asked(condition, rules)
    if not slug.startswith(SEGMENT):
        return condition
    inner = _inner(slug, said, above)
    if condition.operator is None:
        known = Either((inner, Not(inner)))
        return known if condition.value else Not(known)
    return inner if condition.value else Not(inner)


def _inner(slug: str, said: _Said, above: tuple[str, ...]) -> Condition:
    """The condition of a segment."""
    if slug in above:
        path = " → ".join(name.removeprefix(SEGMENT) for name in (*above, slug))
        raise Invalid(
            "A segment cannot rest on itself: %(path)s. Say one of them without the other.", path=path
        )
    return _plain(tree.read(said.segments[slug], said.words), said, (*above, slug))


def asks(condition: Condition, prefix: str) -> tuple[Leaf, ...]:
    """The questions about subjects whose name begins so."""
    return tuple(leaf for leaf in tree.leaves(condition) if leaf.subject.slug.startswith(prefix))


def uses() -> list[Use]:
    """What each segment in force asks for, and which of them are phases. Two queries."""
    order = Use("phases", speech.later("The order of phases"), (), phases.declared())
    return [
        order,
        *(
            Use(
                f"segment:{segment.slug}",
                segment.title,
                slugs_of(segment.condition, METRIC),
                slugs_of(segment.condition, SEGMENT),
            )
            for segment in _present()
        ),
    ]


def slugs_of(given: Any, prefix: str) -> frozenset[str]:
    """The metrics or segments that a condition, as it is stored, asks about; metrics also by how they went."""
    starts = (METRIC, *windows.PREFIXES) if prefix == METRIC else (prefix,)
    return frozenset(
        slug.removeprefix(start) for slug in named(given) for start in starts if slug.startswith(start)
    )


def metrics_of(condition: Condition) -> frozenset[str]:
    """The metrics that a condition asks about, now or by how they went."""
    return slugs_of(tree.written(condition), METRIC)


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
