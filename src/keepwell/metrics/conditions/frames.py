"""A condition over the rows of a frame, on any engine that Narwhals speaks to."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import narwhals as nw

from keepwell.metrics.conditions.tree import Condition, Either, Every, Leaf, Not
from keepwell.metrics.formulas import calendar

NUMBER = r"^\s*-?\d+(\.\d+)?\s*$"


def holds(condition: Condition, *, day: str = "as_of") -> nw.Expr:
    """True, false, or null for unknown, for each row of a frame with the condition's columns; `day` is the asked day's.

    Columns are named as `tree.Leaf.column` says: texts, floats, dates, truths, lists of texts by the subject's kind; null
    is unknown.
    """
    if isinstance(condition, Every):
        return reduce(lambda one, other: one & other, (holds(part, day=day) for part in condition.parts))
    if isinstance(condition, Either):
        return reduce(lambda one, other: one | other, (holds(part, day=day) for part in condition.parts))
    if isinstance(condition, Not):
        return ~holds(condition.part, day=day)
    return _leaf(condition, day)


def _leaf(leaf: Leaf, day: str) -> nw.Expr:
    column = nw.col(leaf.column)
    if leaf.operator is None:
        return ~column.is_null() if leaf.value else column.is_null()
    if leaf.operator.takes == "days":
        return _relative(leaf, day)
    if leaf.subject.kind == "any" and leaf.operator.takes == "number":
        column = nw.when(column.str.contains(NUMBER)).then(column.str.strip_chars()).cast(nw.Float64)
    return _COMPARED[leaf.operator.slug](column, leaf.value)


def _relative(leaf: Leaf, day: str) -> nw.Expr:
    """Days are compared by their ordinals, for engines disagree on what the difference of two dates is."""
    assert leaf.operator is not None
    found, today, span = calendar.ordinal(leaf.column), calendar.ordinal(day), int(float(str(leaf.value)))
    if leaf.operator.slug == "within_days":
        return (found >= today) & (found <= today + span)
    if leaf.operator.slug == "past_days":
        return (found > today - span) & (found <= today)
    return found < today - span


_COMPARED: Mapping[str, Callable[[nw.Expr, Any], nw.Expr]] = {
    "is": lambda column, value: column == nw.lit(value),
    "is_not": lambda column, value: column != nw.lit(value),
    "in": lambda column, value: column.is_in(list(value)),
    "not_in": lambda column, value: ~column.is_in(list(value)),
    "contains": lambda column, value: column.str.to_lowercase().str.contains(value.lower(), literal=True),
    "starts_with": lambda column, value: column.str.to_lowercase().str.starts_with(value.lower()),
    "has": lambda column, value: column.list.contains(value),
    "has_not": lambda column, value: ~column.list.contains(value),
    "equals": lambda column, value: column == nw.lit(value),
    "above": lambda column, value: column > nw.lit(value),
    "at_least": lambda column, value: column >= nw.lit(value),
    "below": lambda column, value: column < nw.lit(value),
    "at_most": lambda column, value: column <= nw.lit(value),
    "before": lambda column, value: column < nw.lit(value),
    "after": lambda column, value: column > nw.lit(value),
    "true": lambda column, value: column == nw.lit(value),
}
