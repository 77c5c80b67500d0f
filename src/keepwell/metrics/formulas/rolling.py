"""From days to asked days: which rows count when, and who is asked about.

Every row counts over a span of asked days: from its own day (or from when it was known) until its window has passed (or it
was taken back). What adds up is put on the first asked day of its span, taken off on the first after it, and summed along
the asked days: two rows for one, whatever the number of days and the window. What does not add up is repeated.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import narwhals as nw

from keepwell.metrics.formulas import calendar
from keepwell.metrics.formulas.calendar import FAR, Frame
from keepwell.metrics.formulas.daily import Daily
from keepwell.metrics.formulas.reach import Reach, holds
from keepwell.metrics.measures import Events

KEYS = ("account_id", "asked")


@dataclass(frozen=True)
class Asked:
    """The question that a formula answers: which days, from which facts, with which declared core features."""

    daily: Daily
    reach: Reach
    dates: Sequence[date]

    @cached_property
    def days(self) -> Sequence[int]:
        """The asked days as numbers, ascending."""
        return [day.toordinal() for day in self.dates]

    @property
    def features(self) -> Collection[str]:
        """The declared core features."""
        return self.reach.features

    @cached_property
    def base(self) -> Frame:
        """Every account on every asked day: account_id, as_of, asked."""
        accounts = self.daily.beginnings.select("account_id").unique()
        columns: dict[str, list[Any]] = {"as_of": list(self.dates), "asked": list(self.days)}
        days = calendar.small(accounts, columns, {"as_of": nw.Date, "asked": nw.Int64})
        return accounts.join(days, how="cross")

    def since(self, day: str | nw.Expr, ago: int) -> nw.Expr:
        """The day from which a row of that day counts."""
        own = (nw.col(day) if isinstance(day, str) else day) + ago
        return nw.max_horizontal(own, nw.col("late")) if self.reach.as_known_then else own

    def until(self, day: str, ago: int, window_days: int | None) -> nw.Expr:
        """The day from which it counts no more."""
        own = nw.lit(FAR).cast(nw.Int64) if window_days is None else nw.col(day) + (ago + window_days)
        return nw.min_horizontal(own, nw.col("gone")) if self.reach.as_known_then else own

    def counts_on_asked(self) -> nw.Expr:
        """Whether a row that stands beside an asked day was known on it and not taken back."""
        if not self.reach.as_known_then:
            return nw.lit(value=True)
        known = nw.col("late").is_null() | (nw.col("late") <= nw.col("asked"))
        return known & (nw.col("gone").is_null() | (nw.col("gone") > nw.col("asked")))


def numbers(like: Frame, days: Sequence[int]) -> Frame:
    """The asked days, as column `asked`."""
    return calendar.small(like, {"asked": list(days)}, {"asked": nw.Int64})


def days(asked: Asked, events: Events) -> Frame:
    """Where what was selected happened: account_id, person, day, late, gone. Of usage a row for a person and a day."""
    if events.kind == "fact":
        return facts(asked, events).select("account_id", "person", "day", *asked.reach.when)
    n, used = asked.reach.place(events), asked.daily.usage
    chosen = used.filter(nw.col(f"n{n}") > 0) if n else used
    return chosen.select("account_id", "person", "day", *asked.reach.when)


def rows(asked: Asked, chosen: Mapping[str, Events], *letters: str) -> Frame:
    """Several selections of one kind at once: account_id, day, late, gone, and for each how many (n, in its own name), or
    the sum and the number of their values (_v…, _c…).
    """
    kind = next(iter(chosen.values())).kind
    found: dict[str, nw.Expr] = {}
    for name, events in chosen.items():
        added = _of_facts(asked, events) if kind == "fact" else _of_usage(asked, events)
        found |= {name if letter == "n" else f"_{letter}{name}": added[letter] for letter in letters}
    if kind == "fact":
        named = sorted({name for events in chosen.values() for name in events.names})
        told = asked.daily.business
        some = told.filter(nw.col("name").is_in(named)) if all(e.names for e in chosen.values()) else told
        return some.select("account_id", "day", *asked.reach.when, **found)
    return asked.daily.usage.select("account_id", "day", *asked.reach.when, **found)


def _of_facts(asked: Asked, events: Events) -> dict[str, nw.Expr]:
    """What a fact adds to a selection."""
    expr = holds(events, asked.features)
    chosen = nw.lit(value=True) if expr is None else expr
    value = nw.when(chosen).then(nw.col("value"))
    return {
        "n": chosen.cast(nw.Int64),
        "v": value.fill_null(0.0),
        "c": (~value.is_null()).cast(nw.Int64),
    }


def _of_usage(asked: Asked, events: Events) -> dict[str, nw.Expr]:
    n = asked.reach.place(events)
    return {letter: nw.col(f"{letter}{n}") for letter in "nvc"}


def facts(asked: Asked, events: Events) -> Frame:
    """The selected facts, whole."""
    chosen = holds(events, asked.features)
    return asked.daily.business if chosen is None else asked.daily.business.filter(chosen)


def firsts(asked: Asked, events: Events, name: str) -> Frame:
    """The day of what was selected, at least of the first of it: account_id, the day as `name`, late, gone."""
    if events.kind == "fact":
        return _fact_days(asked, events, name)
    n = asked.reach.place(events)
    return _ends(asked, f"first{n}" if n else "used", name)


def lasts(asked: Asked, events: Events, name: str) -> Frame:
    """The day of what was selected, at least of what was the last of it on some asked day; as in `firsts`."""
    if events.kind == "fact":
        return _fact_days(asked, events, name)
    n = asked.reach.place(events)
    before = _ends(asked, f"last{n}" if n else "last", name)
    since = days(asked, events).select("account_id", *asked.reach.when, **{name: nw.col("day")})
    return nw.concat([before, since])


def _fact_days(asked: Asked, events: Events, name: str) -> Frame:
    return facts(asked, events).select("account_id", *asked.reach.when, **{name: nw.col("day")})


def _ends(asked: Asked, column: str, name: str) -> Frame:
    ends = asked.daily.beginnings.select("account_id", *asked.reach.when, **{name: nw.col(column)})
    return ends.filter(~nw.col(name).is_null())


def moves(asked: Asked, spans: Frame, *columns: str, by: Sequence[str] = ("account_id",)) -> Frame:
    """By how much sums change on each asked day, from rows that count from `start` until before `end`."""
    first, last = asked.days[0], asked.days[-1]
    held = spans.with_columns(start=nw.max_horizontal(nw.col("start"), nw.lit(first).cast(nw.Int64)))
    held = held.filter((nw.col("start") < nw.col("end")) & (nw.col("start") <= last))
    sums = {column: nw.col(column).sum() for column in columns}
    if first == last:
        only = nw.lit(first).cast(nw.Int64)
        return held.group_by(*by).agg(**sums).with_columns(asked=only)
    on = held.select(*by, *columns, day=nw.col("start"))
    off = held.filter(nw.col("end") <= last).select(
        *by, **{column: nw.col(column) * -1 for column in columns}, day=nw.col("end")
    )
    placed = nw.concat([on, off]).join(calendar.next_asked(spans, asked.days), on="day")
    return placed.group_by(*by, "asked").agg(**sums)


def summed(asked: Asked, base: Frame, changes: Frame, *columns: str) -> Frame:
    """The base with the running sums of changes in columns of their names; zero before the first."""
    joined = base.join(changes, on=list(KEYS), how="left")
    filled = joined.with_columns(**{column: nw.col(column).fill_null(0) for column in columns})
    if len(asked.days) == 1:
        return filled
    return filled.with_columns(
        **{column: nw.col(column).cum_sum().over("account_id", order_by="asked") for column in columns}
    )


def furthest(
    asked: Asked, base: Frame, found: Frame, *names: str, least: bool = False, shared: bool = False
) -> Frame:
    """The base with the greatest (or least) of each column of the rows that count, from `start` on until `gone`.

    Rows that were never taken back are put on the first asked day that follows and carried along; the few others are
    looked at on each asked day. `shared` rows are everybody's and have no account.
    """
    by = () if shared else ("account_id",)
    best = {name: nw.col(name).min() if least else nw.col(name).max() for name in names}
    stays = found.filter(nw.col("gone").is_null()) if asked.reach.as_known_then else found
    first = nw.lit(asked.days[0]).cast(nw.Int64)
    reached = stays.filter(nw.col("start") <= asked.days[-1])
    if len(asked.days) == 1:
        placed = reached.with_columns(asked=first).group_by(*by, "asked").agg(**best)
        rows = base.join(placed, on=[*by, "asked"], how="left")
    else:
        begun = reached.select(*by, *names, start=nw.max_horizontal(nw.col("start"), first))
        following = calendar.next_asked(found, asked.days).rename({"day": "start"})
        placed = begun.join(following, on="start").group_by(*by, "asked").agg(**best)
        rows = _carried(base.join(placed, on=[*by, "asked"], how="left"), names, least=least)
    if not asked.reach.as_known_then:
        return rows
    went = found.filter(~nw.col("gone").is_null()).select(*by, *names, "start", "gone")
    beside = went.join(numbers(found, asked.days), how="cross")
    held = beside.filter((nw.col("start") <= nw.col("asked")) & (nw.col("asked") < nw.col("gone")))
    other = held.group_by(*by, "asked").agg(**{f"_{name}": expr for name, expr in best.items()})
    joined = rows.join(other, on=[*by, "asked"], how="left")
    both = {name: (nw.col(name), nw.col(f"_{name}")) for name in names}
    either = {n: nw.min_horizontal(*pair) if least else nw.max_horizontal(*pair) for n, pair in both.items()}
    return joined.with_columns(**either).drop(*(f"_{name}" for name in names))


def _carried(rows: Frame, names: Sequence[str], *, least: bool) -> Frame:
    """Each column carried along the asked days: the greatest (or least) so far; null before the first."""
    nothing = FAR if least else -FAR
    filled = rows.with_columns(**{name: nw.col(name).fill_null(nothing) for name in names})
    carried = {name: nw.col(name).cum_min() if least else nw.col(name).cum_max() for name in names}
    along = filled.with_columns(
        **{name: expr.over("account_id", order_by="asked") for name, expr in carried.items()}
    )
    return along.with_columns(**{n: nw.when(nw.col(n) != nothing).then(nw.col(n)) for n in names})


def repeated(asked: Asked, found: Frame, window_days: int | None, ago: int) -> Frame:
    """Each row once for every asked day on which it counts: with `asked`.

    A window of n days holds the n whole days that end with the asked day. On a weekly grid a row is repeated n / 7 times,
    on a single day once.
    """
    if window_days is None:
        beside = found.join(numbers(found, asked.days), how="cross")
        beside = beside.filter(nw.col("day") + ago <= nw.col("asked"))
    else:
        beside = found.join(calendar.windows(found, asked.days, window_days, ago=ago), on="day")
    return beside.filter(asked.counts_on_asked()) if asked.reach.as_known_then else beside


def last_of(held: Frame, *group: str) -> Frame:
    """Of each group the one row that was told last, by (at, known_at, id)."""
    place_ = nw.col("id").cum_count(reverse=True).over(*group, order_by=["at", "known_at", "id"])
    return held.with_columns(_place=place_).filter(nw.col("_place") == 1).drop("_place")
