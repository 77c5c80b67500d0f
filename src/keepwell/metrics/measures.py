"""The ways to measure an account: a tree of small declarations that the formulas know how to evaluate.

The leaves count, gather or date events; the branches set measures against each other. Windows are whole days that end with
the asked one, or `ago` days before it. Read from TOML or JSON, and written back, by `metrics.declaring`.
"""

from dataclasses import dataclass, fields, replace
from typing import Literal

from keepwell.metrics.conditions.tree import Condition, Every


@dataclass(frozen=True)
class Events:
    """Which events are meant: of a kind, of some names, of declared core features only, and under a condition."""

    kind: Literal["usage", "fact"] = "usage"
    names: tuple[str, ...] = ()
    core: bool = False
    where: Condition | None = None

    @property
    def families(self) -> tuple[str, ...]:
        """The beginnings of the facts' names: a feed that tells of tickets at all, tells of escalated ones too."""
        return tuple(sorted({name.partition(".")[0] + "." for name in self.names}))


ANY_USE = Events()
Thing = Literal["people", "features", "days", "person_days"]


@dataclass(frozen=True)
class Count:
    """How many events fell into the window; all that are known where there is none. Perhaps brought to so many days."""

    events: Events
    days: int | None
    per_days: int = 0
    ago: int = 0


@dataclass(frozen=True)
class Distinct:
    """How many distinct people, features, days, or days of people the events of the window name."""

    thing: Thing
    events: Events
    days: int
    ago: int = 0


@dataclass(frozen=True)
class Amount:
    """The sum or the mean of the values of the window's events, times a factor."""

    how: Literal["sum", "mean"]
    events: Events
    days: int
    times: float = 1.0
    ago: int = 0


@dataclass(frozen=True)
class Last:
    """The value of the last event of the window that has one; of all that are known where there is no window."""

    events: Events
    days: int | None
    ago: int = 0


@dataclass(frozen=True)
class NetPromoter:
    """Promoters (9, 10) less detractors (0 to 6) in percent, over each person's last answer in the window."""

    events: Events
    days: int
    ago: int = 0


@dataclass(frozen=True)
class Since:
    """Whole days from the last of the events to the asked day."""

    events: Events
    ago: int = 0


@dataclass(frozen=True)
class First:
    """Whole days from the first day that anything is known of the account to the first of the events."""

    events: Events
    ago: int = 0


@dataclass(frozen=True)
class Tenure:
    """Whole days since anything was known of the account."""

    ago: int = 0


@dataclass(frozen=True)
class Streak:
    """How many spans of `step_days` without a gap, the one that ends with the asked day first, had any of the events."""

    events: Events
    step_days: int
    days: int
    ago: int = 0


@dataclass(frozen=True)
class Open:
    """Things that were told of and not closed: how many, the days since the oldest began, or how many are past due.

    The property `key` tells one thing from another; the property `due_date` of the last telling says until when.
    """

    how: Literal["count", "oldest", "overdue"]
    opened: Events
    closed: Events
    key: str
    ago: int = 0


@dataclass(frozen=True)
class Standing:
    """Of how many people the last of the events fulfils a condition."""

    events: Events
    where: Condition
    ago: int = 0


@dataclass(frozen=True)
class Terms:
    """What the contracts active on the day say: seats, ARR, or the days until the first of them ends."""

    what: Literal["seats", "arr", "days_left"]
    ago: int = 0


@dataclass(frozen=True)
class CoreShare:
    """The share of the declared core features that was used in the window, in percent."""

    days: int
    ago: int = 0


@dataclass(frozen=True)
class Ratio:
    """One measure by another, times a factor."""

    of: "Measure"
    to: "Measure"
    times: float = 1.0


@dataclass(frozen=True)
class Less:
    """One measure less another."""

    of: "Measure"
    less: "Measure"


@dataclass(frozen=True)
class Change:
    """By how many percent a measure lies above what it was so many days before."""

    of: "Measure"
    days: int


Leaf = (
    Count
    | Distinct
    | Amount
    | Last
    | NetPromoter
    | Since
    | First
    | Tenure
    | Streak
    | Open
    | Standing
    | Terms
    | CoreShare
)
Branch = Ratio | Less | Change
Measure = Leaf | Branch


def parts(measure: Measure) -> tuple[Measure, ...]:
    """The measures that a branch sets against each other; none of a leaf."""
    if isinstance(measure, Ratio):
        return measure.of, measure.to
    if isinstance(measure, Less):
        return measure.of, measure.less
    if isinstance(measure, Change):
        return measure.of, shifted(measure.of, measure.days)
    return ()


def leaves(measure: Measure) -> tuple[Leaf, ...]:
    """Everything that must be looked up in the facts."""
    if isinstance(measure, Branch):
        return tuple(leaf for part in parts(measure) for leaf in leaves(part))
    return (measure,)


def shifted(measure: Measure, days: int) -> Measure:
    """The same as it was so many days before."""
    if isinstance(measure, Ratio):
        return replace(measure, of=shifted(measure.of, days), to=shifted(measure.to, days))
    if isinstance(measure, Less):
        return replace(measure, of=shifted(measure.of, days), less=shifted(measure.less, days))
    if isinstance(measure, Change):
        return replace(measure, of=shifted(measure.of, days))
    return replace(measure, ago=measure.ago + days)


def narrowed(measure: Measure, condition: Condition) -> Measure:
    """The same of those events alone that fulfil a condition too. What closes a thing closes it whatever it says."""
    if isinstance(measure, Branch):
        inner = {f.name: getattr(measure, f.name) for f in fields(measure)}
        changed = {
            n: narrowed(part, condition) for n, part in inner.items() if isinstance(part, Leaf | Branch)
        }
        return replace(measure, **changed)  # type: ignore[arg-type]
    own = {name: _and(events, condition) for name, events in _narrowable(measure)}
    return replace(measure, **own)  # type: ignore[arg-type]


def can_be_narrowed(measure: Measure) -> bool:
    """Whether any of it is told by events, and nothing by features as they are declared."""
    found = leaves(measure)
    return any(_narrowable(leaf) for leaf in found) and not any(isinstance(leaf, CoreShare) for leaf in found)


def _narrowable(leaf: Leaf) -> list[tuple[str, Events]]:
    found = [(field.name, getattr(leaf, field.name)) for field in fields(leaf) if field.name != "closed"]
    return [(name, given) for name, given in found if isinstance(given, Events)]


def _and(events: Events, condition: Condition) -> Events:
    if events.where is None:
        return replace(events, where=condition)
    said = events.where.parts if isinstance(events.where, Every) else (events.where,)
    return replace(events, where=Every((*said, condition)))


def selections(leaf: Leaf) -> tuple[Events, ...]:
    """The events that a leaf looks at."""
    found = (getattr(leaf, field.name) for field in fields(leaf))
    return tuple(each for each in found if isinstance(each, Events))


def window_days(measure: Measure) -> int | None:
    """How many whole days the longest of its windows has; None: it looks back as far as anything is known, or at the day."""
    spans = [days for leaf in leaves(measure) if (days := getattr(leaf, "days", None)) is not None]
    return max(spans, default=None)


def of_money(measure: Measure) -> bool:
    """Whether it depends on what currencies are worth."""
    return any(isinstance(leaf, Terms) and leaf.what == "arr" for leaf in leaves(measure))


def of_core(measure: Measure) -> bool:
    """Whether it depends on which features are declared as core."""
    return any(
        isinstance(leaf, CoreShare) or any(events.core for events in selections(leaf))
        for leaf in leaves(measure)
    )
