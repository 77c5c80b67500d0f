"""What can be said of a subject: each operator with the types it is for, how its value is written, and its words."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.kernel import speech
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
        Operator(
            "is",
            ("text", "any"),
            "text",
            speech.later("is %(value)s"),
            lambda found, value, _: found == value,
        ),
        Operator(
            "is_not",
            ("text", "any"),
            "text",
            speech.later("is not %(value)s"),
            lambda found, value, _: found != value,
        ),
        Operator(
            "in",
            ("text", "any"),
            "texts",
            speech.later("is one of %(value)s"),
            lambda found, value, _: found in value,
        ),
        Operator(
            "not_in",
            ("text", "any"),
            "texts",
            speech.later("is none of %(value)s"),
            lambda found, value, _: found not in value,
        ),
        Operator(
            "contains",
            ("text", "any"),
            "text",
            speech.later("contains %(value)s"),
            lambda found, value, _: value.lower() in found.lower(),
        ),
        Operator(
            "starts_with",
            ("text", "any"),
            "text",
            speech.later("begins with %(value)s"),
            lambda found, value, _: found.lower().startswith(value.lower()),
        ),
        Operator(
            "has", ("list",), "text", speech.later("has %(value)s"), lambda found, value, _: value in found
        ),
        Operator(
            "has_not",
            ("list",),
            "text",
            speech.later("has no %(value)s"),
            lambda found, value, _: value not in found,
        ),
        Operator(
            "equals",
            ("number", "any"),
            "number",
            speech.later("is %(value)s"),
            lambda found, value, _: found == value,
        ),
        Operator(
            "above",
            ("number", "any"),
            "number",
            speech.later("is above %(value)s"),
            lambda found, value, _: found > value,
        ),
        Operator(
            "at_least",
            ("number", "any"),
            "number",
            speech.later("is at least %(value)s"),
            lambda found, value, _: found >= value,
        ),
        Operator(
            "below",
            ("number", "any"),
            "number",
            speech.later("is below %(value)s"),
            lambda found, value, _: found < value,
        ),
        Operator(
            "at_most",
            ("number", "any"),
            "number",
            speech.later("is at most %(value)s"),
            lambda found, value, _: found <= value,
        ),
        Operator(
            "before",
            ("day",),
            "day",
            speech.later("is before %(value)s"),
            lambda found, value, _: found < value,
        ),
        Operator(
            "after",
            ("day",),
            "day",
            speech.later("is after %(value)s"),
            lambda found, value, _: found > value,
        ),
        Operator("within_days", ("day",), "days", speech.later("is within the next %(value)s"), _ahead),
        Operator("past_days", ("day",), "days", speech.later("was in the last %(value)s"), _behind),
        Operator(
            "older_than_days",
            ("day",),
            "days",
            speech.later("was more than %(value)s ago"),
            lambda found, days, as_of: found < as_of - timedelta(days=int(days)),
        ),
        Operator(
            "true", ("truth",), "truth", speech.later("is %(value)s"), lambda found, value, _: found is value
        ),
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
        raise Invalid(
            '%(slug)s is never "%(wrong)s". It is one of %(listed)s.',
            slug=subject.slug,
            wrong=wrong[0],
            listed=", ".join(subject.choices),
        )
    return value


def said(operator: Operator, value: Value, subject: Subject) -> str:
    """The operator with its value, in words."""
    return speech.told(operator.words, value=_said(operator, value, subject))


def _said(operator: Operator, value: Value, subject: Subject) -> str:
    if isinstance(value, bool):
        return speech.told("true") if value else speech.told("false")
    if isinstance(value, tuple):
        return ", ".join(subject.called(one) for one in value)
    if isinstance(value, float):
        return measured(value, "days" if operator.takes == "days" else subject.unit)
    return value.isoformat() if isinstance(value, date) else subject.called(value)


def _text(given: Any, operator: Operator) -> str:
    if not isinstance(given, str) or not given:
        raise Invalid('"%(slug)s" takes a text, not %(given)s.', slug=operator.slug, given=repr(given))
    return given


def _texts(given: Any, operator: Operator) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise Invalid(
            '"%(slug)s" takes a list of texts, not %(given)s.', slug=operator.slug, given=repr(given)
        )
    return tuple(_text(item, operator) for item in given)


def _number(given: Any, operator: Operator) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise Invalid('"%(slug)s" takes a number, not %(given)s.', slug=operator.slug, given=repr(given))
    return float(given)


def _day(given: Any, operator: Operator) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise Invalid(
            '"%(slug)s" takes a day as YYYY-MM-DD, not %(given)s.', slug=operator.slug, given=repr(given)
        ) from None


def _days(given: Any, operator: Operator) -> float:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_DAYS:
        raise Invalid(
            '"%(slug)s" takes a whole number of days, %(most_days)s at most, not %(given)s.',
            slug=operator.slug,
            most_days=MOST_DAYS,
            given=repr(given),
        )
    return float(given)


def _truth(given: Any, operator: Operator) -> bool:
    if not isinstance(given, bool):
        raise Invalid('"%(slug)s" takes true or false, not %(given)s.', slug=operator.slug, given=repr(given))
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
