"""Deeds on imports: keep a file, map its columns, queue it, go on after a failure."""

from collections.abc import Mapping
from datetime import datetime
from typing import IO

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import files, kinds, models, sniffing
from keepwell.intake import mapping as mappings
from keepwell.intake.actions import remembered, running, sources, vouching
from keepwell.intake.formats import Formats
from keepwell.intake.models.batches import COUNTERS
from keepwell.intake.queries.mappings import Proposal
from keepwell.intake.queries.mappings import propose as propose_for
from keepwell.kernel import errors

run = running.run


def prepare(*, kind: str, file: IO[bytes], file_name: str, source: str, by: Scope, at: datetime) -> int:
    """Keep a file until its columns are mapped; gives the batch's id. It is on the disk when this returns."""
    by.require("data.import")
    kinds.find(kind)
    file_name = _plain_name(file_name)
    kept = files.keep(file, file_name=file_name)
    try:
        sketch = sniffing.sketch(files.path(kept.name), encoding=kept.encoding, file_name=file_name)
        with transaction.atomic():
            batch = models.Batch.objects.create(
                kind=kind,
                source=sources.for_files(slug=source, at=at),
                file=kept.name,
                file_name=file_name,
                file_bytes=kept.size,
                file_digest=kept.digest,
                encoding=kept.encoding,
                delimiter=sketch.dialect.delimiter,
                columns=list(sketch.columns),
                state="awaiting_mapping",
                prepared_at=at,
                by_id=by.user_id,
                through=by.through[:20],
            )
            audit.record(
                by=by,
                at=at,
                deed="import.prepare",
                subject=f"import:{batch.pk}",
                kind=kind,
                file_name=file_name,
            )
    except BaseException:
        files.forget(kept.name)
        raise
    return batch.pk


def propose(batch_id: int) -> Proposal:
    """How a kept file is likely to be read: as the last one of its source with this header, else by the columns' names."""
    return propose_for(_batch(batch_id))


def suggest(batch_id: int) -> dict[str, str]:
    """The likely column of each field of a kept file."""
    return dict(propose(batch_id).mapping)


def start(
    *,
    batch_id: int,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    dry_run: bool,
    vouched: bool,
    by: Scope,
    at: datetime,
    formats: Mapping[str, str] | None = None,
) -> None:
    """Queue a kept file with its mapping (field to column, values for all rows); after a dry run, for real.

    `vouched` says that what the file tells was known when it happened; `formats` how it writes days and decimals. How it
    is read is remembered for the next file of its source with this header.
    """
    by.require("data.import")
    batch = _batch(batch_id)
    written = Formats.of(formats or {})
    mappings.check(
        kinds.find(batch.kind), batch.columns, mapping=mapping, constants=constants, file_name=batch.file_name
    )
    with transaction.atomic():
        startable = models.Batch.objects.filter(pk=batch_id, state="awaiting_mapping")
        again = models.Batch.objects.filter(pk=batch_id, state__in=("done", "failed"), dry_run=True)
        taken = (startable | again).update(
            mapping=dict(mapping),
            constants=dict(constants),
            formats=written.plain(),
            dry_run=dry_run,
            vouched=vouched,
            state="queued",
            error="",
            byte=0,
            row=0,
            rows_done=0,
            rows_total=None,
            started_at=None,
            finished_at=None,
            by_id=by.user_id,
            through=by.through[:20],
            **dict.fromkeys(COUNTERS, 0),
        )
        if not taken:
            raise errors.Conflict(
                "Import %(batch_id)s is %(state)s and cannot be started. Upload the file again.",
                batch_id=batch_id,
                state=batch.state,
            )
        models.Rejection.objects.filter(batch=batch).delete()
        models.RowKey.objects.filter(batch=batch).delete()
        models.RowChange.objects.filter(batch=batch).delete()
        remembered.note(batch, mapping=mapping, constants=constants, formats=written, by=by, at=at)
        if vouched and not dry_run:
            vouching.note(source_id=batch.source_id, batch_id=batch_id, vouches=True, by=by, at=at)
        audit.record(
            by=by, at=at, deed="import.start", subject=f"import:{batch_id}", dry_run=dry_run, vouched=vouched
        )


def resume(*, batch_id: int, by: Scope, at: datetime) -> None:
    """Queue a failed import to go on where it stopped."""
    by.require("data.import")
    with transaction.atomic():
        if not models.Batch.objects.filter(pk=batch_id, state="failed").update(
            state="queued", error="", finished_at=None
        ):
            raise errors.Conflict(
                "Import %(pk)s has not failed, so there is nothing to resume.", pk=_batch(batch_id).pk
            )
        audit.record(by=by, at=at, deed="import.resume", subject=f"import:{batch_id}")


def _batch(batch_id: int) -> models.Batch:
    batch = models.Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise errors.NotFound("There is no import %(batch_id)s.", batch_id=batch_id)
    return batch


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-200:] or "file.csv"
