"""Small frames of days. Joining on a day is how one pass over the facts serves many asked days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]


def small(like: Frame, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Frame:
    """A frame of a few literal rows on the engine of another frame; Spark needs that frame's session for it.
    A frame of a few literal rows on the engine of another frame; Spark needs that frame's session for it.
    """
    rows = nw.from_dict(columns, schema=schema, backend="polars")
    session = like.to_native().sparkSession if like.implementation.is_spark_like() else None
    return rows.lazy(backend=like.implementation, session=session)


def asked(like: Frame, days: Sequence[date]) -> Frame:
    """The asked days, as column `as_of`."""
    return small(like, {"as_of": days}, {"as_of": nw.Date})


def windows(like: Frame, days: Sequence[date], window_days: int) -> Frame:
    """Each asked day beside each of the `window_days` days that end with it: columns `as_of`, `day`."""
    as_of, day = _pairs(tuple(days), window_days)
    return small(like, {"as_of": as_of, "day": day}, {"as_of": nw.Date, "day": nw.Date})


@lru_cache(maxsize=16)
def _pairs(days: Sequence[date], window_days: int) -> tuple[list[date], list[date]]:
    # An increment comes several times a second and asks for the same days: these lists were a sixth of its time.
    pairs = [(as_of, as_of - timedelta(days=back)) for as_of in days for back in range(window_days)]
    return [as_of for as_of, _ in pairs], [day for _, day in pairs]


def next_asked(like: Frame, days: Sequence[date]) -> Frame:
    """For each day from the first to the last asked one, the asked day it first counts for: `day`, `as_of`.
    For each day from the first to the last asked one, the asked day it first counts for: `day`, `as_of`.
    """
    ascending = sorted(days)
    span = [ascending[0] + timedelta(days=n) for n in range((ascending[-1] - ascending[0]).days + 1)]
    following = iter(ascending)
    as_of, column = next(following), []
    for day in span:
        if day > as_of:
            as_of = next(following)
        column.append(as_of)
    return small(like, {"day": span, "as_of": column}, {"day": nw.Date, "as_of": nw.Date})


def ordinal(column: str) -> nw.Expr:
    """The number of a day as `date.toordinal` counts it.

    Engines disagree on what the difference of two dates is (a duration, an integer, an interval); years
    and days of the year mean the same on all of them.
    """
    before = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap_days = before // 4 - before // 100 + before // 400
    return before * 365 + leap_days + nw.col(column).dt.ordinal_day().cast(nw.Int64)
