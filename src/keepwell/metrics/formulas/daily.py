"""Facts by day: what every formula reads."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields

import narwhals as nw

from keepwell.metrics.formulas import calendar
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.condensing import Condensed
from keepwell.metrics.formulas.reach import DUE, Reach

Meant = Callable[[Frame], Frame]


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


def reduced(facts: Condensed, reach: Reach, *, meant: Meant) -> Daily:
    """Facts by day. `meant` puts the account_id and the person that raw keys mean to rows with a `day`."""
    contracts = _numbered(facts.contracts, reach, "day", "start_date", "end_date")
    usage = _numbered(meant(facts.usage), reach, "day")
    earlier = _numbered(meant(facts.earlier).drop("day"), reach, *reach.ends, "named")
    business = _numbered(facts.business, reach, "day", *_due(reach))
    return Daily(
        beginnings=_beginnings(usage, earlier, business, reach),
        usage=usage,
        features=_numbered(meant(facts.features), reach, "day"),
        business=business,
        feed=_numbered(facts.feed, reach, "first"),
        contracts=contracts,
        rates=facts.rates,
    )


def _beginnings(usage: Frame, earlier: Frame, business: Frame, reach: Reach) -> Frame:
    """Per account the first and last days of what it can be asked about."""
    none, day = nw.lit(None, dtype=nw.Int64), nw.col("day")
    numbers = [n for n in range(1, len(reach.used) + 1) if f"first{n}" in reach.ends]
    own = [name for name in reach.ends if name not in ("first", "last")]
    order = ["account_id", *reach.when, *reach.ends, "used", "named"]

    named = nw.when(nw.col("person") != "").then(day)
    within: dict[str, nw.Expr] = {f"first{n}": nw.when(nw.col(f"n{n}") > 0).then(day) for n in numbers}
    within |= {name: none for name in reach.ends if name.startswith("last")}
    parts = (
        earlier.with_columns(used=nw.col("first")),
        usage.with_columns(first=day, used=day, named=named, **within),
        business.with_columns(first=day, **dict.fromkeys(["last", "used", "named", *own], none)),
    )
    rows = nw.concat([part.select(*order) for part in parts])
    least = {name: nw.col(name).min() for name in order if name.startswith(("first", "used", "named"))}
    most = {name: nw.col(name).max() for name in order if name.startswith("last")}
    return rows.group_by("account_id", *reach.when).agg(**least, **most)


def _due(reach: Reach) -> tuple[str, ...]:
    return (DUE,) if "due_date" in reach.properties else ()


def _numbered(frame: Frame, reach: Reach, *names: str) -> Frame:
    """With days as numbers, so that they can be added and compared alike on every engine."""
    return frame.with_columns(**{name: calendar.ordinal(name) for name in (*names, *reach.when)})
