"""Files of accounts."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keepwell.access.queries import users
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger import filing, models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class FileView:
    """A file or a link; `size` in bytes, of links not known."""

    key: str
    name: str
    link: str
    media_type: str
    size: int | None
    digest: str
    visibility: str
    person: str
    added_by: str
    added_at: datetime


def of_account(
    *, account_id: int, seen_by: Scope, until: datetime | None = None, limit: int = 500
) -> tuple[FileView, ...]:
    """The files of an account, latest first; those that were added before a moment. Two queries."""
    seen = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    rows = models.File.objects.filter(account__in=seen, removed_at=None).select_related("person")
    if until is not None:
        rows = rows.filter(added_at__lt=until)
    found = list(rows.order_by("-added_at", "-pk")[:limit])
    names = users.names({row.added_by for row in found if row.added_by})
    return tuple(_view(row, names.get(row.added_by, row.added_by)) for row in found)


def find(*, key: str, account_id: int, seen_by: Scope) -> tuple[FileView, Path]:
    """One file of an account, and where its bytes stand."""
    seen = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    rows = models.File.objects.filter(key=key, account__in=seen, removed_at=None).select_related("person")
    row = rows.first()
    if row is None:
        raise errors.NotFound('There is no file "%(key)s".', key=key)
    return _view(row, row.added_by), filing.path(row.place)


def _view(row: models.File, by: str) -> FileView:
    return FileView(
        row.key,
        row.name,
        row.link,
        row.media_type,
        row.size,
        row.digest,
        row.visibility,
        row.person.key if row.person else "",
        by,
        row.added_at,
    )
