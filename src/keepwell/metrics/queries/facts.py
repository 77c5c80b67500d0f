"""From the ledger to daily facts: the one place where metrics read the lake."""

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NamedTuple

import narwhals as nw
import polars as pl

from keepwell.kernel import plans
from keepwell.kernel.moments import end_of
from keepwell.kernel.plans import Question
from keepwell.ledger import engines, frames, replays, tallies
from keepwell.ledger.catalogue import FACTS
from keepwell.ledger.queries import rates
from keepwell.metrics import measures
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas import condensing, daily, evaluation
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.reach import DUE, Reach, column
from keepwell.metrics.measures import Leaf

Accounts = Collection[int] | None


class Meaning(NamedTuple):
    """What raw keys mean: the lists as frames, and what puts the account_id by them to rows with a `day`."""

    tables: Mapping[str, Frame]
    of: Callable[[Frame, Mapping[str, Frame]], Frame]


@contextmanager
def by_day(
    *, reach: Reach, feed: pl.DataFrame, accounts: Collection[int] | None = None
) -> Iterator[daily.Daily]:
    """The facts that a reach needs, by day, on the chosen engine, for as long as the context lasts.

    Reads the lake's usage from its beginning, for "ever used" needs that, and brings it down to days under the raw keys;
    only what is left is resolved. It is held because every metric reads it: left lazy, each would scan the lake again.
    Of a few accounts what was told is held as well; of one account only what windows hold, where that answers.
    """
    engine = engines.chosen()
    told, meaning = (_then if reach.as_known_then else _cut)(reach, accounts, engine)
    with ExitStack() as held:
        if are_few(accounts):
            recent = _recent(told, reach) if reach.is_recent and len(accounts or ()) == 1 else told
            read = held.enter_context(engine.held(recent))
            if recent is not told and not _suffices(read["usage"], reach, engine):
                read |= held.enter_context(engine.held({"usage": told["usage"]}))
            told = read
        moments = SPANS if reach.as_known_then else ()
        firsts = engine.frame_of(feed.to_dict(as_series=False), FEED | dict.fromkeys(moments, MOMENT))
        facts = {**told, "feed": firsts, "rates": priced(reach, engine)}
        yield held.enter_context(settled(reach, facts, meaning, few=are_few(accounts)))


def are_few(accounts: Accounts) -> bool:
    """Whether so few accounts are asked that what was told of them is held."""
    return accounts is not None and len(accounts) <= frames.FEW


@contextmanager
def settled(
    reach: Reach, facts: Mapping[str, Frame], meaning: Meaning, *, few: bool = False
) -> Iterator[daily.Daily]:
    """Facts (usage, business, feed, rates) by day, held for as long as the context lasts."""
    engine = engines.chosen()
    ask = engine.few if few else functools.partial(_whole, engine)
    with (
        ask(_condensed, facts, reach, engine) as condensed,
        ask(_reduced, condensed | dict(meaning.tables), reach, meaning.of) as rows,
    ):
        yield daily.Daily(**rows)


def _whole(
    engine: engines.Dialect, question: Question, frames: Mapping[str, Frame], *about: Any
) -> AbstractContextManager[dict[str, Frame]]:
    return engine.held(question(frames, *about))


def _condensed(told: Mapping[str, Frame], reach: Reach, engine: engines.Dialect) -> dict[str, Frame]:
    """What is many brought down to few."""
    moments = SPANS if reach.as_known_then else ()
    signed = told["business"].filter(nw.col("name").is_in(list(frames.CONTRACTS)))
    facts = condensing.Facts(
        usage=_with_properties(told["usage"], reach.usage_properties, engine),
        business=_with_properties(told["business"], reach.properties, engine),
        feed=told["feed"],
        counted=told.get("counted"),
        contracts=frames.stated(signed, engine, *moments),
        rates=told["rates"],
    )
    return _each(condensing.condensed(facts, reach))


def _reduced(
    found: Mapping[str, Frame], reach: Reach, meant: Callable[[Frame, Mapping[str, Frame]], Frame]
) -> dict[str, Frame]:
    """What was brought down, by day and account."""
    names = [field.name for field in fields(condensing.Condensed)]
    condensed = condensing.Condensed(**{name: found[name] for name in names})
    return _each(daily.reduced(condensed, reach, meant=lambda frame: meant(frame, found)))


def _recent(told: Mapping[str, Frame], reach: Reach) -> Mapping[str, Frame]:
    """The same with the usage that windows hold alone: of a long past most parts of the files are skipped."""
    since = condensing.begun(reach, reach.window_days)
    return {**told, "usage": told["usage"].filter(nw.col("at") >= nw.lit(since))}


def _suffices(usage: Frame, reach: Reach, engine: engines.Dialect) -> bool:
    """Whether one account's recent usage tells by itself that use of it is known, on every asked day."""
    own = usage.filter(nw.col("account") != "")
    named = own.filter(nw.col("person") != "") if "person" in reach.columns else own
    first = engine.collected(named.select(nw.col("at").min()))["at"].item()
    return first is not None and first.date() <= reach.known_since


def _cut(reach: Reach, accounts: Accounts, engine: engines.Dialect) -> tuple[Mapping[str, Frame], Meaning]:
    """What was known at one moment: usage under its raw keys, and facts; and what keys meant."""
    known_by, until = reach.known_by, end_of(max(reach.days))
    meant = frames.resolution(accounts=accounts, known_by=known_by, engine=engine)
    usage = frames.told(until=until, known_by=known_by, kind="usage", accounts=meant.keys, engine=engine)
    mine = usage if accounts is None else meant.only(usage)
    asked: dict[str, Any] = {"until": until, "known_by": known_by, "engine": engine, "resolved_by": meant}
    if accounts is not None and are_few(accounts):
        business = frames.facts_of(accounts, **asked)
    else:
        business = frames.events(kind="fact", **asked)
    told = {"usage": _used(mine, reach), "business": business}
    counted = _counted(reach, engine) if accounts is None else None
    return told if counted is None else told | {"counted": counted}, Meaning(meant.tables, by_table)


def _counted(reach: Reach, engine: engines.Dialect) -> Frame | None:
    """The usage of the windows, counted where it lies; None where more than its number matters."""
    texts = reach.counted_by(tallies.TEXTS)
    if texts is None or not reach.usage_days:
        return None
    return tallies.by_day(
        {f"n{number}": truth for number, truth in condensing.truths(reach).items()},
        texts=texts,
        kind="usage",
        since=condensing.begun(reach, reach.usage_days),
        until=end_of(max(reach.days)),
        known_by=reach.known_by,
        engine=engine,
    )


def by_table(rows: Frame, tables: Mapping[str, Frame]) -> Frame:
    """The rows that mean an account at one moment, with its account_id."""
    return frames.meant(rows, tables, day=nw.col("day"))


def _then(reach: Reach, accounts: Accounts, engine: engines.Dialect) -> tuple[Mapping[str, Frame], Meaning]:
    """What was known at the end of each asked day: the same."""
    until = end_of(max(reach.days))
    meant = replays.resolution(accounts=accounts, engine=engine)
    usage = replays.told(until=until, kind="usage", engine=engine)
    business = replays.meant(replays.told(until=until, kind="fact", engine=engine), meant, engine)
    mine = usage if accounts is None else meant.only(usage)
    told = {"usage": _used(mine, reach, *SPANS), "business": business}
    return told, Meaning(meant.tables, _since_linked)


def _used(usage: Frame, reach: Reach, *moments: str) -> Frame:
    """The columns of usage that anything may ask for: ids and properties are most of a row."""
    return usage.select(*reach.columns, *moments)


def _since_linked(rows: Frame, tables: Mapping[str, Frame]) -> Frame:
    """Rows that count from and until days, no sooner or longer than their keys meant the account."""
    frame = replays.ever_meant(rows, tables, day=nw.col("day"))
    late = nw.max_horizontal(nw.col("late"), nw.col("_from").dt.date())
    gone = nw.min_horizontal(nw.col("gone"), nw.col("_until").dt.date())
    return frame.with_columns(late=late, gone=gone).drop("_from", "_until")


def answered(
    metrics: Sequence[Metric],
    rows: daily.Daily,
    reach: Reach,
    *,
    days: Sequence[date] | None = None,
    few: bool = False,
) -> pl.DataFrame:
    """The metrics over the asked days, or some of them: account_id, as_of, metric, value, reason.

    The engine answers the leaves, as many at once as it plans well; what the metrics make of them is arithmetic, done here.
    The rows of each metric are in the order of accounts and days: putting such runs together costs less than half of sorting.
    """
    engine, leaves = engines.chosen(), evaluation.leaves(metrics)
    parts = [leaves[start : start + engine.at_once] for start in range(0, len(leaves), engine.at_once)]
    asked = tuple(reach.days if days is None else days)
    if few:
        tables = [_asked_again(engine, some, rows, reach, asked) for some in parts]
    else:
        tables = [engine.collected(evaluation.wide(some, rows, reach, days=asked)) for some in parts]
    wide = functools.reduce(lambda one, other: one.join(other, on=["account_id", "as_of"]), tables)
    ordered = wide.sort("account_id", "as_of")
    return plans.answered(_evaluated, {"wide": ordered}, tuple(metrics), reach)["values"]


def _asked_again(
    engine: engines.Dialect, leaves: tuple[Leaf, ...], rows: daily.Daily, reach: Reach, days: tuple[date, ...]
) -> pl.DataFrame:
    with engine.few(_wide, _each(rows), leaves, reach, days) as found:
        return engine.collected(found["wide"])


def _wide(
    rows: Mapping[str, Frame], leaves: tuple[Leaf, ...], reach: Reach, days: tuple[date, ...]
) -> dict[str, Frame]:
    return {"wide": evaluation.wide(leaves, daily.Daily(**rows), reach, days=days)}


def _evaluated(tables: Mapping[str, Frame], metrics: tuple[Metric, ...], reach: Reach) -> dict[str, Frame]:
    return {"values": evaluation.evaluated(metrics, tables["wide"], reach)}


def _with_properties(events: Frame, properties: Sequence[str], engine: engines.Dialect) -> Frame:
    """Events with the asked entries of `props` as columns; a due day as a date."""
    if not properties:
        return events
    named = engine.terms(events, {column(name): name for name in properties})
    return engine.days(named, (DUE,)) if "due_date" in properties else named


def priced(reach: Reach, engine: engines.Dialect) -> Frame:
    """What each currency is worth in the reporting one on the days on which contracts are priced. Two queries."""
    known = rates.on_days(reach.priced, into=rates.reporting()) if reach.priced else {}
    rows = [
        (day.toordinal(), code, float(unit))
        for day, told in known.items()
        for code, unit in told.units.items()
    ]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(RATES)}
    return engine.frame_of(columns, RATES)


RATES = {"day": nw.Int64, "currency": nw.String, "unit": nw.Float64}
MOMENT = nw.Datetime("us", "UTC")
FEED = {"name": nw.String, "at": MOMENT, "known_at": MOMENT}
SPANS = ("seen_at", "gone_at")


def feed(*, families: Collection[str], until: datetime, known_by: datetime | None) -> pl.DataFrame:
    """The first event of each name on which a company-wide feed is judged: name, at, known_at. One scan."""
    names = [name for name in FACTS if name.startswith(tuple(families))]
    events = frames.events(until=until, known_by=known_by, names=names, kind="fact").to_native()
    firsts = events.sort("at", "known_at").group_by("name").agg(pl.first("at"), pl.first("known_at"))
    found: pl.DataFrame = firsts.collect()
    return found


def feed_then(
    *, families: Collection[str], until: datetime, past: replays.Past | None = None
) -> pl.DataFrame:
    """The first events of each name, for each of their days and each moment at which some were taken back. One scan."""
    names = [name for name in FACTS if name.startswith(tuple(families))]
    events: pl.LazyFrame = replays.events(until=until, names=names, kind="fact", past=past).to_native()
    firsts = events.group_by("name", pl.col("at").dt.date().alias("_day"), "gone_at").agg(
        pl.min("at"), pl.min("known_at"), pl.min("seen_at")
    )
    found: pl.DataFrame = firsts.select("name", "at", "known_at", "seen_at", "gone_at").collect()
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


def looks_at_use(metric: Metric) -> bool:
    """Whether a metric counts use of the product."""
    found = (events for leaf in measures.leaves(metric.measure) for events in measures.selections(leaf))
    return any(events.kind == "usage" for events in found)


def _each(rows: condensing.Condensed | daily.Daily) -> dict[str, Frame]:
    return {field.name: getattr(rows, field.name) for field in fields(rows)}
