"""Overrides: who said where an account stands, why, until when, and what the score said."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class OverrideView:
    """An override; `ended_at` None while it holds. `score_points` and `score_band` are what the score said then."""

    account: str
    name: str
    band: str
    points: float | None
    reason: str
    by: str
    made_at: datetime
    expires_on: date
    score_points: float | None
    score_band: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str


def holding(*, seen_by: Scope) -> tuple[OverrideView, ...]:
    """Every override that holds now, the next to expire first. One query."""
    rows = _seen(seen_by).filter(ended_at=None).order_by("expires_on", "pk")
    return tuple(view(row) for row in rows)


def of_account(*, account_id: int, seen_by: Scope) -> tuple[OverrideView, ...]:
    """Every override that an account ever had, the latest first. One query."""
    return tuple(view(row) for row in _seen(seen_by).filter(account=account_id).order_by("-made_at", "-pk"))


def held(*, account_id: int, day: date) -> OverrideView | None:
    """The override that held at the end of a day, of an account that may be seen. One query."""
    rows = models.Override.objects.select_related("account", "by", "ended_by").filter(
        account=account_id, made_at__lt=end_of(day), expires_on__gte=day
    )
    row = next((row for row in rows.order_by("-made_at") if holds(row, day)), None)
    return None if row is None else view(row)


def holds(row: models.Override, day: date) -> bool:
    """Whether an override held at the end of a day."""
    end = end_of(day)
    return row.made_at < end and row.expires_on >= day and (row.ended_at is None or row.ended_at >= end)


def view(row: models.Override) -> OverrideView:
    """An override as pages and answers show it."""
    return OverrideView(
        account=row.account.key,
        name=row.account.name,
        band=row.band,
        points=row.points,
        reason=row.reason,
        by=str(row.by) if row.by else "Keepwell",
        made_at=row.made_at,
        expires_on=row.expires_on,
        score_points=row.score_points,
        score_band=row.score_band,
        ended_at=row.ended_at,
        ended_by=str(row.ended_by) if row.ended_by else "",
        end_reason=row.end_reason,
    )


def _seen(seen_by: Scope) -> "QuerySet[models.Override]":
    mine = accounts.visible(seen_by=seen_by)
    return models.Override.objects.select_related("account", "by", "ended_by").filter(account__in=mine)
