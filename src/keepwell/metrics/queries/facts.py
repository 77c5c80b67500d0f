"""From the ledger to daily facts: the one place where metrics read the lake."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import narwhals as nw
import polars as pl

from keepwell.kernel.moments import end_of
from keepwell.ledger import engines, frames
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.formulas import daily, evaluation
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.measures import MonthlyRate

RATES = {slug: metric.measure for slug, metric in METRICS.items() if isinstance(metric.measure, MonthlyRate)}


@contextmanager
def by_day(
    *,
    metrics: Sequence[Metric],
    days: Sequence[date],
    known_by: datetime | None,
    parameters: Mapping[str, Mapping[str, Any]],
    feed: pl.DataFrame,
    accounts: Collection[int] | None = None,
) -> Iterator[daily.Daily]:
    """The facts that these metrics need on these days, by day, on the chosen engine, for as long as the context lasts.

    Reads the lake's usage from its beginning, for "ever used" needs that, and brings it down to days under the raw keys;
    only what is left is resolved. It is held because every metric reads it: left lazy, each would scan the lake again.
    """
    engine, until = engines.chosen(), end_of(max(days))
    meant = frames.resolution(accounts=accounts, known_by=known_by, engine=engine)
    usage = frames.told(until=until, known_by=known_by, kind="usage", engine=engine)
    facts = daily.Facts(
        usage=usage if accounts is None else meant.only(usage),
        business=frames.events(until=until, known_by=known_by, accounts=accounts, kind="fact", engine=engine),
        feed=engine.frame_of(feed.to_dict(as_series=False), FEED),
        contracts=frames.contracts(until=until, known_by=known_by, accounts=accounts, engine=engine),
    )
    reach = evaluation.reach(metrics, days, parameters=parameters, known_by=known_by)
    with engine.held(_each(daily.condensed(facts, reach))) as held:
        rows = daily.reduced(daily.Condensed(**held), reach, meant=lambda f: meant.of(f, day=nw.col("first")))
        with engine.held(_each(rows)) as by_day:
            yield daily.Daily(**by_day)


def collected(frame: Frame) -> pl.DataFrame:
    """What was computed from `by_day`, here."""
    return engines.chosen().collected(frame)


FEED = {"name": nw.String, "at": nw.Datetime("us", "UTC"), "known_at": nw.Datetime("us", "UTC")}


def feed(*, until: datetime, known_by: datetime | None) -> pl.DataFrame:
    """The first event of each name on which a company-wide feed is judged: name, at, known_at. One scan."""
    names = {name for rate in RATES.values() for name in rate.feed}
    events = frames.events(until=until, known_by=known_by, names=names, kind="fact").to_native()
    firsts = events.sort("at", "known_at").group_by("name").agg(pl.first("at"), pl.first("known_at"))
    found: pl.DataFrame = firsts.collect()
    return found


def beginnings(feed: pl.DataFrame) -> dict[str, str | None]:
    """Per metric with a company-wide feed, the day from which that feed speaks."""
    first: dict[str, datetime] = dict(feed.select("name", "at").iter_rows())
    return {
        slug: min((first[name].date().isoformat() for name in rate.feed if name in first), default=None)
        for slug, rate in RATES.items()
    }


def _each(rows: daily.Condensed | daily.Daily) -> dict[str, Frame]:
    return {field.name: getattr(rows, field.name) for field in fields(rows)}
