"""The job of an import: chunk by chunk into the ledger, each chunk with its progress in one transaction."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from keepwell.access.actions import live
from keepwell.access.scopes import system
from keepwell.intake import files, kinds, models, reading, reasons
from keepwell.intake.actions import changes, kept_files, repeats, sources, writing
from keepwell.intake.actions.alone import alone
from keepwell.intake.formats import Formats
from keepwell.intake.rows import USUAL, Layout, Row, Unfit
from keepwell.intake.verdicts import Tally
from keepwell.kernel import errors, speech
from keepwell.ledger.actions import arrivals
from keepwell.ledger.arrivals import Arrived
from keepwell.ledger.queries import erased

CHUNK_ROWS = 5000
LOCK = 0x696D706F
CHUNK_BYTES = 8 * 1024 * 1024

_log = logging.getLogger(__name__)


class Overtaken(errors.Conflict):
    """Another worker stores the same chunk, or did so already."""


@dataclass(frozen=True)
class _Chunk:
    """Consecutive records with content, and where the next chunk begins."""

    records: list[reading.Record]
    byte: int
    row: int


def run(*, batch_id: int, at: datetime) -> None:
    """Carry an import to its end, from wherever it stands.

    May be called again after a crash, and by several workers at once: one carries it, the others leave. What was
    vouched for, and the moment from which the facts count as known, are those of the first start.
    """
    with alone(kind=LOCK, number=batch_id) as mine:
        if mine:
            _carry(batch_id, at)


def _carry(batch_id: int, at: datetime) -> None:
    batch = _taken(batch_id, at)
    if batch is None:
        return
    try:
        if batch.rows_total is None:
            _count(batch)
        layout = layout_of(batch)
        for chunk in _chunks(batch):
            _store(batch, layout, chunk)
        _finish(batch, at)
    except Overtaken:
        return
    except Exception as failure:
        _fail(batch, failure, at)
        if not isinstance(failure, errors.Refused):
            raise


def _taken(batch_id: int, at: datetime) -> models.Batch | None:
    """The batch if it is to be run: queued, or left running by a worker that is gone."""
    models.Batch.objects.filter(pk=batch_id, state="queued", started_at=None).update(started_at=at)
    models.Batch.objects.filter(pk=batch_id, state="queued").update(state="running")
    return models.Batch.objects.select_related("source").filter(pk=batch_id, state="running").first()


def _dialect(batch: models.Batch) -> reading.Dialect:
    return reading.Dialect(batch.encoding, batch.delimiter)


def _count(batch: models.Batch) -> None:
    found = sum(
        1 for record in reading.records(files.path(batch.file), _dialect(batch)) if record.has_content
    )
    batch.rows_total = max(found - 1, 0)
    models.Batch.objects.filter(pk=batch.pk).update(rows_total=batch.rows_total)


def layout_of(batch: models.Batch) -> Layout:
    """How the rows of an import are read."""
    return Layout(
        kinds.find(batch.kind),
        batch.columns,
        mapping=batch.mapping,
        constants=batch.constants,
        file_name=batch.file_name,
        formats=formats if (formats := Formats.of(batch.formats)) != USUAL else USUAL,
    )


def _chunks(batch: models.Batch) -> Iterator[_Chunk]:
    """The chunks that are left; the first record with content is the header."""
    begin, at_header = batch.byte, batch.byte == 0
    chunk = _Chunk([], begin, batch.row)
    for record in reading.records(files.path(batch.file), _dialect(batch), start=begin, row=batch.row):
        if record.has_content:
            if not at_header:
                chunk.records.append(record)
            at_header = False
        chunk = _Chunk(chunk.records, record.end, record.row)
        if len(chunk.records) >= CHUNK_ROWS or record.end - begin >= CHUNK_BYTES:
            yield chunk
            begin, chunk = record.end, _Chunk([], record.end, record.row)
    if chunk.byte > begin:
        yield chunk


def _store(batch: models.Batch, layout: Layout, chunk: _Chunk) -> None:
    """Store a chunk, its verdicts and the place where the next one begins, all or nothing."""
    tally = Tally()
    with transaction.atomic():
        mine = models.Batch.objects.select_for_update().filter(pk=batch.pk, state="running", byte=batch.byte)
        if not mine.exists():
            raise Overtaken("Import %(pk)s is carried on by another worker.", pk=batch.pk)
        rows = _read(layout, chunk, tally)
        sorted_rows = repeats.sort(rows, batch_id=batch.pk, ids_are_final=batch.kind == "events")
        _note_repeats(layout, sorted_rows, tally)
        refused = _write(batch, layout, sorted_rows.fresh, tally)
        sorted_rows.remember(batch_id=batch.pk, rejected=refused)
        _bury(batch, tally)
        if not batch.dry_run:
            _count_arrivals(batch, len(chunk.records), tally)
        models.Batch.objects.filter(pk=batch.pk).update(
            byte=chunk.byte,
            row=chunk.row,
            rows_done=F("rows_done") + len(chunk.records),
            **{outcome: F(outcome) + count for outcome, count in tally},
        )
        live.announce(f"import:{batch.pk}")
    batch.byte, batch.row = chunk.byte, chunk.row


def _read(layout: Layout, chunk: _Chunk, tally: Tally) -> list[Row]:
    rows = []
    for record in chunk.records:
        row = layout.read(record)
        if isinstance(row, Unfit):
            tally.reject(row)
        else:
            rows.append(row)
    return rows


def _note_repeats(layout: Layout, found: repeats.Sorted, tally: Tally) -> None:
    tally.count("duplicates", found.duplicates)
    for clash in found.clashes:
        row = clash.row
        reason = speech.english(
            'id "%(key)s" stands in row %(first_row)s with other content. That row was kept.',
            key=row.key,
            first_row=clash.first_row,
        )
        unfit = layout.unfit(row.number, row.cells, reason)
        tally.conflict(replace(unfit, content=unfit.content | {"first row": clash.first_row}), row)


def _write(batch: models.Batch, layout: Layout, fresh: list[repeats.Fresh], tally: Tally) -> list[str]:
    """Hand rows to the ledger, on a dry run for its verdicts only; gives the digests of those rejected."""
    scope = replace(system(through=batch.through or "import"), user_id=batch.by_id)
    started_at = batch.started_at or batch.prepared_at
    deed = writing.Deed(batch.source.slug, scope, started_at, batch.vouched, batch.pk)
    with transaction.atomic():
        watch = changes.Watch(batch.kind, fresh)
        results = writing.write(batch.kind, fresh, deed)
        changed = watch.told(results)
        if batch.dry_run:
            transaction.set_rollback(True)
    changes.keep(batch_id=batch.pk, changed=changed)
    refused = []
    for item, (outcome, reason) in zip(fresh, results, strict=True):
        row = item.row
        if outcome == "rejected":
            tally.reject(layout.unfit(row.number, row.cells, reason), key=row.key)
            refused.append(row.digest)
        elif outcome == "conflict":
            tally.conflict(
                layout.unfit(
                    row.number, row.cells, speech.english("%(reason)s That one was kept.", reason=reason)
                ),
                row,
            )
        elif outcome == "duplicate":
            tally.count("duplicates")
        else:
            # A dry run forgets earlier chunks: a key that came before in the file would be there by now.
            tally.count("updated" if item.again else outcome)
    return refused


def _bury(batch: models.Batch, tally: Tally) -> None:
    models.Rejection.objects.bulk_create(
        models.Rejection(
            source_id=batch.source_id,
            batch=batch,
            row=refused.number,
            message_id="" if gone else refused.key,
            verdict=refused.verdict,
            reason=erased.reason(refused.reason) if gone else refused.reason,
            content=erased.REMAINS if gone else refused.content,
            state="rehearsed" if batch.dry_run else "open",
            received_at=batch.started_at or batch.prepared_at,
            **reasons.columns(refused.reason),
        )
        for refused in tally.refused
        for gone in (erased.names(refused.content),)
    )


def _count_arrivals(batch: models.Batch, rows: int, tally: Tally) -> None:
    """Count a chunk's rows, and those that go no further, on the day on which the import began."""
    counts = tally.counts
    day = (batch.started_at or batch.prepared_at).date()
    counted = Arrived(
        batch.source.slug,
        day,
        rows=rows,
        duplicates=counts["duplicates"],
        conflicts=counts["conflicts"],
        rejected=counts["rejected"],
    )
    arrivals.add(rows=[counted])


def _finish(batch: models.Batch, at: datetime) -> None:
    with transaction.atomic():
        models.Batch.objects.filter(pk=batch.pk, state="running").update(state="done", finished_at=at)
        models.RowKey.objects.filter(batch=batch).delete()
        if not batch.dry_run:
            sources.heard(source_id=batch.source_id, at=at)
        live.announce(f"import:{batch.pk}")
    kept_files.blank_refused(batch)


def _fail(batch: models.Batch, failure: Exception, at: datetime) -> None:
    why = (
        str(failure)
        if isinstance(failure, errors.Refused)
        else f"An unexpected error: {type(failure).__name__}."
    )
    stored = f"Rows up to {batch.row} are stored. " if batch.row else "Nothing was stored. "
    models.Batch.objects.filter(pk=batch.pk, state="running").update(
        state="failed", error=f"{why} {stored}Resume the import to go on from there.", finished_at=at
    )
    live.announce(f"import:{batch.pk}")
    _log.error("import %s failed", batch.pk)
