"""Whose calendar a secret address is, and whether somebody has one."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from keepwell.access import models
from keepwell.access.queries import scopes
from keepwell.access.scopes import NOBODY, Scope
from keepwell.kernel import errors


@dataclass(frozen=True)
class FeedView:
    """That there is an address, since when, and when a program last read it."""

    created_at: datetime
    last_read_at: datetime | None


@dataclass(frozen=True)
class Reader:
    """Whose calendar is read: the person, what they may see, and nothing that they may do."""

    feed_id: int
    user: Any
    seen_by: Scope


def own(*, seen_by: Scope) -> FeedView | None:
    """The asker's address that is in force. One query."""
    row = models.CalendarFeed.objects.filter(user=seen_by.user_id, revoked_at=None).first()
    return None if row is None or seen_by.user_id is None else FeedView(row.created_at, row.last_read_at)


def of_secret(secret: str) -> Reader:
    """Whose it is; what is unknown, revoked or of somebody who may not sign in does not exist. Two or three queries."""
    digest = sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
    row = models.CalendarFeed.objects.filter(digest=digest, revoked_at=None).first()
    user = None if row is None else models.User.objects.filter(pk=row.user_id).first()
    scope = NOBODY if user is None else scopes.of_user(user, through="calendar")
    if row is None or user is None or scope is NOBODY:
        raise errors.NotFound("There is no such calendar.")
    return Reader(row.pk, user, replace(scope, capabilities=frozenset()))
