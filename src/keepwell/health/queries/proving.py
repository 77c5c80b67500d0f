"""All that a proof finds, from the ledger and the lake."""

from typing import Any

import polars as pl

from keepwell.health.card import Card
from keepwell.health.formulas.proving import figures as formulas
from keepwell.health.formulas.proving import rows
from keepwell.health.queries import replays
from keepwell.kernel.errors import Refused
from keepwell.ledger.models import Ownership


class NothingToProve(Refused):
    """Nobody was ever a customer as departure is declared."""


def figures(
    *, asked: replays.Asked, card: Card, published: Card | None, progress: replays.Progress
) -> dict[str, Any]:
    """A card's figures as JSON; see `formulas.proof`."""
    slugs = card.metrics | (published.metrics if published else frozenset()) | {replays.TOUCH}
    replayed = replays.replay(asked=asked, metrics=sorted(slugs), progress=progress)
    if replayed is None:
        raise NothingToProve(
            "No account was a customer on any day of the past. "
            f"{asked.departure.sentence} Declare departure as your customers leave, or import what is missing."
        )
    judged = _judged(replayed, card, published)
    told = rows.labelled(judged, horizon_days=asked.horizon_days, settled_on=replayed.settled_on)
    found = formulas.proof(
        told,
        replayed.departed,
        step_days=asked.step_days,
        horizon_days=asked.horizon_days,
        csms=Ownership.objects.filter(role="csm", until=None).values("user").distinct().count(),
    )
    return {
        **found,
        "from": replayed.days[0].isoformat(),
        "to": replayed.days[-1].isoformat(),
        "days": len(replayed.days),
        "settled_on": replayed.settled_on.isoformat(),
        "departed": replayed.departed.height,
    }


def _judged(replayed: replays.Replay, card: Card, published: Card | None) -> pl.DataFrame:
    told = replayed.rows.join(replays.scored(replayed, card), on=replays.KEYS, how="left")
    if published is not None:
        theirs = replays.scored(replayed, published).select(*replays.KEYS, published_points="points")
        told = told.join(theirs, on=replays.KEYS, how="left")
    return told.with_columns(
        pl.col("band").fill_null("unknown"), red=(pl.col("band") == "red").fill_null(False)
    )
