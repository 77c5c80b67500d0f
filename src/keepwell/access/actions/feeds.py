"""Deeds on the address of one's own calendar."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet

from keepwell.access import models
from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors

NOTED_EVERY = timedelta(hours=1)


def create(*, by: Scope, at: datetime) -> str:
    """A new secret address for oneself; it is returned once and never stored. One that was there ends."""
    user_id = _person(by)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        models.User.objects.select_for_update().get(pk=user_id)
        ended = _live(user_id).update(revoked_at=at)
        models.CalendarFeed.objects.create(
            user_id=user_id, digest=sha256(secret.encode()).hexdigest(), created_at=at
        )
        deed = "calendar.replace" if ended else "calendar.create"
        audit.record(by=by, at=at, deed=deed, subject=f"user:{user_id}")
    return secret


def revoke(*, by: Scope, at: datetime) -> None:
    """The address stops at once; refuses where there is none."""
    user_id = _person(by)
    with transaction.atomic():
        if not _live(user_id).update(revoked_at=at):
            raise errors.NotFound("You have no calendar address.")
        audit.record(by=by, at=at, deed="calendar.revoke", subject=f"user:{user_id}")


def note_read(*, feed_id: int, at: datetime) -> None:
    """Keep when it was last read, to the hour."""
    due = Q(last_read_at=None) | Q(last_read_at__lt=at - NOTED_EVERY)
    models.CalendarFeed.objects.filter(due, pk=feed_id).update(last_read_at=at)


def _person(by: Scope) -> int:
    if by.user_id is None:
        raise errors.Forbidden("Only a person has a calendar. Use a person's token.")
    return by.user_id


def _live(user_id: int) -> "QuerySet[models.CalendarFeed]":
    return models.CalendarFeed.objects.filter(user=user_id, revoked_at=None)
