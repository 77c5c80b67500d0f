"""Which metrics scorecards judge by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.health import models
from keepwell.health.formulas import thresholds
from keepwell.health.formulas.thresholds import Threshold
from keepwell.health.queries import cards
from keepwell.segments.queries import vocabulary

METRIC = "metric."


@dataclass(frozen=True)
class CardUse:
    """A scorecard that judges by a metric; past where only an earlier version did, which still tells past days."""

    slug: str
    title: str
    is_past: bool


@dataclass(frozen=True)
class Judging:
    """By which thresholds a scorecard in force judges a metric."""

    title: str
    green: Threshold
    red: Threshold


def scorecards(metric: str) -> tuple[CardUse, ...]:
    """The scorecards that judge by a metric, or whose drafts would, by title. One query."""
    rows = models.ScorecardVersion.objects.select_related("scorecard").order_by("scorecard__title", "-number")
    found: dict[str, CardUse] = {}
    for row in rows:
        card = row.scorecard
        is_past = row.published_at is not None and row.pk != card.published_id
        if metric in _asked(row.definition) and (card.slug not in found or not is_past):
            found[card.slug] = CardUse(card.slug, card.title, is_past)
    return tuple(found.values())


def _asked(definition: Mapping[str, Any]) -> frozenset[str]:
    """The metrics of the parts, of what says how old they are, and of the conditions."""
    own = {part[name] for part in definition["parts"] for name in ("metric", "since") if part.get(name)}
    parts = [condition for part in definition["parts"] for condition in part.get("exceptions", ())]
    asked = [case["when"] for case in parts] + [
        definition[name] for name in ("applies",) if name in definition
    ]
    named = (slug for condition in asked for slug in vocabulary.named(condition) if slug.startswith(METRIC))
    return frozenset(own.union(slug.removeprefix(METRIC) for slug in named))


def judging(metric: str) -> Judging | None:
    """How the first scorecard in order judges a metric by thresholds; None if none does. Two queries."""
    said = cards.order()
    rows = models.Scorecard.objects.select_related("published").filter(slug__in=said).exclude(published=None)
    for card in sorted(rows, key=lambda row: said.index(row.slug)):
        for part in card.published.definition["parts"] if card.published else ():
            if part["metric"] == metric and "green" in part:
                return Judging(card.title, thresholds.parse(part["green"]), thresholds.parse(part["red"]))
    return None
