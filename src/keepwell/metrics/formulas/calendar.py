"""Small frames of days. Days are numbers, as `date.toordinal` counts them: engines disagree on the difference of dates."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]
FAR = 10_000_000


def small(like: Frame, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Frame:
    """A frame of a few literal rows on the engine of another frame; Spark needs that frame's session for it."""
    rows = nw.from_dict(columns, schema=schema, backend="polars")
    session = like.to_native().sparkSession if like.implementation.is_spark_like() else None
    return rows.lazy(backend=like.implementation, session=session)


def windows(like: Frame, days: Sequence[int], window_days: int, *, ago: int = 0) -> Frame:
    """Each asked day beside each day of the window that ends `ago` days before it: columns `asked`, `day`."""
    asked, day = _pairs(tuple(days), window_days, ago)
    return small(like, {"asked": asked, "day": day}, {"asked": nw.Int64, "day": nw.Int64})


@lru_cache(maxsize=64)
def _pairs(days: Sequence[int], window_days: int, ago: int) -> tuple[list[int], list[int]]:
    # An increment comes several times a second and asks for the same days: these lists were a sixth of its time.
    pairs = [(asked, asked - ago - back) for asked in days for back in range(window_days)]
    return [asked for asked, _ in pairs], [day for _, day in pairs]


def next_asked(like: Frame, days: Sequence[int]) -> Frame:
    """For each day from the first to the last asked one, the asked day it first counts for: `day`, `asked`."""
    ascending = sorted(days)
    span = range(ascending[0], ascending[-1] + 1)
    following = iter(ascending)
    asked, column = next(following), []
    for day in span:
        if day > asked:
            asked = next(following)
        column.append(asked)
    return small(like, {"day": list(span), "asked": column}, {"day": nw.Int64, "asked": nw.Int64})


def ordinal(column: str) -> nw.Expr:
    """The number of a day; null where there is none."""
    before = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap_days = before // 4 - before // 100 + before // 400
    return before * 365 + leap_days + nw.col(column).dt.ordinal_day().cast(nw.Int64)
