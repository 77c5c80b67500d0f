"""Events reduced to days before anything is counted: many events a day become one row."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import narwhals as nw

from keepwell.metrics.formulas.calendar import Frame


@dataclass(frozen=True)
class Facts:
    """What is known, as lazy frames of one engine. Times are UTC datetimes.

    `usage`: account_id, person, feature, at, known_at. `business`: those and id, name, value. `feed`: name,
    at, known_at of everybody's business events, also of accounts that are not asked for. `contracts`:
    account_id, contract, at, known_at, seats, start_date, end_date, one row per change of a contract.
    """

    usage: Frame
    business: Frame
    feed: Frame
    contracts: Frame


@dataclass(frozen=True)
class Reach:
    """What of the facts can matter: asked days, longest windows, declared core features, and the cut.

    Only what was known before `known_by` counts, on every asked day; None is as known now.
    """

    days: Sequence[date]
    people_days: int
    feature_days: int
    features: Collection[str]
    known_by: datetime | None


@dataclass(frozen=True)
class Daily:
    """The facts by day, as lazy frames.

    `accounts`: account_id, first_day, first_used, first_named. `people`: account_id, day, person. `features`:
    account_id, day, feature. `feed`: name, day (its first). `business`, `contracts`: as in `Facts`, with day.
    """

    accounts: Frame
    people: Frame
    features: Frame
    business: Frame
    feed: Frame
    contracts: Frame

    def each(self, change: Callable[[Frame], Frame]) -> "Daily":
        """The same with every frame changed."""
        return Daily(**{field.name: change(getattr(self, field.name)) for field in fields(self)})

    def only(self, accounts: Collection[int]) -> "Daily":
        """Only the facts of some accounts; the feed stays everybody's."""
        wanted = nw.col("account_id").is_in(list(accounts))
        return self.each(lambda frame: frame if frame is self.feed else frame.filter(wanted))


def reduced(facts: Facts, reach: Reach) -> Daily:
    """Facts by day, cut to what was known. Usage is read three times, each time for a far smaller result."""
    usage = _dated(facts.usage, reach)
    business = _once(_dated(facts.business, reach))
    core = nw.col("feature").is_in(list(reach.features))
    return Daily(
        accounts=_beginnings(usage, business),
        people=_distinct(_recent(usage, reach, reach.people_days), "person"),
        features=_distinct(_recent(usage.filter(core), reach, reach.feature_days), "feature"),
        business=business,
        feed=_dated(facts.feed, reach).group_by("name").agg(day=nw.col("day").min()),
        contracts=_dated(facts.contracts, reach),
    )


def _dated(events: Frame, reach: Reach) -> Frame:
    """With `day`, without what was not known in time or lies after the last asked day."""
    if reach.known_by is not None:
        events = events.filter(nw.col("known_at") < nw.lit(reach.known_by))
    return events.with_columns(day=nw.col("at").dt.date()).filter(nw.col("day") <= nw.lit(max(reach.days)))


def _recent(events: Frame, reach: Reach, window_days: int) -> Frame:
    first = min(reach.days) - timedelta(days=window_days)
    return events.filter(nw.col("day") > nw.lit(first))


def _distinct(events: Frame, key: str) -> Frame:
    return events.select("account_id", "day", key).unique()


def _once(business: Frame) -> Frame:
    """Each event once, as soon as it was known: a replay that reaches the lake twice must not count twice."""
    keys = ["account_id", "id", "name", "person", "feature", "value", "at", "day"]
    return business.group_by(*keys).agg(known_at=nw.col("known_at").min())


def _beginnings(usage: Frame, business: Frame) -> Frame:
    """Per account the first day of anything, of usage, and of usage with a name."""
    named = nw.when(nw.col("person") != "").then(nw.col("day"))
    used = usage.select("account_id", "day", used=nw.col("day"), named=named)
    never = nw.lit(None, dtype=nw.Date)
    other = business.select("account_id", "day", used=never, named=never)
    return (
        nw.concat([used, other])
        .group_by("account_id")
        .agg(
            first_day=nw.col("day").min(), first_used=nw.col("used").min(), first_named=nw.col("named").min()
        )
    )
