"""Measures read from the tables of TOML or JSON, checked, and written back the same."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.catalogue import FACTS
from keepwell.metrics import measures
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.vocabulary import EVENTS
from keepwell.metrics.measures import ANY_USE, Events, Measure

MOST_DAYS = 3660
MOST_DEPTH = 6


@dataclass(frozen=True)
class Form:
    """One thing that `take` can say: the measure it makes, what it asks for, what may be left out, and its words."""

    measure: type[Any]
    words: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def _of(measure: type[Any], words: str, needs: str = "", may: str = "", **fixed: Any) -> Form:
    return Form(measure, words, tuple(needs.split()), tuple(may.split()), fixed)


FORMS: Mapping[str, Form] = {
    "count": _of(
        measures.Count,
        speech.later("the number of %(events)s%(days)s%(per_days)s"),
        "",
        "events days per_days ago",
    ),
    "people": _of(
        measures.Distinct,
        speech.later("the number of people with %(events)s%(days)s"),
        "days",
        "events ago",
        thing="people",
    ),
    "features": _of(
        measures.Distinct,
        speech.later("the number of features with %(events)s%(days)s"),
        "days",
        "events ago",
        thing="features",
    ),
    "days": _of(
        measures.Distinct,
        speech.later("the number of days with %(events)s%(days)s"),
        "days",
        "events ago",
        thing="days",
    ),
    "person_days": _of(
        measures.Distinct,
        speech.later("the days with %(events)s%(days)s, counted for each person"),
        "days",
        "events ago",
        thing="person_days",
    ),
    "sum": _of(
        measures.Amount,
        speech.later("the sum of the values of %(events)s%(days)s%(times)s"),
        "events days",
        "times ago",
        how="sum",
    ),
    "mean": _of(
        measures.Amount,
        speech.later("the mean value of %(events)s%(days)s%(times)s"),
        "events days",
        "times ago",
        how="mean",
    ),
    "last": _of(measures.Last, speech.later("the value of the last %(event)s%(days)s"), "events", "days ago"),
    "net_promoter": _of(
        measures.NetPromoter,
        speech.later("promoters less detractors in percent, over each person’s last %(event)s%(days)s"),
        "events days",
        "ago",
    ),
    "since": _of(measures.Since, speech.later("the days since the last %(event)s"), "", "events ago"),
    "first": _of(
        measures.First,
        speech.later("the days from the account’s first day to the first %(event)s"),
        "",
        "events ago",
    ),
    "tenure": _of(measures.Tenure, speech.later("the days since the account’s first day"), "", "ago"),
    "streak": _of(
        measures.Streak,
        speech.later("the unbroken spans of %(step_days)s with %(events)s%(days)s"),
        "step_days days",
        "events ago",
    ),
    "open": _of(
        measures.Open,
        speech.later("the number of %(opened)s without %(closed)s"),
        "opened closed key",
        "ago",
        how="count",
    ),
    "oldest_open": _of(
        measures.Open,
        speech.later("the days since the oldest of %(opened)s without %(closed)s"),
        "opened closed key",
        "ago",
        how="oldest",
    ),
    "overdue": _of(
        measures.Open,
        speech.later("the number of %(opened)s past due without %(closed)s"),
        "opened closed key",
        "ago",
        how="overdue",
    ),
    "standing": _of(
        measures.Standing,
        speech.later("the people whose last %(event)s has: %(where)s"),
        "events where",
        "ago",
    ),
    "seats": _of(measures.Terms, speech.later("the seats of the active contracts"), "", "ago", what="seats"),
    "arr": _of(measures.Terms, speech.later("the ARR of the active contracts"), "", "ago", what="arr"),
    "contract_days_left": _of(
        measures.Terms,
        speech.later("the days until the first active contract ends"),
        "",
        "ago",
        what="days_left",
    ),
    "core_share": _of(
        measures.CoreShare,
        speech.later("the share of the declared core features that were used%(days)s"),
        "days",
        "ago",
    ),
    "ratio": _of(measures.Ratio, speech.later("%(of)s, divided by %(to)s%(times)s"), "of to", "times"),
    "less": _of(measures.Less, speech.later("%(of)s, less %(less)s"), "of less"),
    "change": _of(measures.Change, speech.later("the change in percent%(days)s of %(of)s"), "of days"),
}
WHOLE = ("last", "net_promoter", "open", "oldest_open", "overdue", "standing")


def read(given: Any, where: str = "measure") -> Measure:
    """The measure that a table states; refuses with the place and what is allowed there."""
    return _read(given, where, 1)


def _read(given: Any, where: str, depth: int) -> Measure:
    if not isinstance(given, Mapping):
        raise Invalid(
            '%(where)s must be a table with "take" and what that needs, not %(given)s.',
            where=where,
            given=repr(given),
        )
    if depth > MOST_DEPTH:
        raise Invalid(
            "%(where)s is nested deeper than %(most_depth)s levels.", where=where, most_depth=MOST_DEPTH
        )
    take = given.get("take")
    if not isinstance(take, str) or take not in FORMS:
        raise Invalid(
            '%(where)s: "take" must be one of %(listed)s, not %(take)s.',
            where=where,
            listed=", ".join(FORMS),
            take=repr(take),
        )
    form = FORMS[take]
    allowed = (*form.needs, *form.may)
    if extra := sorted(set(given) - {"take", *allowed}):
        raise Invalid(
            '%(where)s: "%(extra)s" is not known of "%(take)s". Allowed: %(listed)s.',
            where=where,
            extra=extra[0],
            take=take,
            listed=", ".join(allowed) or speech.later("nothing else"),
        )
    if missing := [name for name in form.needs if name not in given]:
        raise Invalid(
            '%(where)s: "%(take)s" needs "%(missing)s".', where=where, take=take, missing=missing[0]
        )
    found = {name: _FIELDS[name](given[name], f"{where}.{name}", depth) for name in allowed if name in given}
    if form.measure in _WITH_EVENTS:
        found.setdefault("events", ANY_USE)
    if form.measure in (measures.Count, measures.Last):
        found.setdefault("days", None)
    measure: Measure = form.measure(**form.fixed, **found)
    _suits(measure, take, where)
    return measure


_WITH_EVENTS = (measures.Count, measures.Distinct, measures.Since, measures.First, measures.Streak)


def _suits(measure: Measure, take: str, where: str) -> None:
    """What single fields cannot tell."""
    if isinstance(measure, measures.Leaf):
        for events in measures.selections(measure):
            if take in WHOLE and (events.kind != "fact" or not events.names):
                raise Invalid(
                    '%(where)s: "%(take)s" is asked of facts by their names.', where=where, take=take
                )
    if isinstance(measure, measures.Count):
        if measure.per_days and measure.days is None:
            raise Invalid('%(where)s: "per_days" needs "days".', where=where)
        if measure.days is None and measure.events.kind == "usage":
            raise Invalid('%(where)s: a count of usage needs "days".', where=where)
    if isinstance(measure, measures.Streak) and measure.days % measure.step_days:
        raise Invalid(
            '%(where)s: "days" must be a whole number of spans of %(step_days)s days.',
            where=where,
            step_days=measure.step_days,
        )


def events(given: Any, where: str, _depth: int = 1) -> Events:
    """The selection of events that a table states."""
    if not isinstance(given, Mapping):
        raise Invalid(
            '%(where)s must be a table with "kind", "names", "core" and "where", not %(given)s.',
            where=where,
            given=repr(given),
        )
    if extra := sorted(set(given) - {"kind", "names", "core", "where"}):
        raise Invalid(
            '%(where)s: "%(extra)s" is not known. Allowed: kind, names, core, where.',
            where=where,
            extra=extra[0],
        )
    kind, core = given.get("kind", "usage"), given.get("core", False)
    if kind not in ("usage", "fact"):
        raise Invalid('%(where)s.kind is "usage" or "fact", not %(kind)s.', where=where, kind=repr(kind))
    if not isinstance(core, bool) or (core and kind == "fact"):
        raise Invalid("%(where)s.core is true or false, and only usage has core features.", where=where)
    condition = None if given.get("where") is None else _condition(given["where"], f"{where}.where")
    return Events(kind, _names(given.get("names", []), kind, f"{where}.names"), core, condition)


def _names(given: Any, kind: str, where: str) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) and name for name in given):
        raise Invalid(
            "%(where)s must be a list of names of events, not %(given)s.", where=where, given=repr(given)
        )
    for name in given:
        if (name in FACTS) != (kind == "fact"):
            what = (
                "no fact; any other name is usage" if kind == "fact" else 'a fact; say kind = "fact" for it'
            )
            raise Invalid('%(where)s: "%(name)s" is %(what)s.', where=where, name=name, what=what)
    return tuple(sorted(set(given)))


def _condition(given: Any, where: str, _depth: int = 1) -> tree.Condition:
    try:
        return tree.read(given, EVENTS)
    except Refused as refused:
        raise Invalid("%(where)s: %(refused)s", where=where, refused=str(refused)) from None


def _days(given: Any, where: str, _depth: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_DAYS:
        raise Invalid(
            "%(where)s must be a whole number of days, 1 to %(most_days)s, not %(given)s.",
            where=where,
            most_days=MOST_DAYS,
            given=repr(given),
        )
    return given


def _times(given: Any, where: str, _depth: int) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given) or not given:
        raise Invalid(
            "%(where)s must be a number other than 0, not %(given)s.", where=where, given=repr(given)
        )
    return float(given)


def _key(given: Any, where: str, _depth: int) -> str:
    if not isinstance(given, str) or not given.isidentifier():
        raise Invalid(
            "%(where)s must be the name of a property, not %(given)s.", where=where, given=repr(given)
        )
    return given


_FIELDS: Mapping[str, Callable[[Any, str, int], Any]] = {
    "events": events,
    "opened": events,
    "closed": events,
    "where": _condition,
    "days": _days,
    "ago": _days,
    "per_days": _days,
    "step_days": _days,
    "times": _times,
    "key": _key,
    "of": lambda given, where, depth: _read(given, where, depth + 1),
    "to": lambda given, where, depth: _read(given, where, depth + 1),
    "less": lambda given, where, depth: _read(given, where, depth + 1),
}


def written(measure: Measure) -> dict[str, Any]:
    """The same as a table, as `read` takes it; what is not said is left out."""
    take, form = form_of(measure)
    values = {name: getattr(measure, name) for name in (*form.needs, *form.may)}
    return {"take": take} | {name: _plain(value) for name, value in values.items() if _says(name, value)}


def form_of(measure: Measure) -> tuple[str, Form]:
    """What `take` says of a measure, and its form."""
    return next(
        (take, form)
        for take, form in FORMS.items()
        if form.measure is type(measure)
        and all(getattr(measure, name) == value for name, value in form.fixed.items())
    )


def _says(name: str, value: Any) -> bool:
    silent = {"events": ANY_USE, "days": None, "ago": 0, "per_days": 0, "times": 1.0}
    return name not in silent or value != silent[name]


def _plain(value: Any) -> Any:
    if isinstance(value, Events):
        said: dict[str, Any] = {} if value.kind == "usage" else {"kind": value.kind}
        said |= {"names": list(value.names)} if value.names else {}
        said |= {"core": True} if value.core else {}
        return said if value.where is None else said | {"where": tree.written(value.where)}
    if isinstance(value, measures.Leaf | measures.Branch):
        return written(value)
    if isinstance(value, tree.Condition):
        return tree.written(value)
    return value
