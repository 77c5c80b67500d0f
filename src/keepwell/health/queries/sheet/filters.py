"""A condition as an expression of the database: the same three answers as over frames, for SQL's NULL is Kleene's unknown."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, FloatField, Func, TextField, Value, When
from django.db.models.functions import Cast

from keepwell.health.queries.sheet.joins import NUMBER, Said, Sheet
from keepwell.health.queries.sheet.truth import Truth, compared
from keepwell.metrics.conditions.tree import Condition, Either, Every, Leaf, Not

EXACT = (
    "arr",
)  # decimals as the database has them: to make them floats costs more than the rest of a question


def holds(condition: Condition, sheet: Sheet) -> Said:
    """True, false or null for each account; the sheet joins what is asked."""
    if isinstance(condition, Every):
        return _linked([holds(part, sheet) for part in condition.parts], " AND ")
    if isinstance(condition, Either):
        return _linked([holds(part, sheet) for part in condition.parts], " OR ")
    if isinstance(condition, Not):
        return Truth(holds(condition.part, sheet), template="(NOT %(expressions)s)")
    return _leaf(condition, sheet)


def _linked(parts: list[Said], link: str) -> Said:
    return Truth(*parts, arg_joiner=link, template="(%(expressions)s)")


def _leaf(leaf: Leaf, sheet: Sheet) -> Said:
    found = sheet.value(leaf.column)
    if leaf.operator is None:
        return Truth(found, template=f"(%(expressions)s IS {'NOT ' if leaf.value else ''}NULL)")
    if leaf.operator.takes == "days":
        return _relative(leaf, found, sheet)
    if leaf.subject.kind == "any" and leaf.operator.takes == "number":
        numeric = compared(found, "~", Value(NUMBER))
        found = Case(When(numeric, then=Cast(found, FloatField())), output_field=FloatField())
    value = Decimal(str(leaf.value)) if leaf.column in EXACT else leaf.value
    return _COMPARED[leaf.operator.slug](found, value)


def _relative(leaf: Leaf, found: Said, sheet: Sheet) -> Said:
    assert leaf.operator is not None
    day, span = sheet.day, timedelta(days=int(float(str(leaf.value))))
    if leaf.operator.slug == "within_days":
        first, last = day, day + span
    elif leaf.operator.slug == "past_days":
        first, last = day - span + timedelta(days=1), day
    else:
        return compared(found, "<", Value(day - span))
    return _linked([compared(found, ">=", Value(first)), compared(found, "<=", Value(last))], " AND ")


def _texts(values: Any) -> Said:
    return Value(list(values), output_field=ArrayField(TextField()))


def _among(found: Said, value: Any) -> Said:
    return Truth(found, _texts(value), arg_joiner=" = ANY(", template="(%(expressions)s))")


def _lower(found: Said) -> Said:
    return Func(found, function="lower", output_field=TextField())


def _not(truth: Said) -> Said:
    return Truth(truth, template="(NOT %(expressions)s)")


def _contains(found: Said, value: str) -> Said:
    place = Func(_lower(found), Value(value.lower()), function="strpos", output_field=FloatField())
    return compared(place, ">", Value(0))


def _has(found: Said, value: str) -> Said:
    return Truth(Value(value), found, arg_joiner=" = ANY(", template="(%(expressions)s))")


def _sign(sign: str) -> Callable[[Said, Any], Said]:
    return lambda found, value: compared(found, sign, Value(value))


_COMPARED: Mapping[str, Callable[[Said, Any], Said]] = {
    "is": _sign("="),
    "is_not": _sign("<>"),
    "in": _among,
    "not_in": lambda found, value: _not(_among(found, value)),
    "contains": _contains,
    "starts_with": lambda found, value: Truth(_lower(found), Value(value.lower()), function="starts_with"),
    "has": _has,
    "has_not": lambda found, value: _not(_has(found, value)),
    "equals": _sign("="),
    "above": _sign(">"),
    "at_least": _sign(">="),
    "below": _sign("<"),
    "at_most": _sign("<="),
    "before": _sign("<"),
    "after": _sign(">"),
    "true": lambda found, value: Truth(
        found, Value(value, output_field=BooleanField()), arg_joiner=" = ", template="(%(expressions)s)"
    ),
}
