"""Quarters that are over are counted by themselves: a statement of each value model, once."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from keepwell.access import scopes
from keepwell.kernel.errors import Refused
from keepwell.outcomes import models, quarters
from keepwell.outcomes.actions import value_statements
from keepwell.outcomes.quarters import Quarter

MOST = 200


def look(*, at: datetime, limit: int = MOST) -> int:
    """Count the last quarter of accounts of which a model has no whole statement yet, so many at once; gives how many.

    A model that was written after the quarter is left to people. Reads each such account's share of the lake once.
    """
    over = quarters.of(at.date()).before
    asked = waiting(over)[:limit]
    for account in asked:
        try:
            value_statements.count(account=account, quarter=over, by=scopes.system(through="jobs"), at=at)
        except Refused:
            continue
    return len(asked)


def waiting(over: Quarter) -> list[str]:
    """The keys of the accounts of which a quarter is still to be counted. One query."""
    whole = models.ValueStatement.objects.filter(
        model=OuterRef("pk"), since=over.since, until__gte=over.until
    )
    rows = models.ValueModel.objects.filter(
        ~Exists(whole), dropped_at=None, objective__dropped_at=None, created_at__date__lte=over.until,
        plan__account__former=False, plan__account__merged_into=None,
    )  # fmt: skip
    told = rows.order_by("plan__account__key").values_list("plan__account__key", flat=True).distinct()
    return list(told)
