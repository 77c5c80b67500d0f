"""Notes of an account, and how they were worded before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keepwell.access.queries import users
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class NoteView:
    """A note; `rewordings` is how often it was changed."""

    key: str
    text: str
    author: str
    author_name: str
    at: datetime
    visibility: str
    is_pinned: bool
    rewordings: int


@dataclass(frozen=True)
class Wording:
    """How a note was worded until somebody changed it."""

    text: str
    visibility: str
    by: str
    until: datetime


def of_account(
    *,
    account_id: int,
    seen_by: Scope,
    until: datetime,
    since: datetime | None = None,
    search: str = "",
    pinned: bool | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> tuple[NoteView, ...]:
    """Notes of an account before a moment, latest first; those after the one at `before`, by moment and key. Two queries."""
    rows = models.Note.objects.filter(
        account__in=accounts.visible(seen_by=seen_by).filter(pk=account_id), written_at__lt=until
    )
    if since is not None:
        rows = rows.filter(written_at__gte=since)
    if search:
        rows = rows.filter(text__icontains=search)
    if pinned is not None:
        rows = rows.filter(pinned=pinned)
    if before is not None:
        at, key = before
        rows = rows.filter(Q(written_at__lt=at) | Q(written_at=at, key__lt=key))
    return _views(list(_counted(rows).order_by("-written_at", "-key")[:limit]))


def find(*, key: str, account_id: int, seen_by: Scope) -> NoteView:
    """One note of an account."""
    seen = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    found = list(_counted(models.Note.objects.filter(key=key, account__in=seen)))
    if not found:
        raise errors.NotFound('There is no note "%(key)s".', key=key)
    return _views(found)[0]


def wordings(*, key: str, account_id: int, seen_by: Scope) -> tuple[Wording, ...]:
    """How a note was worded before, latest first."""
    note = find(key=key, account_id=account_id, seen_by=seen_by)
    rows = list(models.NoteWording.objects.filter(note=note.key).order_by("-changed_at", "-pk"))
    names = users.names({row.changed_by for row in rows if row.changed_by})
    return tuple(
        Wording(row.text, row.visibility, names.get(row.changed_by, row.changed_by), row.changed_at)
        for row in rows
    )


def _counted(rows: "QuerySet[models.Note]") -> "QuerySet[models.Note]":
    earlier = models.NoteWording.objects.filter(note=OuterRef("key")).order_by().values("note")
    return rows.annotate(rewordings=Coalesce(Subquery(earlier.annotate(n=Count("pk")).values("n")), 0))


def _views(rows: Sequence[models.Note]) -> tuple[NoteView, ...]:
    names = users.names({row.author for row in rows if row.author})
    return tuple(
        NoteView(
            row.key,
            row.text,
            row.author,
            names.get(row.author, row.author),
            row.written_at,
            row.visibility,
            row.pinned,
            getattr(row, "rewordings", 0),
        )
        for row in rows
    )
