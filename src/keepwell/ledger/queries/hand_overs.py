"""Who is to look after accounts from days that have not come yet."""

from dataclasses import dataclass
from datetime import date

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class HandOverView:
    """From the day on this person has the role."""

    role: str
    name: str
    email: str
    since: date
    said_by: str


def of_account(*, account_id: int, seen_by: Scope) -> tuple[HandOverView, ...]:
    """What is said for an account, the next first. One query."""
    mine = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    rows = models.HandOver.objects.filter(account__in=mine).select_related("user", "said_by")
    return tuple(
        HandOverView(row.role, str(row.user), row.user.email, row.since, str(row.said_by or ""))
        for row in rows.order_by("since", "role")
    )
