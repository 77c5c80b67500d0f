"""What a pack would change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.db.models import F

from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health.models import ScorecardVersion
from keepwell.health.queries import cards as judging
from keepwell.metrics import catalogue, departures
from keepwell.metrics.models import MetricDefinition
from keepwell.outcomes.models import PlanTemplate, ValueTemplate
from keepwell.outcomes.queries import journeys
from keepwell.packs import loading
from keepwell.packs.pack import Pack
from keepwell.plays.models import Playbook
from keepwell.plays.queries import cadences, practices
from keepwell.segments.models import Segment
from keepwell.signals.models import Rule

ACTIVE, APPLIED, ORDER, PRACTICE, CADENCE = "pack", "pack_applied", "scorecards", "incidents", "cadence"
JOURNEY = "journey"
Kind = Literal["metric", "segment", "scorecard", "rule", "playbook", "plan", "value", "company"]


@dataclass(frozen=True)
class Difference:
    """One thing a pack states, beside what is in force: each line says what would change.

    "ends" is a rule or a playbook of the pack that is in force, which this one does not have: it would rest.
    """

    kind: Kind
    slug: str
    state: Literal["new", "changed", "same", "ends"]
    lines: tuple[str, ...]


def diff(*, pack: str, seen_by: Scope) -> tuple[Difference, ...]:
    """What applying a shipped pack would change; see `differences`."""
    seen_by.require("config.change")
    return differences(loading.find(pack))


def differences(pack: Pack) -> tuple[Difference, ...]:
    """A loaded pack beside what is in force now. One query for each kind, and four for the company."""
    metrics = {metric.slug: catalogue.written(metric) for metric in pack.metrics}
    segments = {segment.slug: _without_slug(asdict(segment)) for segment in pack.segments}
    cards = {card.slug: {"title": card.title, **card.definition} for card in pack.scorecards}
    rules = {rule.slug: {"title": rule.title, **rule.definition} for rule in pack.rules}
    playbooks = {book.slug: {"title": book.title, **book.definition} for book in pack.playbooks}
    return (
        *_each("metric", _metrics(), metrics),
        *_each("segment", _segments(), segments),
        *_each("scorecard", _cards(), cards),
        *_each("rule", _rules(), rules),
        *(Difference("rule", slug, "ends", ()) for slug in ending(pack)),
        *_each("playbook", _playbooks(), playbooks),
        *(Difference("playbook", slug, "ends", ()) for slug in ending_playbooks(pack)),
        *_each(
            "plan", _plans(), {plan.slug: {"title": plan.title, **plan.definition} for plan in pack.plans}
        ),
        *(Difference("plan", slug, "ends", ()) for slug in ending_plans(pack)),
        *_each("value", _values(), {one.slug: one.definition for one in pack.value}),
        *(Difference("value", slug, "ends", ()) for slug in ending_value(pack)),
        *_company(pack),
    )


def ending(pack: Pack) -> tuple[str, ...]:
    """The active rules of the pack in force that another one does not have. Two queries."""
    brought = applied_rules()
    own = {rule.slug for rule in pack.rules}
    active = Rule.objects.filter(active=True, slug__in=[slug for slug in brought if slug not in own])
    return tuple(active.order_by("slug").values_list("slug", flat=True))


def ending_playbooks(pack: Pack) -> tuple[str, ...]:
    """The active playbooks of the pack in force that another one does not have. Two queries."""
    brought = (settings.get(APPLIED) or {}).get("playbooks", ())
    own = {book.slug for book in pack.playbooks}
    active = Playbook.objects.filter(active=True, slug__in=[slug for slug in brought if slug not in own])
    return tuple(active.order_by("slug").values_list("slug", flat=True))


def ending_plans(pack: Pack) -> tuple[str, ...]:
    """The plans to begin from of the pack in force that another one does not have. Two queries."""
    brought = (settings.get(APPLIED) or {}).get("plans", ())
    own = {plan.slug for plan in pack.plans}
    active = PlanTemplate.objects.filter(active=True, slug__in=[slug for slug in brought if slug not in own])
    return tuple(active.order_by("slug").values_list("slug", flat=True))


def ending_value(pack: Pack) -> tuple[str, ...]:
    """The value models to begin from of the pack in force that another one does not have. Two queries."""
    brought = (settings.get(APPLIED) or {}).get("value", ())
    own = {one.slug for one in pack.value}
    active = ValueTemplate.objects.filter(active=True, slug__in=[slug for slug in brought if slug not in own])
    return tuple(active.order_by("slug").values_list("slug", flat=True))


def applied_rules() -> Sequence[str]:
    """The rules that the pack in force brought. Two queries at most."""
    applied: Mapping[str, Any] | None = settings.get(APPLIED)
    if applied is not None:
        rules: Sequence[str] = applied["rules"]
        return rules
    before = settings.get(ACTIVE)
    return [rule.slug for rule in loading.find(before).rules] if before in loading.shipped() else []


def applied(pack: Pack) -> dict[str, Any]:
    """What is kept of a pack that is put in force."""
    return {
        "slug": pack.slug,
        "title": pack.title,
        "version": pack.version,
        "rules": [rule.slug for rule in pack.rules],
        "playbooks": [book.slug for book in pack.playbooks],
        "plans": [plan.slug for plan in pack.plans],
        "value": [one.slug for one in pack.value],
    }


def _metrics() -> dict[str, Any]:
    return dict(MetricDefinition.objects.filter(retired_at=None).values_list("slug", "definition"))


def _segments() -> dict[str, Any]:
    rows = Segment.objects.filter(retired_at=None).values("slug", "title", "sentence", "condition")
    return {row["slug"]: _without_slug(row) for row in rows}


def _cards() -> dict[str, Any]:
    published = ScorecardVersion.objects.filter(scorecard__published=F("pk")).values_list(
        "scorecard__slug", "scorecard__title", "definition"
    )
    return {slug: {"title": title, **definition} for slug, title, definition in published}


def _rules() -> dict[str, Any]:
    active = Rule.objects.filter(active=True, published__isnull=False)
    said = active.values_list("slug", "title", "published__definition")
    return {slug: {"title": title, **definition} for slug, title, definition in said}


def _playbooks() -> dict[str, Any]:
    active = Playbook.objects.filter(active=True, published__isnull=False)
    said = active.values_list("slug", "title", "published__definition")
    return {slug: {"title": title, **definition} for slug, title, definition in said}


def _plans() -> dict[str, Any]:
    said = PlanTemplate.objects.filter(active=True).values_list("slug", "title", "definition")
    return {slug: {"title": title, **definition} for slug, title, definition in said}


def _values() -> dict[str, Any]:
    return dict(ValueTemplate.objects.filter(active=True).values_list("slug", "definition"))


def _company(pack: Pack) -> Iterator[Difference]:
    applied = settings.get(APPLIED) or {}
    now = {
        ACTIVE: settings.get(ACTIVE),
        "version": applied.get("version"),
        ORDER: ", ".join(judging.order()),
        departures.KEY: settings.get(departures.KEY),
    }
    wanted: dict[str, Any] = {ACTIVE: pack.slug, "version": pack.version, ORDER: ", ".join(pack.order)}
    if pack.departure is not None:
        wanted[departures.KEY] = pack.departure.definition
    if pack.practice is not None:
        now[PRACTICE], wanted[PRACTICE] = practices.declared(), pack.practice.written
    if pack.cadence is not None:
        now[CADENCE], wanted[CADENCE] = cadences.declared(), pack.cadence.written
    if pack.journey is not None:
        now[JOURNEY], wanted[JOURNEY] = journeys.declared(), pack.journey.written
    for key, value in wanted.items():
        yield _one("company", key, {key: now[key]} if now[key] else None, {key: value})


def _without_slug(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "slug"}


def _each(kind: Kind, now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[Difference]:
    return (_one(kind, slug, now.get(slug), wanted) for slug, wanted in then.items())


def _one(kind: Kind, slug: str, now: dict[str, Any] | None, then: dict[str, Any]) -> Difference:
    if now is None:
        return Difference(kind, slug, "new", ())
    before, after = dict(_leaves(now)), dict(_leaves(then))
    lines = tuple(
        f"{place}: {_said(before, place)} → {_said(after, place)}"
        for place in [*before, *(place for place in after if place not in before)]
        if before.get(place) != after.get(place)
    )
    return Difference(kind, slug, "changed" if lines else "same", lines)


def _leaves(given: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every figure and text with its place: `parts[2].weight`; parts and tasks by their own name where they have one."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from _leaves(value, f"{place}.{key}" if place else key)
    elif isinstance(given, list) and given and isinstance(given[0], dict):
        for number, value in enumerate(given):
            yield from _leaves(value, f"{place}[{value.get('measure', number)}]")
    else:
        yield place, given


def _said(leaves: dict[str, Any], place: str) -> str:
    said = leaves.get(place, "nothing")
    return str(int(said) if isinstance(said, float) and said.is_integer() else said)
