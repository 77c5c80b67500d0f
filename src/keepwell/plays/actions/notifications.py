"""Deeds on notifications: tell people, mark as read, choose how to hear."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit, live
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.plays import models
from keepwell.plays.notices import KINDS
from keepwell.plays.queries import notifications


def tell(
    *,
    kind: str,
    user_ids: Collection[int],
    key: str,
    what: str,
    subject: str,
    at: datetime,
    account_id: int | None = None,
) -> int:
    """Tell people of a happening, each once, in the ways that they chose; gives how many were told. Two queries."""
    ways = notifications.ways(kind=kind, user_ids=user_ids)
    rows = [
        models.Notification(
            user_id=user,
            kind=kind,
            key=key[:200],
            what=what[:500],
            subject=subject[:300],
            account_id=account_id,
            at=at,
            in_app=in_app,
            by_mail=by_mail,
        )
        for user, (in_app, by_mail) in ways.items()
        if in_app or by_mail
    ]
    with transaction.atomic():
        fresh = set(user_ids) - set(
            models.Notification.objects.filter(user__in=user_ids, key=key[:200]).values_list(
                "user", flat=True
            )
        )
        made = [row for row in rows if row.user_id in fresh]
        models.Notification.objects.bulk_create(made, ignore_conflicts=True)
        if made:
            live.announce("bell", users=[row.user_id for row in made])
    return len(made)


def read(*, ids: Collection[int] | None, by: Scope, at: datetime) -> int:
    """Mark some of one's notifications as read, or all of them; gives how many were unread."""
    rows = models.Notification.objects.filter(user=_me(by), read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    with transaction.atomic():
        count = rows.update(read_at=at)
        if count:
            live.announce("bell", users=[_me(by)])
    return count


def unread(*, ids: Collection[int], by: Scope) -> int:
    """Take that back."""
    with transaction.atomic():
        count = models.Notification.objects.filter(user=_me(by), pk__in=ids).update(read_at=None)
        live.announce("bell", users=[_me(by)])
    return count


def choose(*, kind: str, in_app: bool, by_mail: bool, by: Scope, at: datetime) -> None:
    """Say how one wants to hear of a kind from now on."""
    if kind not in KINDS:
        raise errors.Invalid(
            '"%(kind)s" is no kind of notification. Use one of %(listed)s.',
            kind=kind,
            listed=", ".join(KINDS),
        )
    with transaction.atomic():
        models.NoticeChoice.objects.update_or_create(
            user_id=_me(by), kind=kind, defaults={"in_app": in_app, "by_mail": by_mail}
        )
        audit.record(by=by, at=at, deed="notice.choose", subject=f"kind:{kind}", app=in_app, mail=by_mail)


def _me(by: Scope) -> int:
    if by.user_id is None:
        raise errors.Invalid("Only a person is told things.")
    return by.user_id
