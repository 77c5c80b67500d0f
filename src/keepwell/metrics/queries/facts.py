"""From the ledger to daily facts: the one place where metrics read the lake."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime

import narwhals as nw
import polars as pl

from keepwell.kernel.moments import end_of
from keepwell.ledger import engines, frames
from keepwell.ledger.catalogue import FACTS
from keepwell.metrics import measures
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas import daily, evaluation
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.reach import DUE, Reach, column


@contextmanager
def by_day(
    *, reach: Reach, feed: pl.DataFrame, accounts: Collection[int] | None = None
) -> Iterator[daily.Daily]:
    """The facts that a reach needs, by day, on the chosen engine, for as long as the context lasts.

    Reads the lake's usage from its beginning, for "ever used" needs that, and brings it down to days under the raw keys;
    only what is left is resolved. It is held because every metric reads it: left lazy, each would scan the lake again.
    """
    engine, until = engines.chosen(), end_of(max(reach.days))
    known_by = reach.known_by
    meant = frames.resolution(accounts=accounts, known_by=known_by, engine=engine)
    usage = frames.told(until=until, known_by=known_by, kind="usage", engine=engine)
    business = frames.events(until=until, known_by=known_by, accounts=accounts, kind="fact", engine=engine)
    facts = daily.Facts(
        usage=_with(usage if accounts is None else meant.only(usage), reach.usage_properties, engine),
        business=_with(business, reach.properties, engine),
        feed=engine.frame_of(feed.to_dict(as_series=False), FEED),
        contracts=frames.contracts(until=until, known_by=known_by, accounts=accounts, engine=engine),
    )
    with engine.held(_each(daily.condensed(facts, reach))) as held:
        rows = daily.reduced(daily.Condensed(**held), reach, meant=lambda f: meant.of(f, day=nw.col("first")))
        with engine.held(_each(rows)) as by_day:
            yield daily.Daily(**by_day)


def answered(
    metrics: Sequence[Metric], rows: daily.Daily, reach: Reach, *, days: Sequence[date] | None = None
) -> pl.DataFrame:
    """The metrics over the asked days, or some of them: account_id, as_of, metric, value, reason, in no order."""
    engine = engines.chosen()
    with engine.held({"wide": evaluation.wide(metrics, rows, reach, days=days)}) as held:
        return engine.collected(evaluation.evaluated(metrics, held["wide"], reach))


def _with(events: Frame, properties: Sequence[str], engine: engines.Dialect) -> Frame:
    """Events with the asked entries of `props` as columns; a due day as a date."""
    if not properties:
        return events
    named = engine.terms(events, {column(name): name for name in properties})
    return engine.days(named, (DUE,)) if "due_date" in properties else named


FEED = {"name": nw.String, "at": nw.Datetime("us", "UTC"), "known_at": nw.Datetime("us", "UTC")}


def feed(*, families: Collection[str], until: datetime, known_by: datetime | None) -> pl.DataFrame:
    """The first event of each name on which a company-wide feed is judged: name, at, known_at. One scan."""
    names = [name for name in FACTS if name.startswith(tuple(families))]
    events = frames.events(until=until, known_by=known_by, names=names, kind="fact").to_native()
    firsts = events.sort("at", "known_at").group_by("name").agg(pl.first("at"), pl.first("known_at"))
    found: pl.DataFrame = firsts.collect()
    return found


def beginnings(metrics: Sequence[Metric], feed: pl.DataFrame) -> dict[str, str | None]:
    """Per metric that is judged by a company-wide feed, the day from which that feed speaks."""
    first: dict[str, datetime] = dict(feed.select("name", "at").iter_rows())
    by_metric = {metric.slug: families(metric) for metric in metrics}
    return {
        slug: min(
            (at.date().isoformat() for name, at in first.items() if name.startswith(asked)), default=None
        )
        for slug, asked in by_metric.items()
        if asked
    }


def families(metric: Metric) -> tuple[str, ...]:
    """The beginnings of the names of the facts that a metric looks at."""
    found = (
        family
        for leaf in measures.leaves(metric.measure)
        for events in measures.selections(leaf)
        for family in events.families
    )
    return tuple(sorted(set(found)))


def _each(rows: daily.Condensed | daily.Daily) -> dict[str, Frame]:
    return {field.name: getattr(rows, field.name) for field in fields(rows)}
