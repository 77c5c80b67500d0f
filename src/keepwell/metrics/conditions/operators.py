"""What can be said of a subject: each operator with the types it is for, how its value is written, and its words."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.kernel.errors import Invalid
from keepwell.kernel.figures import measured
from keepwell.metrics.conditions.vocabulary import Kind, Subject

Value = str | float | bool | date | tuple[str, ...]


@dataclass(frozen=True)
class Operator:
    """One way to ask. `holds(found, value, as_of)` answers for a value that is known, never for one that is not.

    `takes` says how the value is written: text, texts, number, day, days (a whole number of them) or truth.
    """

    slug: str
    kinds: tuple[Kind, ...]
    takes: str
    words: str
    holds: Callable[[Any, Any, date], bool]


def _ahead(found: date, days: float, as_of: date) -> bool:
    return as_of <= found <= as_of + timedelta(days=int(days))


def _behind(found: date, days: float, as_of: date) -> bool:
    return as_of - timedelta(days=int(days)) < found <= as_of


OPERATORS: Mapping[str, Operator] = {
    operator.slug: operator
    for operator in (
        Operator("is", ("text", "any"), "text", "is {value}", lambda found, value, _: found == value),
        Operator("is_not", ("text", "any"), "text", "is not {value}", lambda found, value, _: found != value),
        Operator("in", ("text", "any"), "texts", "is one of {value}", lambda found, value, _: found in value),
        Operator(
            "not_in",
            ("text", "any"),
            "texts",
            "is none of {value}",
            lambda found, value, _: found not in value,
        ),
        Operator(
            "contains",
            ("text", "any"),
            "text",
            "contains {value}",
            lambda found, value, _: value.lower() in found.lower(),
        ),
        Operator(
            "starts_with",
            ("text", "any"),
            "text",
            "begins with {value}",
            lambda found, value, _: found.lower().startswith(value.lower()),
        ),
        Operator("has", ("list",), "text", "has {value}", lambda found, value, _: value in found),
        Operator("has_not", ("list",), "text", "has no {value}", lambda found, value, _: value not in found),
        Operator("equals", ("number", "any"), "number", "is {value}", lambda found, value, _: found == value),
        Operator(
            "above", ("number", "any"), "number", "is above {value}", lambda found, value, _: found > value
        ),
        Operator(
            "at_least",
            ("number", "any"),
            "number",
            "is at least {value}",
            lambda found, value, _: found >= value,
        ),
        Operator(
            "below", ("number", "any"), "number", "is below {value}", lambda found, value, _: found < value
        ),
        Operator(
            "at_most",
            ("number", "any"),
            "number",
            "is at most {value}",
            lambda found, value, _: found <= value,
        ),
        Operator("before", ("day",), "day", "is before {value}", lambda found, value, _: found < value),
        Operator("after", ("day",), "day", "is after {value}", lambda found, value, _: found > value),
        Operator("within_days", ("day",), "days", "is within the next {value}", _ahead),
        Operator("past_days", ("day",), "days", "was in the last {value}", _behind),
        Operator(
            "older_than_days",
            ("day",),
            "days",
            "was more than {value} ago",
            lambda found, days, as_of: found < as_of - timedelta(days=int(days)),
        ),
        Operator("true", ("truth",), "truth", "is {value}", lambda found, value, _: found is value),
    )
}
KNOWN = "known"


def for_kind(kind: Kind) -> tuple[str, ...]:
    """The operators that can be used of a type, `known` always last."""
    return (*(slug for slug, operator in OPERATORS.items() if kind in operator.kinds), KNOWN)


def read(operator: Operator, given: Any, subject: Subject) -> Value:
    """The value that is compared with, checked against what the operator takes and the subject can be."""
    value = _READ[operator.takes](given, operator)
    stated = value if isinstance(value, tuple) else (value,)
    if subject.choices and (wrong := [item for item in stated if item not in subject.choices]):
        raise Invalid(f'{subject.slug} is never "{wrong[0]}". It is one of {", ".join(subject.choices)}.')
    return value


def said(operator: Operator, value: Value, subject: Subject) -> str:
    """The operator with its value, in words."""
    return operator.words.format(value=_said(operator, value, subject))


def _said(operator: Operator, value: Value, subject: Subject) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return measured(value, "days" if operator.takes == "days" else subject.unit)
    return value.isoformat() if isinstance(value, date) else value


def _text(given: Any, operator: Operator) -> str:
    if not isinstance(given, str) or not given:
        raise Invalid(f'"{operator.slug}" takes a text, not {given!r}.')
    return given


def _texts(given: Any, operator: Operator) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise Invalid(f'"{operator.slug}" takes a list of texts, not {given!r}.')
    return tuple(_text(item, operator) for item in given)


def _number(given: Any, operator: Operator) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise Invalid(f'"{operator.slug}" takes a number, not {given!r}.')
    return float(given)


def _day(given: Any, operator: Operator) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise Invalid(f'"{operator.slug}" takes a day as YYYY-MM-DD, not {given!r}.') from None


def _days(given: Any, operator: Operator) -> float:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_DAYS:
        raise Invalid(f'"{operator.slug}" takes a whole number of days, {MOST_DAYS} at most, not {given!r}.')
    return float(given)


def _truth(given: Any, operator: Operator) -> bool:
    if not isinstance(given, bool):
        raise Invalid(f'"{operator.slug}" takes true or false, not {given!r}.')
    return given


MOST_DAYS = 36_500
_READ: Mapping[str, Callable[[Any, Operator], Value]] = {
    "text": _text,
    "texts": _texts,
    "number": _number,
    "day": _day,
    "days": _days,
    "truth": _truth,
}
