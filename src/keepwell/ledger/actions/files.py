"""Deeds on files of accounts: added, linked, removed and brought back, and forgotten for good after a while."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger import filing, models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, says
from keepwell.ledger.queries import accounts

SOURCE = "keepwell"
KEEPING = timedelta(days=30)
VISIBILITIES = ("internal", "shared")
_upsert = service.upserting(models.File)


@says(models.File)
def _says(file: models.File) -> list[Said]:
    if file.removed_at is not None:
        return []
    told = {"key": file.key, "title": file.name, "by": file.added_by}
    props = json.dumps({name: said for name, said in told.items() if said})
    value = None if file.size is None else float(file.size)
    return [Said("file.added", file.added_at, file.visibility, value=value, props=props)]


def add(
    *,
    account: str,
    name: str,
    chunks: Iterable[bytes],
    visibility: str,
    by: Scope,
    at: datetime,
    person: str = "",
) -> str:
    """Keep a file for an account; gives its key. `Invalid` when it is too large, empty or a program."""
    named = _checked(account, name, visibility, by)
    kept = filing.keep(chunks)
    try:
        return _write(account, by, at, {"name": named, "visibility": visibility, **kept._asdict()}, person)
    except BaseException:
        filing.path(kept.place).unlink(missing_ok=True)
        raise


def link(*, account: str, name: str, href: str, visibility: str, by: Scope, at: datetime) -> str:
    """Note where a file stands elsewhere; gives its key."""
    address = href.strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or len(address) > 2000:
        raise errors.Invalid(
            '"%(address)s" is no address. Use one that begins with https://.', address=address[:80]
        )
    named = _checked(account, name.strip() or address, visibility, by)
    return _write(account, by, at, {"name": named, "visibility": visibility, "link": address}, "")


def _checked(account: str, name: str, visibility: str, by: Scope) -> str:
    """The name without a folder, once the asker may write to the account."""
    by.require("work.do")
    if not accounts.visible(seen_by=by).filter(key=account).exists():
        raise errors.NotFound('There is no account "%(account)s".', account=account)
    if visibility not in VISIBILITIES:
        raise errors.Invalid(
            'visibility "%(visibility)s" is not known. Use one of: %(listed)s.',
            visibility=visibility,
            listed=", ".join(VISIBILITIES),
        )
    shown = "".join(sign for sign in name if sign.isprintable()).replace("\\", "/")
    last = shown if "://" in shown else shown.rpartition("/")[2]
    if not last.strip():
        raise errors.Invalid("The file has no name. Give it one.")
    return last.strip()[-255:]


def _write(account: str, by: Scope, at: datetime, said: Row, person: str) -> str:
    key = uuid4().hex
    user = User.objects.filter(pk=by.user_id).first() if by.user_id else None
    row = {"key": key, "account": account, "added_by": user.email if user else "", "added_at": at, **said}
    if person:
        row["person"] = person
    _put(row, by, at)
    return key


def _put(row: Row, by: Scope, at: datetime) -> None:
    verdict = _upsert(rows=[row], source=SOURCE, by=by, at=at, vouched=False)[0]
    if verdict.outcome == "rejected":
        raise errors.Invalid(speech.recalled(verdict.reason))


def remove(*, key: str, by: Scope, at: datetime) -> None:
    """Take a file away; for thirty days it can come back."""
    _turn(key, by, at, at)


def restore(*, key: str, by: Scope, at: datetime) -> None:
    """Bring a removed file back."""
    _turn(key, by, at, None)


def _turn(key: str, by: Scope, at: datetime, removed_at: datetime | None) -> None:
    by.require("work.do")
    with transaction.atomic():
        seen = accounts.visible(seen_by=by)
        file = models.File.objects.select_for_update().filter(key=key, account__in=seen).first()
        if file is None or (file.removed_at is None) == (removed_at is None):
            raise errors.NotFound('There is no file "%(key)s".', key=key)
        _put({"key": key, "removed_at": removed_at}, by, at)
        deed = "file.restore" if removed_at is None else "file.remove"
        audit.record(by=by, at=at, deed=deed, subject=f"file:{key}", name=file.name)


def forget_removed(*, at: datetime) -> int:
    """Delete the bytes and rows of files that were removed long ago, and bytes that no row names; gives how many."""
    old = models.File.objects.filter(removed_at__lt=at - KEEPING)
    gone = list(old.values_list("pk", "place"))
    models.File.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
    named = set(models.File.objects.exclude(place="").values_list("place", flat=True))
    folder = filing.path("")
    stale = [
        path
        for path in (folder.iterdir() if folder.exists() else ())
        if path.name not in named and path.stat().st_mtime < (at - timedelta(days=1)).timestamp()
    ]
    for path in stale:
        path.unlink(missing_ok=True)
    for _, place in gone:
        if place:
            filing.path(place).unlink(missing_ok=True)
    return len(gone)
