"""The naive rules that a score must beat, and how it stands against them on the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from keepwell.health.formulas.proving import alarms, plain, rows
from keepwell.health.formulas.proving.arrays import Bools, Floats
from keepwell.health.formulas.proving.ranking import Resampled
from keepwell.kernel import speech


@dataclass(frozen=True)
class Rival:
    """A rule with one number: which column, and whether more of it means risk."""

    slug: str
    title: str
    column: str
    more_is_risk: bool


NAIVE = (
    Rival("arr", speech.later("Revenue alone: the smaller, the riskier"), "arr", False),
    Rival("tenure", speech.later("Tenure alone: the younger, the riskier"), "tenure", False),
    Rival("recency", speech.later("Silence alone: the longer unused, the riskier"), "recency", True),
    Rival("touch", speech.later("Our contact alone: the longer ago, the riskier"), "touch", True),
)
OTHER = Rival("other", speech.later("The other version"), "other_points", False)
LEAST_ROWS, LEAST_DEPARTURES = 20, 10


def risk(frame: pl.DataFrame, rival: Rival) -> Floats:
    """The rival's risk, NaN where its number is not known."""
    found = rows.floats(frame, rival.column)
    return found if rival.more_is_risk else -found


def compared(
    frame: pl.DataFrame, card: Floats, rival: Rival, draws: Resampled, departed: pl.DataFrame
) -> dict[str, Any]:
    """A rival's AUC, that of the card on the same rows, their difference with its interval, and both lead times.

    Lead times are compared at the same share of false alarms: the rival is red above that value which as many of the rows
    exceed that lead to no departure as the card holds in red. With fewer than ten departures a difference has no interval.
    """
    other, left = risk(frame, rival), rows.left(frame)
    among = ~np.isnan(card) & ~np.isnan(other)
    said: dict[str, Any] = {"slug": rival.slug, "title": rival.title, "rows": int(among.sum())}
    if not _tells(other, among, left):
        return said | {"told": False}
    area = draws.area(other, among)
    difference, low, high = draws.difference(card, other, among)
    if rows.departed(frame.filter(pl.Series(among))) < LEAST_DEPARTURES:
        low = high = float("nan")
    return said | {
        "told": True,
        "area": plain.area(area),
        "card": plain.rounded(draws.area(card, among).auc),
        "difference": plain.rounded(difference),
        "low": plain.rounded(low),
        "high": plain.rounded(high),
        "lead": _lead(frame, other, among, departed),
    }


def _tells(other: Floats, among: Bools, left: Bools) -> bool:
    """Whether there is anything to rank: enough rows of both kinds, and more than one value."""
    both = (among & left).sum() >= 2 and (among & ~left).sum() >= 2
    return bool(both and among.sum() >= LEAST_ROWS and np.ptp(other[among]) > 0)


def _lead(frame: pl.DataFrame, other: Floats, among: Bools, departed: pl.DataFrame) -> Mapping[str, Any]:
    calm = among & ~rows.left(frame)
    rate = float(frame["red"].to_numpy()[calm].mean())
    if not 0 < rate < 1:
        return {"told": False}
    line = float(np.quantile(other[calm], 1 - rate))
    red = frame.with_columns(red=pl.Series(np.nan_to_num(other, nan=-np.inf) > line))
    theirs, ours = alarms.leads(red, departed), alarms.leads(frame, departed)
    pairs = ours.join(theirs, on=["account_id", "onset_on"], suffix="_theirs")
    gained = (pairs["lead_days"] - pairs["lead_days_theirs"]).to_numpy().astype(float)
    if not gained.size:
        return {"told": False}
    random = np.random.default_rng(1)
    means = [gained[random.integers(0, gained.size, gained.size)].mean() for _ in range(400)]
    low, high = np.quantile(means, [0.025, 0.975])
    return {
        "told": True,
        "rate": plain.rounded(rate),
        "mean_all": plain.rounded(float(pairs["lead_days_theirs"].mean() or 0.0)),  # type: ignore[arg-type]
        "gained": plain.rounded(float(gained.mean())),
        "low": plain.rounded(float(low)),
        "high": plain.rounded(float(high)),
    }
