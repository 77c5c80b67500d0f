"""From the ledger to daily facts in memory: the one place where metrics read the lake."""

from collections.abc import Collection, Sequence
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

FEED = frozenset(
    name
    for metric in METRICS.values()
    if isinstance(metric.measure, MonthlyRate)
    for name in metric.measure.feed
)


def by_day(
    *,
    metrics: Sequence[Metric],
    days: Sequence[date],
    known_by: datetime | None,
    parameters: dict[str, dict[str, Any]],
    accounts: Collection[int] | None = None,
) -> daily.Daily:
    """The facts that these metrics need on these days, by day.

    Reads the lake's usage from its beginning, for "ever used" needs that. The daily rows are collected,
    for every metric reads them: left lazy, each would scan the lake again.
    """
    until = end_of(max(days))
    facts = daily.Facts(
        usage=frames.events(until=until, known_by=known_by, accounts=accounts, kind="usage"),
        business=frames.events(until=until, known_by=known_by, accounts=accounts, kind="fact"),
        feed=frames.events(until=until, known_by=known_by, names=FEED),
        contracts=frames.contracts(until=until, known_by=known_by, accounts=accounts),
    )
    reach = evaluation.reach(metrics, days, parameters=parameters, known_by=known_by)
    return _collected(daily.reduced(facts, reach))


def beginnings(*, as_of: date) -> dict[str, str | None]:
    """Per metric with a company-wide feed, the day from which that feed speaks, as now known. One scan of
    facts.
    """
    events = frames.events(until=end_of(as_of), names=FEED).to_native()
    firsts = events.group_by("name").agg(day=pl.col("at").dt.date().min()).collect()
    day_of: dict[str, date] = dict(firsts.iter_rows())
    return {
        metric.slug: min(
            (day_of[name].isoformat() for name in metric.measure.feed if name in day_of), default=None
        )
        for metric in METRICS.values()
        if isinstance(metric.measure, MonthlyRate)
    }


def _collected(rows: daily.Daily) -> daily.Daily:
    names = [field.name for field in fields(rows)]
    collected = pl.collect_all([getattr(rows, name).to_native() for name in names], engine="streaming")
    return daily.Daily(
        **{name: nw.from_native(frame.lazy()) for name, frame in zip(names, collected, strict=True)}
    )
