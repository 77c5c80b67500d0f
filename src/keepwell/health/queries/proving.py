"""All that a proof finds, from the ledger and the lake."""

from typing import Any

import polars as pl

from keepwell.health.card import Card
from keepwell.health.formulas.proving import figures as formulas
from keepwell.health.formulas.proving import indicators, rows
from keepwell.health.queries import replays
from keepwell.kernel.errors import Refused
from keepwell.ledger.models import Ownership
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import catalogue

ACT_WITHIN_DAYS = 14


class NothingToProve(Refused):
    """Nobody was ever a customer as departure is declared."""


def figures(
    *, asked: replays.Asked, card: Card, against: Card | None, progress: replays.Progress
) -> dict[str, Any]:
    """A card's figures as JSON, with the evidence of every metric of the catalogue; see `formulas.proving`.

    `against` is another card, replayed over the same days and held against it.
    """
    metrics = {metric.slug: metric for metric in catalogue.all_metrics()}
    own = card.metrics | (against.metrics if against else frozenset())
    replayed = replays.replay(asked=asked, metrics=sorted(own | set(metrics)), progress=progress)
    if replayed is None:
        raise NothingToProve(
            "No account was a customer on any day of the past. "
            f"{asked.departure.sentence} Declare departure as your customers leave, or import what is missing."
        )
    labelled = rows.labelled(replayed.rows, horizon_days=asked.horizon_days, settled_on=replayed.settled_on)
    told = _judged(labelled, replayed, card)
    costs = {"step_days": asked.step_days, "csms": _csms()}
    other: dict[str, Any] | None = None
    if against is not None:
        theirs = _judged(labelled, replayed, against)
        other = formulas.core(theirs, replayed.departed, **costs)
        told = told.join(theirs.select(*replays.KEYS, other_points="points"), on=replays.KEYS, how="left")
    evidence = _evidence(told, replayed, [_measure(metric) for metric in metrics.values()])
    weights = {part.metric.slug: part.weight * card.share(part) / 100 for part in card.parts}
    return {
        **formulas.proof(told, replayed.departed, horizon_days=asked.horizon_days, **costs),
        "other": other,
        "indicators": evidence,
        "theatre": {
            **indicators.theatre(evidence, weights),
            "acted": indicators.acted_on(told, replays.acts(until=asked.until), within_days=ACT_WITHIN_DAYS),
        },
        "from": replayed.days[0].isoformat(),
        "to": replayed.days[-1].isoformat(),
        "days": len(replayed.days),
        "settled_on": replayed.settled_on.isoformat(),
        "departed": replayed.departed.height,
    }


def _csms() -> int:
    return Ownership.objects.filter(role="csm", until=None).values("user").distinct().count()


def _measure(metric: Metric) -> indicators.Measure:
    return indicators.Measure(metric.slug, metric.title, metric.unit, metric.better == "up")


def _evidence(
    told: pl.DataFrame, replayed: replays.Replay, measures: list[indicators.Measure]
) -> list[dict[str, Any]]:
    hindsight = replays.hindsight(replayed, metrics=[measure.slug for measure in measures])
    return indicators.evidence(told, replayed.departed, measures, hindsight=hindsight)


def _judged(labelled: pl.DataFrame, replayed: replays.Replay, card: Card) -> pl.DataFrame:
    told = labelled.join(replays.scored(replayed, card), on=replays.KEYS, how="left")
    return told.with_columns(
        pl.col("band").fill_null("unknown"), red=(pl.col("band") == "red").fill_null(False)
    )
