"""Reads of deeds on many accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel.cells import as_cell
from keepwell.kernel.errors import NotFound
from keepwell.ledger.models import Account
from keepwell.plays.models import BulkDeed
from keepwell.plays.queries import bulk_kinds

SHOWN = 50
BLOCK = 500


@dataclass(frozen=True)
class DeedView:
    """A deed with how far it is."""

    id: int
    kind: str
    said: Mapping[str, Any]
    words: str
    state: str
    total: int
    done: int
    changed: int
    refused: tuple[tuple[str, str], ...]
    asked_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True)
class Change:
    """What an account is before and after."""

    key: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a deed would change: how many of how many, and some of them."""

    words: str
    changed: int
    total: int
    some: tuple[Change, ...]


def find(*, deed_id: int, seen_by: Scope) -> DeedView:
    """A deed of the asker's own."""
    row = BulkDeed.objects.filter(pk=deed_id, by=seen_by.user_id).first()
    if row is None:
        raise NotFound("There is no such deed of yours.")
    words = bulk_kinds.find(row.kind).words(row.said) if row.kind else ""
    return DeedView(
        row.pk, row.kind, row.said, words, row.state, len(row.accounts), row.done, row.changed,
        tuple((key, reason) for key, reason in row.refused), row.asked_at, row.finished_at, row.undone_at,
    )  # fmt: skip


def waiting() -> list[int]:
    """The deeds that wait for a job, or for the rest of one. One query."""
    return list(BulkDeed.objects.filter(state__in=("queued", "running")).values_list("pk", flat=True))


def preview(*, deed_id: int, kind: str, said: Mapping[str, Any], seen_by: Scope, at: datetime) -> Preview:
    """What it would change; nothing is written. A few queries a thousand accounts."""
    row = BulkDeed.objects.filter(pk=deed_id, by=seen_by.user_id).first()
    if row is None:
        raise NotFound("There is no such deed of yours.")
    deed = bulk_kinds.find(kind)
    seen_by.require(deed.needs)
    read = deed.read(said, at.date())
    some: list[Change] = []
    changed = 0
    for start in range(0, len(row.accounts), BLOCK):
        found = bulk_kinds.rows(row.accounts[start : start + BLOCK])
        news = bulk_kinds.changes(deed, read, found)
        changed += len(news)
        some += [_change(account, *news[account.pk]) for account in found if account.pk in news][
            : SHOWN - len(some)
        ]
    return Preview(deed.words(read), changed, len(row.accounts), tuple(some))


def _change(account: Account, before: Any, after: Any) -> Change:
    return Change(account.key, account.name, _said(before), _said(after))


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return as_cell(value)
