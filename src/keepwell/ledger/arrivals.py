"""Count what arrives: late, ahead of the clock, out of order, by source and day of arrival."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

import polars as pl

LATE = timedelta(days=1)
AHEAD = timedelta(minutes=1)
OUT_OF_ORDER = timedelta(minutes=10)


class Arrived(NamedTuple):
    """What to add to one source's day: counts, the hours of the day as bits, the latest moment told of."""

    source: str
    day: date
    events: int = 0
    late: int = 0
    future: int = 0
    out_of_order: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    rows: int = 0
    hours: int = 0
    newest_at: datetime | None = None


def tally(frame: pl.DataFrame, *, newest: Mapping[str, datetime]) -> list[Arrived]:
    """The arrivals of some events: columns source, kind, at, received_at (UTC moments), in any order.

    `newest` is by source the latest moment that earlier arrivals told of. An event is out of order when it is more than ten
    minutes older than the latest moment told of before it *arrived*; events that arrive together are not compared. Only
    what is tracked (kind "usage") can be ahead of the clock: a contract may well begin next month.
    """
    if frame.is_empty():
        return []
    told = pl.min_horizontal("at", "received_at")
    moments = (
        frame.group_by("source", "received_at")
        .agg(told.max().alias("told"))
        .sort("source", "received_at")
        .with_columns(pl.col("told").cum_max().shift(1).over("source").alias("before"))
    )
    known = pl.DataFrame(
        {"source": list(newest), "known": list(newest.values())},
        schema={"source": pl.String, "known": frame.schema["received_at"]},
    )
    before = moments.join(known, on="source", how="left").select(
        "source", "received_at", pl.max_horizontal("before", "known").alias("before")
    )
    hour = pl.col("received_at").dt.hour().cast(pl.Int64)
    rows = (
        frame.join(before, on=["source", "received_at"])
        .group_by("source", pl.col("received_at").dt.date().alias("day"))
        .agg(
            pl.len().alias("events"),
            (pl.col("received_at") - pl.col("at") > LATE).sum().alias("late"),
            ((pl.col("kind") == "usage") & (pl.col("at") - pl.col("received_at") > AHEAD))
            .sum()
            .alias("future"),
            (pl.col("before") - pl.col("at") > OUT_OF_ORDER).sum().alias("out_of_order"),
            pl.lit(2).pow(hour.unique()).cast(pl.Int64).sum().alias("hours"),
            told.max().alias("newest_at"),
        )
        .sort("source", "day")
    )
    return [Arrived(**row) for row in rows.iter_rows(named=True)]
