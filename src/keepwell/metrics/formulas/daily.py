"""Events reduced to days before anything is counted: many events a day become one row."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import narwhals as nw

from keepwell.metrics.formulas.calendar import Frame

SOMEBODY = "?"
Meant = Callable[[Frame], Frame]


@dataclass(frozen=True)
class Facts:
    """What is known, as lazy frames of one engine. Times are UTC datetimes.

    `usage`: the raw keys account and person, feature, at, known_at. `business`: account_id, person, feature, at, known_at,
    id, name, value. `feed`: name, at, known_at of everybody's business events, also of accounts that are not asked for.
    `contracts`: account_id, contract, at, known_at, seats, start_date, end_date, one row per change of a contract.
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
class Condensed:
    """The facts with what is many brought down to few, usage still under its raw keys; times as in `Facts`.

    `people`: account, person, recent (a day), first, one row for each day of the window; before it one row for
    nobody named and one for anybody (SOMEBODY).
    `features`: account, person, day, feature. The rest as in `Daily`.
    """

    people: Frame
    features: Frame
    business: Frame
    feed: Frame
    contracts: Frame


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


def condensed(facts: Facts, reach: Reach) -> Condensed:
    """Many events a day become one row, cut to what was known. Reads usage once, and once more where features count.

    What an event's keys mean is asked of these rows, not of each event. Before the window only the first day counts, and
    whether somebody with a name was there, whoever it was; but without an account key it hangs on the person and the day
    which account is meant, so there both stay.
    """
    usage = _dated(facts.usage, reach)
    stays = (nw.col("day") > nw.lit(_before(reach, reach.people_days))) | (nw.col("account") == "")
    somebody = nw.when(nw.col("person") == "").then(nw.lit("")).otherwise(nw.lit(SOMEBODY))
    days = usage.select(
        "account",
        person=nw.when(stays).then(nw.col("person")).otherwise(somebody),
        recent=nw.when(stays).then(nw.col("day")),
        first=nw.col("day"),
    )
    core = nw.col("feature").is_in(list(reach.features))
    used = _recent(usage.filter(core), reach, reach.feature_days) if reach.features else usage.head(0)
    return Condensed(
        people=days.group_by("account", "person", "recent").agg(first=nw.col("first").min()),
        features=used.select("account", "person", "day", "feature").unique(),
        business=_once(_dated(facts.business, reach)),
        feed=_dated(facts.feed, reach).group_by("name").agg(day=nw.col("day").min()),
        contracts=_dated(facts.contracts, reach),
    )


def reduced(facts: Condensed, reach: Reach, *, meant: Meant) -> Daily:
    """Facts by day. `meant` puts the account_id and the person that raw keys mean to rows with a column `first`: a day."""
    people = meant(facts.people)
    features = meant(facts.features.with_columns(first=nw.col("day")))
    days = people.filter(nw.col("recent") > nw.lit(_before(reach, reach.people_days)))
    return Daily(
        accounts=_beginnings(people, facts.business),
        people=days.select("account_id", "person", day=nw.col("recent")).unique(),
        features=features.select("account_id", "day", "feature").unique(),
        business=facts.business,
        feed=facts.feed,
        contracts=facts.contracts,
    )


def _before(reach: Reach, window_days: int) -> date:
    """The last day that no window of so many days holds."""
    return min(reach.days) - timedelta(days=window_days)


def _dated(events: Frame, reach: Reach) -> Frame:
    """With `day`, without what was not known in time or lies after the last asked day."""
    if reach.known_by is not None:
        events = events.filter(nw.col("known_at") < nw.lit(reach.known_by))
    return events.with_columns(day=nw.col("at").dt.date()).filter(nw.col("day") <= nw.lit(max(reach.days)))


def _recent(events: Frame, reach: Reach, window_days: int) -> Frame:
    return events.filter(nw.col("day") > nw.lit(_before(reach, window_days)))


def _once(business: Frame) -> Frame:
    """Each event once, as soon as it was known: a replay that reaches the lake twice must not count twice."""
    keys = ["account_id", "id", "name", "person", "feature", "value", "at", "day"]
    return business.group_by(*keys).agg(known_at=nw.col("known_at").min())


def _beginnings(people: Frame, business: Frame) -> Frame:
    """Per account the first day of anything, of usage, and of usage with a name."""
    named = nw.when(nw.col("person") != "").then(nw.col("first"))
    used = people.select("account_id", day=nw.col("first"), used=nw.col("first"), named=named)
    never = nw.lit(None, dtype=nw.Date)
    other = business.select("account_id", "day", used=never, named=never)
    return (
        nw.concat([used, other])
        .group_by("account_id")
        .agg(
            first_day=nw.col("day").min(), first_used=nw.col("used").min(), first_named=nw.col("named").min()
        )
    )
