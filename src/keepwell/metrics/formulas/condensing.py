"""Many events a day become one row, still under the raw keys that were sent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import narwhals as nw

from keepwell.kernel.moments import end_of
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.reach import Reach, column, holds
from keepwell.metrics.measures import ANY_USE

FACT = ("account_id", "id", "name", "person", "feature", "source", "kind", "value", "at")


@dataclass(frozen=True)
class Facts:
    """What was known by the moment of the reach, and nothing else, as lazy frames of one engine. Times are UTC datetimes.

    `usage`: the raw keys account and person, name, feature, source, kind, value, at, known_at. `business`: account_id, person
    and the same, id. `feed`: name, at, known_at of everybody's business events, also of accounts that are not asked for.
    `contracts`: account_id, contract, at, known_at, seats, arr, currency, start_date, end_date, one row per change. `rates`:
    day (a number), currency, unit: what one is worth in the reporting currency on each day of `reach.priced`. Asked
    properties stand in columns of `reach.column`. Where each day answers as known then, `seen_at` and `gone_at` say from and
    until when a row counted. `counted`: the usage of the windows that names an account as `Condensed` has it, where it was
    counted already.
    """

    usage: Frame
    business: Frame
    feed: Frame
    contracts: Frame
    rates: Frame
    counted: Frame | None = None


@dataclass(frozen=True)
class Condensed:
    """The facts with what is many brought down to few, usage still under its raw keys; days are dates.

    `usage`: account, person, day; for each selection of usage how many events (n0 …), the sum and number of their values
    (v0, c0 …); of the days that a window holds. `earlier`: of usage before those, account, first and last day, `named` (the
    first, where any has a name), first1, last1 … of each selection. Without an account key it hangs on the person and the
    day which account is meant: there both stay; else the person is "". `features`: account, person, day, feature, n0 ….
    `feed`: name, first. With all of them, as known then, `late` (a day; null: known on the day itself) and `gone`.
    """

    usage: Frame
    earlier: Frame
    features: Frame
    business: Frame
    feed: Frame
    contracts: Frame
    rates: Frame


def condensed(facts: Facts, reach: Reach) -> Condensed:
    """Reads usage once for the days that windows hold, once for those before, and once where features count.

    Each of them asks for few columns of few files; what an event's keys mean is asked of these rows, not of each event.
    """
    feed = _dated(facts.feed, reach).group_by("name", *reach.when)
    return Condensed(
        usage=_usage(facts, reach),
        earlier=_earlier(facts.usage, reach),
        features=_features(facts.usage, reach),
        business=_once(_dated(facts.business, reach), reach),
        feed=feed.agg(first=nw.col("day").min()),
        contracts=_dated(facts.contracts, reach),
        rates=facts.rates,
    )


def _usage(facts: Facts, reach: Reach) -> Frame:
    """A row for each account, person and day of the windows.

    Whose it was is read only where that is asked, or where it says which account is meant.
    """
    within = facts.usage.filter(nw.col("at") >= nw.lit(begun(reach, reach.usage_days)))
    if reach.names_people:
        return _by_day(within, reach, "account", "person")
    keyed = facts.counted
    if keyed is None:
        keyed = _by_day(within.filter(nw.col("account") != ""), reach, "account")
    asks = _by_day(within.filter(nw.col("account") == ""), reach, "account", "person")
    order = asks.collect_schema().names()
    return nw.concat([keyed.with_columns(person=nw.lit("")).select(*order), asks])


def _by_day(usage: Frame, reach: Reach, *by: str) -> Frame:
    keys = (*by, "day", *reach.when)
    columns = _values("0", nw.lit(value=True)) if reach.adds(ANY_USE) else {}
    for number, chosen in truths(reach).items():
        # Truths as the smallest numbers: what is added up for each event is most of the work.
        columns[f"n{number}"] = chosen.cast(nw.Int8)
        if reach.adds(reach.used[int(number) - 1]):
            columns |= _values(number, chosen)
    sums = {name: nw.col(name).sum() for name in columns}
    counted = _dated(usage, reach).select(*keys, **columns).group_by(*keys)
    return counted.agg(n0=nw.len().cast(nw.Int64), **sums)


def truths(reach: Reach) -> dict[str, nw.Expr]:
    """Whether an event is meant, by the number of each selection that is not all of usage."""
    found = {str(n): holds(events, reach.features) for n, events in enumerate(reach.used, 1)}
    return {number: expr for number, expr in found.items() if expr is not None}


def _values(number: str, chosen: nw.Expr) -> dict[str, nw.Expr]:
    """The values that an event adds to its day for one selection, and how many they are."""
    value = nw.when(chosen).then(nw.col("value"))
    return {f"v{number}": value.fill_null(0.0), f"c{number}": (~value.is_null()).cast(nw.Int64)}


def _earlier(usage: Frame, reach: Reach) -> Frame:
    """Of what was before the windows, and so before every asked day, the first and the last day.

    Somebody named at all was named from the first on: no asked day lies between.
    """
    before = usage.filter(nw.col("at") < nw.lit(begun(reach, reach.usage_days)))
    named = before.filter(nw.col("account") != "")
    whole = _ends(_dated(named, reach) if reach.as_known_then else named, reach, "account", *reach.when)
    asks = _ends(_dated(before.filter(nw.col("account") == ""), reach), reach, "person", "day", *reach.when)
    nobody = nw.lit("")
    order = ("account", "person", "day", *reach.when, *reach.ends, "named")
    return nw.concat(
        [
            whole.with_columns(person=nobody, day=nw.col("first")).select(*order),
            asks.with_columns(account=nobody).select(*order),
        ]
    )


def _ends(rows: Frame, reach: Reach, *keys: str) -> Frame:
    """The first and the last day of each group and of each selection within it; `named`: the first where any has a name."""
    at = nw.col("at")
    chosen = {n: expr for n, expr in truths(reach).items() if f"first{n}" in reach.ends}
    moments = {"": at} | {number: nw.when(expr).then(at) for number, expr in chosen.items()}
    held = rows.select(
        *keys, _named=nw.col("person") != "", **{f"_at{number}": moment for number, moment in moments.items()}
    )
    first = {f"first{number}": nw.col(f"_at{number}").min() for number in moments}
    last = {f"last{number}": nw.col(f"_at{number}").max() for number in moments}
    ends = held.group_by(*keys).agg(**first, **last, named=nw.col("_named").any())
    days = ends.with_columns(**{name: nw.col(name).dt.date() for name in (*first, *last)})
    return days.with_columns(named=nw.when(nw.col("named")).then(nw.col("first")))


def _features(usage: Frame, reach: Reach) -> Frame:
    """Which features were used on which day, by each selection that asks for them."""
    asked = {events: holds(events, reach.features) for events in reach.of_features}
    since = {events: nw.lit(begun(reach, reach.feature_days(events))) for events in asked}
    wanted = [
        (nw.col("at") >= since[events]) if expr is None else (nw.col("at") >= since[events]) & expr
        for events, expr in asked.items()
    ]
    rows = usage.head(0)
    if wanted:
        within = nw.col("at") >= nw.lit(begun(reach, max(map(reach.feature_days, asked))))
        rows = usage.filter(within).filter(
            (nw.col("feature") != "") & nw.any_horizontal(*wanted, ignore_nulls=True)
        )
    person = nw.when(nw.col("account") == "").then(nw.col("person")).otherwise(nw.lit(""))
    chosen = {
        f"n{reach.place(events)}": (nw.lit(1) if expr is None else expr.cast(nw.Int64)).cast(nw.Int64)
        for events, expr in asked.items()
        if events in (ANY_USE, *reach.used)
    }
    keys = ["account", "person", "day", "feature", *reach.when]
    some = _dated(rows, reach).select("account", "day", "feature", *reach.when, person=person, **chosen)
    return some.group_by(*keys).agg(**{name: nw.col(name).sum() for name in chosen}, rows=nw.len())


def begun(reach: Reach, window_days: int) -> datetime:
    """The first moment that any window of so many days holds."""
    first: date = min(reach.days)
    return end_of(first - timedelta(days=window_days))


def _dated(events: Frame, reach: Reach) -> Frame:
    """With `day`, without what lies after the last asked day or was known only then."""
    last = max(reach.days)
    # By `at`, for that is asked where the files are read.
    dated = events.filter(nw.col("at") < nw.lit(end_of(last))).with_columns(day=nw.col("at").dt.date())
    if not reach.as_known_then:
        return dated
    dated = dated.with_columns(late=_late(), gone=nw.col("gone_at").dt.date())
    return dated.filter(nw.col("late").is_null() | (nw.col("late") <= nw.lit(last)))


def _late() -> nw.Expr:
    """The day from which a row counts, where that is after its own."""
    seen = nw.col("seen_at").dt.date()
    return nw.when(seen > nw.col("day")).then(seen)


def _once(business: Frame, reach: Reach) -> Frame:
    """Each event once, as soon as it was known: a replay that reaches the lake twice must not count twice."""
    keys: list[Any] = [*FACT, "day", *(column(name) for name in reach.properties)]
    known = nw.col("known_at").min()
    if not reach.as_known_then:
        return business.group_by(*keys).agg(known_at=known)
    once = business.group_by(*keys, "gone").agg(known_at=known, seen_at=nw.col("seen_at").min())
    return once.with_columns(late=_late()).drop("seen_at")
