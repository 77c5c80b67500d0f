"""From when on an account can be answered for, and what is said where it cannot."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from keepwell.metrics import measures
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.rolling import Asked, furthest
from keepwell.metrics.measures import (
    Amount,
    Branch,
    CoreShare,
    Count,
    Distinct,
    Events,
    First,
    Leaf,
    Measure,
    Open,
    Ratio,
    Streak,
    Tenure,
    Terms,
)

NOBODY_NAMED = "No usage event ever named a person"
NEVER_USED = "No usage is known"
NO_FEATURES = "No core feature is declared"
NOTHING_KNOWN = "Nothing of that kind is known of the account"
NOT_TOLD = "No such event of any account is known yet"
NO_TERMS = {
    "seats": "No active contract states its seats",
    "arr": "No active contract states its ARR, or there is no rate for its currency",
    "days_left": "No active contract has an end",
}
NOTHING_TO_COMPARE = "There is nothing to compare with"


@dataclass(frozen=True)
class Flag:
    """A day from which something is known of an account, or of everybody: a column of the base.

    `what` is begun, used or named, or feed with the families of names on which silence is judged.
    """

    what: str
    ago: int
    families: tuple[str, ...] = ()

    @property
    def since(self) -> str:
        """The column of an account's beginnings that says it."""
        return "first" if self.what == "begun" else self.what

    @property
    def column(self) -> str:
        """Where it stands."""
        return "_".join([self.what, str(self.ago), *(name.rstrip(".") for name in self.families)])


def needed(leaf: Leaf) -> Flag | None:
    """From when on nothing found means none, not unknown; None: only what is found is known."""
    if isinstance(leaf, Count | Distinct | Streak):
        return _of(leaf.events, leaf.ago, named=getattr(leaf, "thing", "") in ("people", "person_days"))
    if isinstance(leaf, Amount) and leaf.how == "sum":
        return _of(leaf.events, leaf.ago)
    if isinstance(leaf, Open):
        return _of(leaf.opened, leaf.ago)
    if isinstance(leaf, CoreShare):
        return Flag("used", leaf.ago)
    return Flag("begun", leaf.ago) if isinstance(leaf, First | Tenure) else None


def _of(events: Events, ago: int, *, named: bool = False) -> Flag:
    if events.kind == "fact":
        return Flag("feed", ago, events.families) if events.names else Flag("begun", ago)
    return Flag("named" if named else "used", ago)


def flagged(asked: Asked, base: Frame, flags: Iterable[Flag]) -> Frame:
    """The base with the columns of the flags: the day on which each began, as was known; null before."""
    wanted = list(flags)
    if not asked.reach.as_known_then:
        base = _of_accounts(asked, base, [flag for flag in wanted if flag.what != "feed"])
        wanted = [flag for flag in wanted if flag.what == "feed"]
    for flag in wanted:
        if flag.what == "feed":
            starts = (nw.col("name").str.starts_with(family) for family in flag.families)
            found = asked.daily.feed.filter(nw.any_horizontal(*starts, ignore_nulls=True))
            first = nw.col("first")
        else:
            first = nw.col(flag.since)
            found = asked.daily.beginnings.filter(~first.is_null())
        days = found.with_columns(**{flag.column: first}, start=asked.since(first, flag.ago))
        base = furthest(asked, base, days, flag.column, least=True, shared=flag.what == "feed")
    return base


def _of_accounts(asked: Asked, base: Frame, flags: Sequence[Flag]) -> Frame:
    """The same for flags of accounts, each of which began on one day for good: that day stands beside every asked day."""
    if not flags:
        return base
    own = asked.daily.beginnings.select("account_id", **{flag.column: nw.col(flag.since) for flag in flags})
    begun = {
        flag.column: nw.when(nw.col(flag.column) + flag.ago <= nw.col("asked")).then(nw.col(flag.column))
        for flag in flags
    }
    return base.join(own, on="account_id", how="left").with_columns(**begun)


def known(leaf: Leaf, column: str, asked: Asked) -> nw.Expr:
    """Whether a leaf has an answer."""
    if isinstance(leaf, CoreShare) and not asked.features:
        return nw.lit(value=False)
    flag = needed(leaf)
    answered = ~nw.col(column).is_null()
    return answered if flag is None else answered & ~nw.col(flag.column).is_null()


def reason(measure: Measure, columns: Mapping[Leaf, str], features: Collection[str]) -> nw.Expr:
    """Why a measure is unknown, where it is."""
    if isinstance(measure, Branch):
        said: nw.Expr = nw.lit(NOTHING_TO_COMPARE)
        for part in reversed(measures.parts(measure)):
            said = nw.when(~answers(part, columns)).then(reason(part, columns, features)).otherwise(said)
        return said
    return nw.lit(_said(measure, features))


def _said(leaf: Leaf, features: Collection[str]) -> str:
    if isinstance(leaf, CoreShare):
        return NEVER_USED if features else NO_FEATURES
    if isinstance(leaf, Terms):
        return NO_TERMS[leaf.what]
    flag = needed(leaf)
    if flag is None or flag.what == "begun":
        return NOTHING_KNOWN
    return {"named": NOBODY_NAMED, "used": NEVER_USED, "feed": NOT_TOLD}[flag.what]


def value(measure: Measure, columns: Mapping[Leaf, str]) -> nw.Expr:
    """The number; null where it is unknown."""
    if not isinstance(measure, Branch):
        return nw.col(columns[measure])
    of, other = (value(part, columns) for part in measures.parts(measure))
    if isinstance(measure, Ratio):
        return nw.when(other > 0).then(of * measure.times / other)
    if isinstance(measure, measures.Less):
        return of - other
    return nw.when(other > 0).then((of - other) * 100.0 / other)


def answers(measure: Measure, columns: Mapping[Leaf, str]) -> nw.Expr:
    """Whether there is a number."""
    return ~value(measure, columns).is_null()
