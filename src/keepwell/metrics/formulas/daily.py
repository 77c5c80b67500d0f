"""Events reduced to days before anything is counted: many events a day become one row."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

import narwhals as nw

from keepwell.metrics.formulas import calendar
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.reach import DUE, Reach, column, holds
from keepwell.metrics.measures import ANY_USE, Events

SOMEBODY = "?"
Meant = Callable[[Frame], Frame]
FACT = ("account_id", "id", "name", "person", "feature", "source", "kind", "value", "at")


@dataclass(frozen=True)
class Facts:
    """What is known, as lazy frames of one engine. Times are UTC datetimes.

    `usage`: the raw keys account and person, name, feature, source, kind, value, at, known_at. `business`: account_id, person
    and the same, id. `feed`: name, at, known_at of everybody's business events, also of accounts that are not asked for.
    `contracts`: account_id, contract, at, known_at, seats, arr, currency, start_date, end_date, one row per change. `rates`:
    day (a number), currency, unit: what one is worth in the reporting currency on each day of `reach.priced`. Asked
    properties stand in columns of `reach.column`. Where each day answers as known then, `seen_at` and `gone_at` say from and
    until when a row counted.
    """

    usage: Frame
    business: Frame
    feed: Frame
    contracts: Frame
    rates: Frame


@dataclass(frozen=True)
class Condensed:
    """The facts with what is many brought down to few, usage still under its raw keys; days are dates.

    `usage`: account, person, recent (a day), first, last: one row for each day of the window; before it one row for nobody
    named and one for anybody (SOMEBODY). For each selection of usage how many events (n0 …), the sum and number of their
    values (v0, c0 …), its own first and last. `features`: account, person, day, feature, n0 …. `feed`: name, first.
    With all of them, as known then, `late` (a day; null: known on the day itself) and `gone`.
    """

    usage: Frame
    features: Frame
    business: Frame
    feed: Frame
    contracts: Frame
    rates: Frame


@dataclass(frozen=True)
class Daily:
    """The facts by day, days as numbers, and `account_id` in the place of raw keys; else as in `Condensed`.

    `beginnings`: account_id, first (of anything), used, named (the first of usage, and of usage with a name), last (of
    usage before the days that `usage` has one by one), first1, last1 … of each selection of usage; one row an account, or
    more that were known since another day.
    """

    beginnings: Frame
    usage: Frame
    features: Frame
    business: Frame
    feed: Frame
    contracts: Frame
    rates: Frame

    def each(self, change: Callable[[Frame], Frame]) -> "Daily":
        """The same with every frame changed."""
        return Daily(**{field.name: change(getattr(self, field.name)) for field in fields(self)})

    def only(self, accounts: Collection[int]) -> "Daily":
        """Only the facts of some accounts; the feed and the rates stay everybody's."""
        wanted, shared = nw.col("account_id").is_in(list(accounts)), (self.feed, self.rates)
        return self.each(lambda frame: frame if any(frame is one for one in shared) else frame.filter(wanted))


def condensed(facts: Facts, reach: Reach) -> Condensed:
    """Many events a day become one row, cut to what was known. Reads usage once, and once more where features count.

    What an event's keys mean is asked of these rows, not of each event. Before the window only the first and the last day
    count, and whether somebody with a name was there, whoever it was; but without an account key it hangs on the person and
    the day which account is meant, so there both stay.
    """
    feed = _dated(facts.feed, reach).group_by("name", *when(reach))
    return Condensed(
        usage=_usage(_dated(facts.usage, reach), reach),
        features=_features(facts.usage, reach),
        business=_once(_dated(facts.business, reach), reach),
        feed=feed.agg(first=nw.col("day").min()),
        contracts=_dated(facts.contracts, reach),
        rates=facts.rates,
    )


def reduced(facts: Condensed, reach: Reach, *, meant: Meant) -> Daily:
    """Facts by day. `meant` puts the account_id and the person that raw keys mean to rows with a column `first`: a day."""
    features = meant(facts.features.with_columns(first=nw.col("day")))
    contracts = _numbered(facts.contracts, reach, "day", "start_date", "end_date")
    usage = _numbered(meant(facts.usage), reach, *_days_of(reach))
    business = _numbered(facts.business, reach, "day", *_due(reach))
    return Daily(
        beginnings=_beginnings(usage, business, reach),
        usage=usage.filter(~nw.col("recent").is_null()),
        features=_numbered(features.drop("first"), reach, "day"),
        business=business,
        feed=_numbered(facts.feed, reach, "first"),
        contracts=contracts,
        rates=facts.rates,
    )


def when(reach: Reach) -> tuple[str, ...]:
    """The columns that say since and until when a row was known, where that is asked."""
    return ("late", "gone") if reach.as_known_then else ()


def place(events: Events, reach: Reach) -> int:
    """The number of a selection of usage; 0 is all of it."""
    return 0 if events == ANY_USE else 1 + reach.used.index(events)


def _usage(usage: Frame, reach: Reach) -> Frame:
    stays = (nw.col("day") > nw.lit(_before(reach, reach.usage_days))) | (nw.col("account") == "")
    somebody = nw.when(nw.col("person") == "").then(nw.lit("")).otherwise(nw.lit(SOMEBODY))
    chosen = {
        f"s{n}": expr
        for n, events in enumerate(reach.used, 1)
        if (expr := holds(events, reach.features)) is not None
    }
    rows = usage.with_columns(**chosen) if chosen else usage
    columns: dict[str, Any] = {}
    sums: dict[str, nw.Expr] = {"first": nw.col("day").min(), "last": nw.col("day").max()}
    if reach.counts:
        value = nw.col("value")
        columns |= {"v0": value.fill_null(0.0), "c0": (~value.is_null()).cast(nw.Int64)}
        sums |= {"n0": nw.len().cast(nw.Int64), "v0": nw.col("v0").sum(), "c0": nw.col("c0").sum()}
    for name in chosen:
        columns |= _of(name)
        sums |= _sums(name[1:])
    days = rows.select(
        "account",
        *when(reach),
        person=nw.when(stays).then(nw.col("person")).otherwise(somebody),
        recent=nw.when(stays).then(nw.col("day")),
        day=nw.col("day"),
        **columns,
    )
    return days.group_by("account", "person", "recent", *when(reach)).agg(**sums)


def _of(name: str) -> dict[str, nw.Expr]:
    """What an event adds to its day for one selection."""
    chosen, number = nw.col(name), name[1:]
    value = nw.when(chosen).then(nw.col("value"))
    return {
        f"n{number}": chosen.cast(nw.Int64),
        f"v{number}": value.fill_null(0.0),
        f"c{number}": (~value.is_null()).cast(nw.Int64),
        f"d{number}": nw.when(chosen).then(nw.col("day")),
    }


def _sums(number: str) -> dict[str, nw.Expr]:
    return {f"{letter}{number}": nw.col(f"{letter}{number}").sum() for letter in "nvc"} | {
        f"first{number}": nw.col(f"d{number}").min(),
        f"last{number}": nw.col(f"d{number}").max(),
    }


def _features(usage: Frame, reach: Reach) -> Frame:
    """Which features were used on which day, by each selection that asks for them."""
    asked = {events: holds(events, reach.features) for events in reach.of_features}
    chosen_by = [expr for expr in asked.values() if expr is not None]
    rows = usage.filter(nw.col("feature") != "") if asked else usage.head(0)
    if asked and len(chosen_by) == len(asked):
        rows = rows.filter(nw.any_horizontal(*chosen_by, ignore_nulls=True))
    dated = _dated(rows, reach)
    recent = dated.filter(nw.col("day") > nw.lit(_before(reach, reach.feature_days)))
    person = nw.when(nw.col("account") == "").then(nw.col("person")).otherwise(nw.lit(""))
    chosen = {
        f"n{place(events, reach)}": (nw.lit(1) if expr is None else expr.cast(nw.Int64)).cast(nw.Int64)
        for events, expr in asked.items()
        if events in (ANY_USE, *reach.used)
    }
    keys = ["account", "person", "day", "feature", *when(reach)]
    some = recent.select("account", "day", "feature", *when(reach), person=person, **chosen)
    return some.group_by(*keys).agg(**{name: nw.col(name).sum() for name in chosen}, rows=nw.len())


def _before(reach: Reach, window_days: int) -> Any:
    """The last day that no window of so many days holds."""
    return min(reach.days) - timedelta(days=window_days)


def _dated(events: Frame, reach: Reach) -> Frame:
    """With `day`, without what was not known in time or lies after the last asked day."""
    if reach.known_by is not None:
        events = events.filter(nw.col("known_at") < nw.lit(reach.known_by))
    dated = events.with_columns(day=nw.col("at").dt.date())
    if reach.as_known_then:
        dated = dated.with_columns(late=_late(), gone=nw.col("gone_at").dt.date())
        dated = dated.filter(nw.col("late").is_null() | (nw.col("late") <= nw.lit(max(reach.days))))
    return dated.filter(nw.col("day") <= nw.lit(max(reach.days)))


def _late() -> nw.Expr:
    """The day from which a row counts, where that is after its own."""
    seen = nw.col("seen_at").dt.date()
    return nw.when(seen > nw.col("day")).then(seen)


def _once(business: Frame, reach: Reach) -> Frame:
    """Each event once, as soon as it was known: a replay that reaches the lake twice must not count twice."""
    keys = [*FACT, "day", *(column(name) for name in reach.properties)]
    known = nw.col("known_at").min()
    if not reach.as_known_then:
        return business.group_by(*keys).agg(known_at=known)
    once = business.group_by(*keys, "gone").agg(known_at=known, seen_at=nw.col("seen_at").min())
    return once.with_columns(late=_late()).drop("seen_at")


def _beginnings(usage: Frame, business: Frame, reach: Reach) -> Frame:
    """Per account the first and last days of what it can be asked about."""
    own = [name for name in _days_of(reach) if name not in ("recent", "first", "last")]
    none = nw.lit(None, dtype=nw.Int64)
    before = {
        name: nw.when(nw.col("recent").is_null()).then(nw.col(name))
        for name in ("last", *own)
        if name.startswith("last")
    }
    used = usage.with_columns(**before).select(
        *("account_id", "first", "last", *own, *when(reach)),
        used=nw.col("first"),
        named=nw.when(nw.col("person") != "").then(nw.col("first")),
    )
    other = business.select(
        "account_id",
        *when(reach),
        first=nw.col("day"),
        **dict.fromkeys(["last", "used", "named", *own], none),
    )
    order = ["account_id", *when(reach), "first", "last", "used", "named", *own]
    both = nw.concat([used.select(*order), other.select(*order)])
    least = {name: nw.col(name).min() for name in order if name.startswith(("first", "used", "named"))}
    most = {name: nw.col(name).max() for name in order if name.startswith("last")}
    return both.group_by("account_id", *when(reach)).agg(**least, **most)


def _days_of(reach: Reach) -> tuple[str, ...]:
    own = [f"{end}{n}" for n in range(1, len(reach.used) + 1) for end in ("first", "last")]
    return ("recent", "first", "last", *own)


def _due(reach: Reach) -> tuple[str, ...]:
    return (DUE,) if "due_date" in reach.properties else ()


def _numbered(frame: Frame, reach: Reach, *names: str) -> Frame:
    """With days as numbers, so that they can be added and compared alike on every engine."""
    return frame.with_columns(**{name: calendar.ordinal(name) for name in (*names, *when(reach))})
