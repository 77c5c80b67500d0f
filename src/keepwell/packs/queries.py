"""What a pack would change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import F

from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health.models import ScorecardVersion
from keepwell.health.queries import cards as judging
from keepwell.packs import loading
from keepwell.signals.models import Rule

ACTIVE, ORDER = "pack", "scorecards"


@dataclass(frozen=True)
class Difference:
    """One thing a pack states, beside what is in force: each line says what would change."""

    kind: Literal["scorecard", "rule", "company"]
    slug: str
    state: Literal["new", "changed", "same"]
    lines: tuple[str, ...]


def diff(*, pack: str, seen_by: Scope) -> tuple[Difference, ...]:
    """What applying a shipped pack would change. One query for all cards, one for all rules, two for the company."""
    seen_by.require("config.change")
    return differences(loading.find(pack))


def differences(pack: loading.Pack) -> tuple[Difference, ...]:
    """A loaded pack beside what is published and active now."""
    published = ScorecardVersion.objects.filter(scorecard__published=F("pk")).values_list(
        "scorecard__slug", "scorecard__title", "definition"
    )
    cards = {slug: {"title": title, **definition} for slug, title, definition in published}
    active = Rule.objects.filter(active=True).values_list("slug", "sentence", "definition")
    rules = {slug: {"sentence": sentence, **definition} for slug, sentence, definition in active}
    company = {ACTIVE: settings.get(ACTIVE), ORDER: ", ".join(judging.order())}
    wanted = {ACTIVE: pack.slug, ORDER: ", ".join(pack.order)}
    return (
        *(
            _one("scorecard", c.slug, cards.get(c.slug), {"title": c.title, **c.definition})
            for c in pack.scorecards
        ),
        *(
            _one("rule", r.slug, rules.get(r.slug), {"sentence": r.sentence, **r.definition})
            for r in pack.rules
        ),
        *(
            _one("company", key, {key: company[key]} if company[key] else None, {key: wanted[key]})
            for key in wanted
        ),
    )


def _one(
    kind: Literal["scorecard", "rule", "company"], slug: str, now: dict[str, Any] | None, then: dict[str, Any]
) -> Difference:
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
    return str(leaves[place]) if place in leaves else "nothing"
