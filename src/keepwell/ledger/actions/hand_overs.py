"""Deeds on hand-overs of days to come: say one, take it back, let those begin whose day has come."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.models import User
from keepwell.access.roles import ROLES
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.ledger import models
from keepwell.ledger.actions import owners
from keepwell.ledger.queries import accounts


def plan(
    *, account_ids: Collection[int], user: User, role: str, since: date, by: Scope, at: datetime
) -> None:
    """From a day to come on a person has a role for these accounts; what was said for the role before goes. Two queries."""
    by.require("accounts.assign")
    if role not in ROLES:
        raise Invalid('"%(role)s" is no role. Use one of: %(listed)s.', role=role, listed=", ".join(ROLES))
    if since <= at.date():
        raise Invalid("%(since)s has come already: hand over today, or say since when it was.", since=since)
    rows = [
        models.HandOver(account_id=pk, role=role, user=user, since=since, said_by_id=by.user_id, said_at=at)
        for pk in account_ids
    ]
    with transaction.atomic():
        models.HandOver.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["account", "role"],
            update_fields=["user", "since", "said_by", "said_at"],
        )
        audit.record(
            by=by, at=at, deed="account.plan_hand_over", subject=f"user:{user.email}", role=role,
            since=since.isoformat(), rows=len(rows),
        )  # fmt: skip


def drop(*, account_ids: Collection[int], role: str, by: Scope, at: datetime) -> int:
    """Take hand-overs back that have not begun; gives how many there were."""
    by.require("accounts.assign")
    seen = accounts.visible(seen_by=by).filter(pk__in=account_ids)
    with transaction.atomic():
        gone, _ = models.HandOver.objects.filter(account__in=seen, role=role).delete()
        if gone:
            audit.record(by=by, at=at, deed="account.drop_hand_over", subject=f"role:{role}", rows=gone)
    return gone


def drop_one(*, key: str, role: str, by: Scope, at: datetime) -> None:
    """The same for one account, by its key."""
    found = accounts.find(key=key, seen_by=by)
    if not drop(account_ids=[found.id], role=role, by=by, at=at):
        raise NotFound("There is no hand-over to come for this role: it has begun, or was taken back.")


def begin(*, at: datetime) -> int:
    """Hand over what is due by now, from the day that was said on; gives how many. One query while nothing is due."""
    due = models.HandOver.objects.filter(since__lte=at.date()).order_by("since", "pk")
    days = dict.fromkeys(due.values_list("since", flat=True))
    begun = 0
    for day in days:
        with transaction.atomic():
            rows = list(due.filter(since=day).select_for_update(skip_locked=True))
            owners.hand_over(wanted={(row.account_id, row.role): row.user_id for row in rows}, on=day)
            models.HandOver.objects.filter(pk__in=[row.pk for row in rows]).delete()
        begun += len(rows)
    return begun
