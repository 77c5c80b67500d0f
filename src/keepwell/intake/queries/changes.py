"""Reads of what imports changed, and of what their undoing did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.images import CUSTOM
from keepwell.intake.queries import batches
from keepwell.kernel import errors

AT_ONCE = 1000

What = Literal["all", "created", "changed", "owners", "left"]
_NARROWED: dict[str, Q] = {
    "all": Q(),
    "created": Q(before__isnull=True),
    "changed": Q(before__isnull=False),
    "owners": Q(before__has_key="owner"),
    "left": Q(undone="left"),
}


@dataclass(frozen=True)
class ChangeView:
    """A row that an import created or changed: its fields with their values before and after; why an undo left it."""

    noun: str
    key: str
    created: bool
    fields: tuple[tuple[str, str, str], ...]
    undone: str
    reason: str


@dataclass(frozen=True)
class UndoView:
    """The undoing of an import: how far, with what outcome."""

    undo_id: int
    batch_id: int
    state: str
    total: int
    done: int
    removed: int
    restored: int
    left: int
    error: str
    by: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def counts(*, batch_id: int, seen_by: Scope) -> dict[str, int]:
    """How many rows an import creates, how many it changes, how many change hands. Two queries."""
    found = _rows(batch_id, "all", seen_by).aggregate(
        created=Count("pk", filter=_NARROWED["created"]),
        changed=Count("pk", filter=_NARROWED["changed"]),
        owners=Count("pk", filter=_NARROWED["owners"]),
    )
    return dict(found)


def listed(*, batch_id: int, what: What, seen_by: Scope, limit: int = 20) -> tuple[ChangeView, ...]:
    """The first rows that an import creates or changes. Two queries."""
    return tuple(_view(row) for row in _rows(batch_id, what, seen_by).order_by("pk")[:limit])


def each(*, batch_id: int, seen_by: Scope) -> Iterator[ChangeView]:
    """All rows that an import creates or changes, a thousand at a time."""
    rows, last = _rows(batch_id, "all", seen_by).order_by("pk"), 0
    while part := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield from map(_view, part)
        last = part[-1].pk


def undo(*, batch_id: int, seen_by: Scope) -> UndoView:
    """The undoing of an import, if there is one. Two queries."""
    batches.find(batch_id=batch_id, seen_by=seen_by)
    found = undo_if_any(batch_id=batch_id)
    if found is None:
        raise errors.NotFound("Import %(batch_id)s was not undone.", batch_id=batch_id)
    return found


def undo_if_any(*, batch_id: int) -> UndoView | None:
    """The same, or None. One query."""
    row = models.Undo.objects.select_related("by").filter(batch=batch_id).first()
    if row is None:
        return None
    return UndoView(
        row.pk, batch_id, row.state, row.total, row.done, row.removed, row.restored, row.left, row.error,
        str(row.by or row.through), row.asked_at, row.started_at, row.finished_at,
    )  # fmt: skip


def unfinished_undos() -> tuple[int, ...]:
    """The undos that are queued or under way, or were when their worker was killed. One query."""
    found = models.Undo.objects.filter(state__in=("queued", "running")).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


def _rows(batch_id: int, what: What, seen_by: Scope) -> QuerySet[models.RowChange]:
    batches.find(batch_id=batch_id, seen_by=seen_by)
    return models.RowChange.objects.filter(_NARROWED[what], batch=batch_id)


def _view(row: models.RowChange) -> ChangeView:
    before, after = row.before or {}, row.after or {}
    names = sorted(after, key=lambda name: (name.startswith(CUSTOM), name))
    fields = tuple((name.removeprefix(CUSTOM), before.get(name, ""), after[name]) for name in names)
    return ChangeView(row.noun, row.key, row.before is None, fields, row.undone, row.reason)
