"""A few accounts as seen from several moments of knowledge, from one read of their share of the lake."""

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import narwhals as nw
import polars as pl

from keepwell.kernel.moments import end_of
from keepwell.ledger import engines, replays
from keepwell.ledger.engines import Dialect, Frame
from keepwell.metrics.formulas import evaluation
from keepwell.metrics.formulas.reach import Reach
from keepwell.metrics.queries import catalogue, facts, rollups, settings

ORDER = ("account_id", "as_of", "metric")


@dataclass(frozen=True)
class Sight:
    """Some days, from what was known before a moment (None: as known now)."""

    days: tuple[date, ...]
    known_by: datetime | None


@dataclass(frozen=True)
class _Read:
    """What was read once: rows under raw keys with `seen_at` and `gone_at`, what the keys ever meant, the company's feed."""

    rows: Frame
    meant: replays.Resolution
    feed: pl.DataFrame
    engine: Dialect


def evaluate(
    *, metrics: Sequence[str], sights: Sequence[Sight], accounts: Collection[int]
) -> tuple[pl.DataFrame, ...]:
    """The metrics of a few accounts for each sight, as `values.evaluate` gives them.

    The rows of these accounts are read once and held; the first events of the company's feeds are looked up in one scan
    more. Six queries, whatever the number of sights; one more for each kind of hierarchy that a metric is rolled up along.
    """
    asked = catalogue.some(metrics)
    own, parameters = rollups.own(asked), settings.parameters()
    trees = [rollups.trees(asked, known_by=sight.known_by) for sight in sights]
    below = {account for tree in trees for account in tree.below(accounts) or ()}
    reaches = [
        evaluation.reach(own, sight.days, parameters=parameters, known_by=sight.known_by) for sight in sights
    ]
    engine, past = engines.chosen(), replays.past()
    until = end_of(max(day for sight in sights for day in sight.days))
    meant = replays.resolution(accounts=below, engine=engine, past=past)
    rows = meant.only(replays.told(until=until, engine=engine, past=past))
    feed = facts.feed_then(families=reaches[0].families, until=until, past=past)
    found = []
    with engine.held({"rows": rows}) as held:
        read = _Read(held["rows"], meant, feed, engine)
        for reach, tree in zip(reaches, trees, strict=True):
            with facts.settled(reach, *_seen(read, reach)) as by_day:
                answered = tree.answered(facts.answered(own, by_day, reach), asked)
                found.append(answered.filter(pl.col("account_id").is_in(list(accounts))).sort(*ORDER))
    return tuple(found)


def _seen(read: _Read, reach: Reach) -> tuple[dict[str, Frame], facts.Meaning]:
    """The facts of one sight, out of what was read."""
    known_by, engine = reach.known_by, read.engine
    rows = read.rows.filter(nw.col("at") < end_of(max(reach.days)))
    business = replays.meant(rows.filter(nw.col("kind") == "fact"), read.meant, engine)
    seen_feed = _at(nw.from_native(read.feed.lazy()), known_by).to_native().collect()
    told = {
        "usage": _at(rows.filter(nw.col("kind") == "usage"), known_by),
        "business": _at(business, known_by),
        "feed": engine.frame_of(seen_feed.to_dict(as_series=False), facts.FEED),
        "rates": facts.priced(reach, engine),
    }
    return told, facts.Meaning(read.meant.tables, functools.partial(_linked, known_by=known_by))


def _at(rows: Frame, known_by: datetime | None) -> Frame:
    """The rows that counted as known before a moment."""
    return _cut(rows, "seen_at", "gone_at", known_by)


def _linked(rows: Frame, tables: Mapping[str, Frame], *, known_by: datetime | None) -> Frame:
    """The rows whose keys meant the account, as known before a moment."""
    meant = replays.ever_meant(rows, tables, day=nw.col("day"))
    return _cut(meant, "_from", "_until", known_by)


def _cut(rows: Frame, since: str, until: str, known_by: datetime | None) -> Frame:
    gone = nw.col(until)
    if known_by is None:
        return rows.filter(gone.is_null()).drop(since, until)
    begun = nw.col(since).is_null() | (nw.col(since) < known_by)
    return rows.filter(begun & (gone.is_null() | (gone >= known_by))).drop(since, until)
