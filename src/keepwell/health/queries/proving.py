"""All that a proof finds, from the ledger and the lake."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from keepwell.health.card import Card
from keepwell.health.formulas.proving import figures as formulas
from keepwell.health.formulas.proving import indicators, rows
from keepwell.health.queries import replays
from keepwell.kernel.errors import Refused
from keepwell.ledger.models import Ownership
from keepwell.metrics import measures
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.departures import Departure
from keepwell.metrics.queries import catalogue

ACT_WITHIN_DAYS = 14


class NothingToProve(Refused):
    """Nobody was ever a customer as departure is declared."""


def figures(
    *, asked: replays.Asked, card: Card, against: Card | None, progress: replays.Progress
) -> dict[str, Any]:
    """A card's figures as JSON, with the evidence of every metric of the catalogue and its parts; see `formulas.proving`.

    `against` is another card, replayed over the same days and held against it. `progress` is told of what ("days",
    "days_again", "measures") how many of how many are done.
    """
    metrics = {metric.slug: metric for metric in catalogue.answering()}
    judging = [card] if against is None else [card, against]
    own = {slug for one in judging for slug in one.metrics}
    with TemporaryDirectory(prefix="keepwell-proof-") as folder:
        replayed = replays.replay(
            asked=asked,
            metrics=sorted(own | set(metrics)),
            cards=judging,
            folder=Path(folder),
            progress=progress,
        )
        if replayed is None:
            raise NothingToProve(
                "No account was a customer on any day of the past. %(sentence)s Declare departure as "
                "your customers leave, or import what is missing.",
                sentence=asked.departure.sentence,
            )
        return _told(
            asked,
            replayed,
            card,
            against,
            [_measure(one, asked.departure) for one in metrics.values()],
            progress,
        )


def _told(
    asked: replays.Asked,
    replayed: replays.Replay,
    card: Card,
    against: Card | None,
    weighed: list[indicators.Measure],
    progress: replays.Progress,
) -> dict[str, Any]:
    labelled = rows.labelled(replayed.rows, horizon_days=asked.horizon_days, settled_on=replayed.settled_on)
    told = _judged(labelled, 0)
    costs = {"step_days": asked.step_days, "csms": _csms()}
    other: dict[str, Any] | None = None
    if against is not None:
        other = formulas.core(_judged(labelled, 1), replayed.departed, **costs)
        told = told.with_columns(other_points="points1")
    evidence = indicators.evidence(
        told,
        replayed.departed,
        weighed,
        values=replayed.values.read,
        hindsight=replayed.hindsight.read,
        progress=partial(progress, "measures"),
    )
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


def _measure(metric: Metric, departure: Departure) -> indicators.Measure:
    days_left = (
        isinstance(leaf, measures.Terms) and leaf.what == "days_left"
        for leaf in measures.leaves(metric.measure)
    )
    return indicators.Measure(
        metric.slug,
        metric.title,
        metric.unit,
        metric.better == "up",
        is_calendar=departure.kind == "contract_end" and any(days_left),
    )


def _judged(labelled: pl.DataFrame, place: int) -> pl.DataFrame:
    """The rows with points, band and red of one of the cards."""
    band = pl.col(f"band{place}")
    return labelled.with_columns(
        points=f"points{place}", band=band.fill_null("unknown"), red=(band == "red").fill_null(False)
    )
