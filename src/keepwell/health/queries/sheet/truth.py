"""True, false or null: comparisons that the ORM does not rewrite."""

from typing import Any

from django.db.models import BooleanField, Func, Value


class Truth(Func):
    """An expression that answers with SQL's own three values; Django's lookups turn unknown into false under a negation."""

    output_field = BooleanField()


def compared(one: Any, sign: str, other: Value) -> Truth:
    """One side against the other."""
    return Truth(one, other, arg_joiner=f" {sign} ", template="(%(expressions)s)")
