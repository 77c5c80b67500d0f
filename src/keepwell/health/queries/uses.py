"""Which metrics scorecards judge by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.health import models
from keepwell.health.formulas import thresholds
from keepwell.health.formulas.thresholds import Threshold
from keepwell.health.queries import cards
from keepwell.hooks.uses import Use
from keepwell.kernel import speech
from keepwell.segments.queries import vocabulary
from keepwell.segments.queries.vocabulary import METRIC, SEGMENT


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


def uses() -> list[Use]:
    """What each version of each card asks for, drafts included; those that judge some day are marked. Three queries.

    A version that judges is asked without segments, as it judges: their metrics are its own.
    """
    judging = {v.version_id: v.card.metrics for span in cards.spans() for v in span.versions}
    rows = models.ScorecardVersion.objects.select_related("scorecard").order_by("scorecard__slug", "number")
    return [_use(row, judging.get(row.pk)) for row in rows]


def _use(row: models.ScorecardVersion, judging: frozenset[str] | None) -> Use:
    said = "draft" if row.published_at is None else speech.told("version %(number)s", number=row.number)
    return Use(
        key=f"scorecard:{row.scorecard.slug}:{row.number}",
        title=f"{row.scorecard.title}, {said}",
        metrics=_asked(row.definition) | (judging or frozenset()),
        segments=vocabulary.slugs_of(row.definition, SEGMENT),
        judges=judging is not None,
    )


def _asked(definition: Mapping[str, Any]) -> frozenset[str]:
    """The metrics of the parts, of what says how old they are, and of the conditions."""
    own = {part[name] for part in definition["parts"] for name in ("metric", "since") if part.get(name)}
    return frozenset(own) | vocabulary.slugs_of(definition, METRIC)


def judging(metric: str) -> Judging | None:
    """How the first scorecard in order judges a metric by thresholds; None if none does. Two queries."""
    said = cards.order()
    rows = models.Scorecard.objects.select_related("published").filter(slug__in=said).exclude(published=None)
    for card in sorted(rows, key=lambda row: said.index(row.slug)):
        for part in card.published.definition["parts"] if card.published else ():
            if part["metric"] == metric and "green" in part:
                return Judging(card.title, thresholds.parse(part["green"]), thresholds.parse(part["red"]))
    return None
