"""Reads of what people were told, and of how they want to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.notices import KINDS


@dataclass(frozen=True)
class NotificationView:
    """One thing that the asker was told; unread while `read_at` is None."""

    id: int
    kind: str
    what: str
    subject: str
    account_key: str
    account_name: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Choice:
    """How the asker hears of a kind."""

    slug: str
    title: str
    sentence: str
    in_app: bool
    by_mail: bool


def unread_count(*, seen_by: Scope) -> int:
    """How much the asker has not read. One query."""
    return _mine(seen_by).filter(read_at=None).count()


def latest(
    *, seen_by: Scope, unread: bool = False, offset: int = 0, limit: int = 50
) -> tuple[NotificationView, ...]:
    """What the asker was told, the latest first; nothing of accounts that they may no longer see. One query."""
    rows = _mine(seen_by)
    if unread:
        rows = rows.filter(read_at=None)
    return _views(rows.order_by("-at", "-pk")[offset : offset + limit])


def for_letter(
    *, seen_by: Scope, since: datetime, until: datetime, limit: int = 50
) -> tuple[NotificationView, ...]:
    """What of a span goes into the asker's mail and was not read meanwhile, the earliest first. One query."""
    rows = models.Notification.objects.filter(
        _seen(seen_by), user=seen_by.user_id, by_mail=True, read_at=None
    )
    found = rows.select_related("account").filter(at__gte=since, at__lt=until)
    return _views(found.order_by("at", "pk")[:limit])


def choices(*, seen_by: Scope) -> tuple[Choice, ...]:
    """How the asker hears of each kind. One query."""
    said = {row.kind: row for row in models.NoticeChoice.objects.filter(user=seen_by.user_id)}
    return tuple(
        Choice(
            kind.slug,
            kind.title,
            kind.sentence,
            said[kind.slug].in_app if kind.slug in said else True,
            said[kind.slug].by_mail if kind.slug in said else kind.by_mail,
        )
        for kind in KINDS.values()
    )


def ways(*, kind: str, user_ids: Collection[int]) -> dict[int, tuple[bool, bool]]:
    """Whether people hear of a kind in the app and by mail. One query."""
    said = models.NoticeChoice.objects.filter(kind=kind, user__in=user_ids)
    chosen = {row.user_id: (row.in_app, row.by_mail) for row in said}
    return {user: chosen.get(user, (True, KINDS[kind].by_mail)) for user in user_ids}


def _mine(seen_by: Scope) -> "QuerySet[models.Notification]":
    rows = models.Notification.objects.filter(_seen(seen_by), user=seen_by.user_id, in_app=True)
    return rows.select_related("account")


def _seen(seen_by: Scope) -> Q:
    if seen_by.everything:
        return Q()
    return Q(account=None) | Q(account__in=accounts.visible(seen_by=seen_by))


def _views(rows: "QuerySet[models.Notification]") -> tuple[NotificationView, ...]:
    return tuple(
        NotificationView(
            row.pk,
            row.kind,
            row.what,
            row.subject,
            row.account.key if row.account else "",
            row.account.name if row.account else "",
            row.at,
            row.read_at,
        )
        for row in rows
    )
