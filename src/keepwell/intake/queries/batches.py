"""Reads of imports and of what they could not take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.intake import files, models, sniffing
from keepwell.kernel import errors


@dataclass(frozen=True)
class BatchView:
    """An import: what, how far, with what outcome."""

    batch_id: int
    kind: str
    file_name: str
    source: str
    state: str
    dry_run: bool
    vouched: bool
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    constants: Mapping[str, str]
    formats: Mapping[str, str]
    encoding: str
    delimiter: str
    rows_total: int | None
    rows_done: int
    created: int
    updated: int
    unchanged: int
    duplicates: int
    conflicts: int
    rejected: int
    error: str
    prepared_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    forgotten_at: datetime | None

    @property
    def percent(self) -> int | None:
        """How much of the file is done; None before its rows are counted."""
        if self.rows_total is None:
            return None
        return 100 * self.rows_done // self.rows_total if self.rows_total else 100


@dataclass(frozen=True)
class RejectionView:
    """A row or an event that was not taken; `kind` is that of its import, or "calls"."""

    rejection_id: int
    source: str
    kind: str
    batch_id: int | None
    file_name: str
    columns: tuple[str, ...]
    row: int | None
    message_id: str
    verdict: str
    reason: str
    why: str
    about: str
    content: Mapping[str, Any]
    state: str
    received_at: datetime


@dataclass(frozen=True)
class PreviewView:
    """A kept file before its columns are mapped: its first rows."""

    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]


def preview(*, batch_id: int, seen_by: Scope) -> PreviewView:
    """What the page that maps columns shows. One query, and a look into the file."""
    batch = _batch(batch_id, seen_by)
    sketch = sniffing.sketch(files.path(batch.file), encoding=batch.encoding, file_name=batch.file_name)
    return PreviewView(sketch.columns, sketch.samples)


def recent(*, seen_by: Scope, limit: int = 50) -> tuple[BatchView, ...]:
    """The latest imports, newest first; none for those who may not import. One query."""
    if not seen_by.may("data.import"):
        return ()
    rows = models.Batch.objects.select_related("source").order_by("-prepared_at", "-pk")[:limit]
    return tuple(_view(batch) for batch in rows)


def find(*, batch_id: int, seen_by: Scope) -> BatchView:
    """One import. One query."""
    return _view(_batch(batch_id, seen_by))


def rejections(
    *, batch_id: int, seen_by: Scope, offset: int = 0, limit: int = 100
) -> tuple[RejectionView, ...]:
    """What an import could not take, by row. Two queries."""
    batch = _batch(batch_id, seen_by)
    rows = (
        models.Rejection.objects.filter(batch=batch).select_related("source", "batch").order_by("row", "pk")
    )
    return tuple(view_of(row) for row in rows[offset : offset + limit])


def tracked_rejections(
    *, seen_by: Scope, source: str | None = None, offset: int = 0, limit: int = 100
) -> tuple[RejectionView, ...]:
    """Tracked events that could not be taken, newest first. One query."""
    if not seen_by.may("data.import"):
        return ()
    rows = models.Rejection.objects.filter(batch=None).select_related("source", "batch")
    rows = rows.order_by("-received_at", "-pk")
    if source is not None:
        rows = rows.filter(source__slug=source)
    return tuple(view_of(row) for row in rows[offset : offset + limit])


def _batch(batch_id: int, seen_by: Scope) -> models.Batch:
    if seen_by.may("data.import"):
        batch = models.Batch.objects.select_related("source").filter(pk=batch_id).first()
        if batch is not None:
            return batch
    raise errors.NotFound("There is no import %(batch_id)s.", batch_id=batch_id)


def _view(batch: models.Batch) -> BatchView:
    return BatchView(
        batch_id=batch.pk,
        kind=batch.kind,
        file_name=batch.file_name,
        source=batch.source.slug,
        state=batch.state,
        dry_run=batch.dry_run,
        vouched=batch.vouched,
        columns=tuple(batch.columns),
        mapping=batch.mapping,
        constants=batch.constants,
        formats=batch.formats,
        encoding=batch.encoding,
        delimiter=batch.delimiter,
        rows_total=batch.rows_total,
        rows_done=batch.rows_done,
        created=batch.created,
        updated=batch.updated,
        unchanged=batch.unchanged,
        duplicates=batch.duplicates,
        conflicts=batch.conflicts,
        rejected=batch.rejected,
        error=batch.error,
        prepared_at=batch.prepared_at,
        started_at=batch.started_at,
        finished_at=batch.finished_at,
        forgotten_at=batch.forgotten_at,
    )


def view_of(row: models.Rejection) -> RejectionView:
    """A rejection whose source and batch were read with it."""
    columns = tuple(row.batch.columns) if row.batch else ()
    # PostgreSQL's JSON forgets the order of the columns.
    content = {column: row.content[column] for column in columns if column in row.content} | row.content
    return RejectionView(
        rejection_id=row.pk,
        source=row.source.slug,
        kind=row.batch.kind if row.batch else "calls",
        batch_id=row.batch_id,
        file_name=row.batch.file_name if row.batch else "",
        columns=columns,
        row=row.row,
        message_id=row.message_id,
        verdict=row.verdict,
        reason=row.reason,
        why=row.why,
        about=row.about,
        content=content,
        state=row.state,
        received_at=row.received_at,
    )


def failed_count() -> int:
    """How many imports stand failed. One query."""
    return models.Batch.objects.filter(state="failed").count()


def unfinished() -> tuple[int, ...]:
    """The imports that are queued or under way, or were when their worker was killed. One query."""
    rows = models.Batch.objects.filter(state__in=("queued", "running")).order_by("pk")
    return tuple(rows.values_list("pk", flat=True))
