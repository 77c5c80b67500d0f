"""From the ledger to daily facts in memory: the one place where metrics read the lake."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import narwhals as nw
import polars as pl

from keepwell.kernel.moments import end_of
from keepwell.ledger import frames
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.formulas import daily, evaluation
from keepwell.metrics.measures import MonthlyRate

RATES = {slug: metric.measure for slug, metric in METRICS.items() if isinstance(metric.measure, MonthlyRate)}


def by_day(
    *,
    metrics: Sequence[Metric],
    days: Sequence[date],
    known_by: datetime | None,
    parameters: Mapping[str, Mapping[str, Any]],
    feed: pl.DataFrame,
    accounts: Collection[int] | None = None,
) -> daily.Daily:
    """The facts that these metrics need on these days, by day.

    Reads the lake's usage from its beginning, for "ever used" needs that. The daily rows are collected,
    because every metric reads them: left lazy, each would scan the lake again.
    """
    until = end_of(max(days))
    facts = daily.Facts(
        usage=frames.events(until=until, known_by=known_by, accounts=accounts, kind="usage"),
        business=frames.events(until=until, known_by=known_by, accounts=accounts, kind="fact"),
        feed=nw.from_native(feed.lazy()),
        contracts=frames.contracts(until=until, known_by=known_by, accounts=accounts),
    )
    reach = evaluation.reach(metrics, days, parameters=parameters, known_by=known_by)
    return _collected(daily.reduced(facts, reach))


def feed(*, until: datetime, known_by: datetime | None) -> pl.DataFrame:
    """The first event of each name on which a company-wide feed is judged: name, at, known_at. One scan."""
    names = {name for rate in RATES.values() for name in rate.feed}
    events = frames.events(until=until, known_by=known_by, names=names).to_native()
    firsts = events.sort("at", "known_at").group_by("name").agg(pl.first("at"), pl.first("known_at"))
    return firsts.collect()


def beginnings(feed: pl.DataFrame) -> dict[str, str | None]:
    """Per metric with a company-wide feed, the day from which that feed speaks."""
    first: dict[str, datetime] = dict(feed.select("name", "at").iter_rows())
    return {
        slug: min((first[name].date().isoformat() for name in rate.feed if name in first), default=None)
        for slug, rate in RATES.items()
    }


def _collected(rows: daily.Daily) -> daily.Daily:
    names = [field.name for field in fields(rows)]
    frames_of = pl.collect_all([getattr(rows, name).to_native() for name in names], engine="streaming")
    return daily.Daily(
        **{name: nw.from_native(frame.lazy()) for name, frame in zip(names, frames_of, strict=True)}
    )
