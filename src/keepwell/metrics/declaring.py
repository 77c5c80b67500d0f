"""Measures read from the tables of TOML or JSON, checked, and written back the same; and told in words."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.catalogue import FACTS
from keepwell.metrics import measures
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions import words as condition_words
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
    "count": _of(measures.Count, "the number of {events}{days}{per_days}", "", "events days per_days ago"),
    "people": _of(
        measures.Distinct, "the number of people with {events}{days}", "days", "events ago", thing="people"
    ),
    "features": _of(
        measures.Distinct,
        "the number of features with {events}{days}",
        "days",
        "events ago",
        thing="features",
    ),
    "days": _of(
        measures.Distinct, "the number of days with {events}{days}", "days", "events ago", thing="days"
    ),
    "person_days": _of(
        measures.Distinct,
        "the days with {events}{days}, counted for each person",
        "days",
        "events ago",
        thing="person_days",
    ),
    "sum": _of(
        measures.Amount,
        "the sum of the values of {events}{days}{times}",
        "events days",
        "times ago",
        how="sum",
    ),
    "mean": _of(
        measures.Amount, "the mean value of {events}{days}{times}", "events days", "times ago", how="mean"
    ),
    "last": _of(measures.Last, "the value of the last {event}{days}", "events", "days ago"),
    "net_promoter": _of(
        measures.NetPromoter,
        "promoters less detractors in percent, over each person’s last {event}{days}",
        "events days",
        "ago",
    ),
    "since": _of(measures.Since, "the days since the last {event}", "", "events ago"),
    "first": _of(
        measures.First, "the days from the account’s first day to the first {event}", "", "events ago"
    ),
    "tenure": _of(measures.Tenure, "the days since the account’s first day", "", "ago"),
    "streak": _of(
        measures.Streak,
        "the unbroken spans of {step_days} with {events}{days}",
        "step_days days",
        "events ago",
    ),
    "open": _of(
        measures.Open, "the number of {opened} without {closed}", "opened closed key", "ago", how="count"
    ),
    "oldest_open": _of(
        measures.Open,
        "the days since the oldest of {opened} without {closed}",
        "opened closed key",
        "ago",
        how="oldest",
    ),
    "overdue": _of(
        measures.Open,
        "the number of {opened} past due without {closed}",
        "opened closed key",
        "ago",
        how="overdue",
    ),
    "standing": _of(measures.Standing, "the people whose last {event} has: {where}", "events where", "ago"),
    "seats": _of(measures.Terms, "the seats of the active contracts", "", "ago", what="seats"),
    "arr": _of(measures.Terms, "the ARR of the active contracts", "", "ago", what="arr"),
    "contract_days_left": _of(
        measures.Terms, "the days until the first active contract ends", "", "ago", what="days_left"
    ),
    "core_share": _of(
        measures.CoreShare, "the share of the declared core features that were used{days}", "days", "ago"
    ),
    "ratio": _of(measures.Ratio, "{of}, divided by {to}{times}", "of to", "times"),
    "less": _of(measures.Less, "{of}, less {less}", "of less"),
    "change": _of(measures.Change, "the change in percent{days} of {of}", "of days"),
}
WHOLE = ("last", "net_promoter", "open", "oldest_open", "overdue", "standing")


def read(given: Any, where: str = "measure") -> Measure:
    """The measure that a table states; refuses with the place and what is allowed there."""
    return _read(given, where, 1)


def _read(given: Any, where: str, depth: int) -> Measure:
    if not isinstance(given, Mapping):
        raise Invalid(f'{where} must be a table with "take" and what that needs, not {given!r}.')
    if depth > MOST_DEPTH:
        raise Invalid(f"{where} is nested deeper than {MOST_DEPTH} levels.")
    take = given.get("take")
    if not isinstance(take, str) or take not in FORMS:
        raise Invalid(f'{where}: "take" must be one of {", ".join(FORMS)}, not {take!r}.')
    form = FORMS[take]
    allowed = (*form.needs, *form.may)
    if extra := sorted(set(given) - {"take", *allowed}):
        raise Invalid(
            f'{where}: "{extra[0]}" is not known of "{take}". Allowed: {", ".join(allowed) or "nothing else"}.'
        )
    if missing := [name for name in form.needs if name not in given]:
        raise Invalid(f'{where}: "{take}" needs "{missing[0]}".')
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
                raise Invalid(f'{where}: "{take}" is asked of facts by their names.')
    if isinstance(measure, measures.Count):
        if measure.per_days and measure.days is None:
            raise Invalid(f'{where}: "per_days" needs "days".')
        if measure.days is None and measure.events.kind == "usage":
            raise Invalid(f'{where}: a count of usage needs "days".')
    if isinstance(measure, measures.Streak) and measure.days % measure.step_days:
        raise Invalid(f'{where}: "days" must be a whole number of spans of {measure.step_days} days.')


def events(given: Any, where: str, _depth: int = 1) -> Events:
    """The selection of events that a table states."""
    if not isinstance(given, Mapping):
        raise Invalid(f'{where} must be a table with "kind", "names", "core" and "where", not {given!r}.')
    if extra := sorted(set(given) - {"kind", "names", "core", "where"}):
        raise Invalid(f'{where}: "{extra[0]}" is not known. Allowed: kind, names, core, where.')
    kind, core = given.get("kind", "usage"), given.get("core", False)
    if kind not in ("usage", "fact"):
        raise Invalid(f'{where}.kind is "usage" or "fact", not {kind!r}.')
    if not isinstance(core, bool) or (core and kind == "fact"):
        raise Invalid(f"{where}.core is true or false, and only usage has core features.")
    condition = None if given.get("where") is None else _condition(given["where"], f"{where}.where")
    return Events(kind, _names(given.get("names", []), kind, f"{where}.names"), core, condition)


def _names(given: Any, kind: str, where: str) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) and name for name in given):
        raise Invalid(f"{where} must be a list of names of events, not {given!r}.")
    for name in given:
        if (name in FACTS) != (kind == "fact"):
            what = (
                "no fact; any other name is usage" if kind == "fact" else 'a fact; say kind = "fact" for it'
            )
            raise Invalid(f'{where}: "{name}" is {what}.')
    return tuple(sorted(set(given)))


def _condition(given: Any, where: str, _depth: int = 1) -> tree.Condition:
    try:
        return tree.read(given, EVENTS)
    except Refused as refused:
        raise Invalid(f"{where}: {refused}") from None


def _days(given: Any, where: str, _depth: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_DAYS:
        raise Invalid(f"{where} must be a whole number of days, 1 to {MOST_DAYS}, not {given!r}.")
    return given


def _times(given: Any, where: str, _depth: int) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given) or not given:
        raise Invalid(f"{where} must be a number other than 0, not {given!r}.")
    return float(given)


def _key(given: Any, where: str, _depth: int) -> str:
    if not isinstance(given, str) or not given.isidentifier():
        raise Invalid(f"{where} must be the name of a property, not {given!r}.")
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
    take, form = _form(measure)
    values = {name: getattr(measure, name) for name in (*form.needs, *form.may)}
    return {"take": take} | {name: _plain(value) for name, value in values.items() if _says(name, value)}


def _form(measure: Measure) -> tuple[str, Form]:
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


def words(measure: Measure) -> str:
    """What is computed, as a sentence: "The number of people with usage events in the last 28 days, divided by …"."""
    said = _words(measure)
    return f"{said[:1].upper()}{said[1:]}."


def _words(measure: Measure) -> str:
    _, form = _form(measure)
    ago = getattr(measure, "ago", 0)
    before = f", as it was {ago} days before" if ago else ""
    told = {name: _told(name, getattr(measure, name)) for name in (*form.needs, *form.may)}
    events = getattr(measure, "events", None)
    if isinstance(events, Events):
        told["event"] = events_words(events, one=True)
    return form.words.format_map({"days": ""} | told) + before


def _told(name: str, value: Any) -> str:
    if isinstance(value, Events):
        return events_words(value)
    if isinstance(value, measures.Leaf | measures.Branch):
        return _words(value)
    if isinstance(value, tree.Condition):
        return condition_words.words(value)
    return _FIGURES[name](value) if name in _FIGURES else str(value)


_FIGURES: Mapping[str, Callable[[Any], str]] = {
    "days": lambda days: f" in the last {days} days" if days else "",
    "step_days": lambda days: f"{days} days" if days > 1 else "one day",
    "per_days": lambda days: f", per {days} days" if days else "",
    "times": lambda times: "" if times == 1 else f", times {times:g}",
}


def events_words(given: Events, *, one: bool = False) -> str:
    """Which events, in words; of one of them, or of all."""
    named = (" or " if one else ", ").join(given.names)
    if given.kind == "usage":
        said = "usage event" if one else "usage events"
        said += f" ({named})" if named else ""
        said += " of core features" if given.core else ""
    elif named:
        said = f"event {named}" if one else f"events {named}"
    else:
        said = "business fact" if one else "business facts"
    return said if given.where is None else f"{said} (where {condition_words.words(given.where)})"
