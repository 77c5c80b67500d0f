"""What red would have meant day by day: runs of it, how early before a departure, how many to look after."""

from dataclasses import dataclass

import numpy as np
import polars as pl

MARKS = (0, 15, 30, 45, 60, 75, 90, 120, 150, 180)


@dataclass(frozen=True)
class Lead:
    """How early the departures were in red without a break, in days; those that never were count 0 in `mean_all`.

    `curve` says by days before the departure which share was in red from then until it.
    """

    departures: int
    caught: int
    median_caught: float | None
    mean_all: float
    low_mean: float
    high_mean: float
    curve: tuple[tuple[int, float], ...]


def runs(rows: pl.DataFrame) -> pl.DataFrame:
    """The first day of each run of red: account_id, as_of. `rows` holds account_id, as_of, red; unknown is not red."""
    ordered = rows.sort("account_id", "as_of")
    before = pl.col("red").shift(1).over("account_id").fill_null(False)
    return ordered.filter(pl.col("red") & ~before).select("account_id", "as_of")


def leads(rows: pl.DataFrame, departed: pl.DataFrame) -> pl.DataFrame:
    """How early each departure was foretold: account_id, onset_on, lead_days (0 where red did not last until it).

    `rows` holds account_id, as_of, red, for the days on which the account was a customer; `departed` account_id, since,
    onset_on. The lead runs from the first day of the unbroken run of red to the day on which leaving began; the grid's last
    day before it must be red. Scully and Daluwatte (2017) call it a warned event.
    Departures that no day of the grid precedes are left out.
    """
    joined = rows.join(departed.select("account_id", "since", "onset_on"), on="account_id")
    before = joined.filter(
        (pl.col("as_of") < pl.col("onset_on")) & (pl.col("as_of") >= pl.col("since"))
    ).sort("account_id", "onset_on", "as_of", descending=[False, False, True])
    lasting = pl.col("red").cum_min().over("account_id", "onset_on")
    first = pl.col("as_of").filter(pl.col("lasting")).min()
    found = (
        before.with_columns(lasting=lasting.cast(pl.Boolean))
        .group_by("account_id", "onset_on")
        .agg(first=first)
    )
    days = (pl.col("onset_on") - pl.col("first")).dt.total_days().fill_null(0)
    return found.select("account_id", "onset_on", lead_days=days).sort("account_id", "onset_on")


def lead(found: pl.DataFrame, *, draws: int = 400, seed: int = 1) -> Lead:
    """The leads summed up; the interval of the mean is a bootstrap over departures."""
    days = found["lead_days"].to_numpy().astype(float)
    caught = days[days > 0]
    if not days.size:
        return Lead(0, 0, None, float("nan"), float("nan"), float("nan"), ())
    random = np.random.default_rng(seed)
    means = [days[random.integers(0, days.size, days.size)].mean() for _ in range(draws)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Lead(
        departures=int(days.size),
        caught=int(caught.size),
        median_caught=float(np.median(caught)) if caught.size else None,
        mean_all=float(days.mean()),
        low_mean=float(low),
        high_mean=float(high),
        curve=tuple((mark, float((days >= max(mark, 1)).mean())) for mark in MARKS),
    )
