"""Carry events from the outbox to the lake, each exactly once, whatever is killed when.

A batch first fixes which rows it takes (committed), then writes them to the lake under its number (the lake refuses a
number twice), then deletes the rows. After a crash the unfinished batch is taken up again with the same rows. Rows are
taken because they are there, never because their id is above a mark: transactions may commit in any order.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
from django.db import connection, transaction
from django.db.models import Max

from keepwell.ledger import lake, models
from keepwell.ledger.actions import arrivals
from keepwell.ledger.arrivals import tally
from keepwell.ledger.event import bytes_of
from keepwell.ledger.queries import arrivals as queries
from keepwell.ledger.schema import SCHEMA

MOST_ROWS = 200_000


class Relayed(NamedTuple):
    """What one batch carried."""

    batch: int
    rows: int
    lake_version: int


def run(*, at: datetime, most_rows: int = MOST_ROWS) -> Relayed | None:
    """Carry one batch; None when nothing waits. The caller holds the pipeline's lock: one relay at a time."""
    batch = models.RelayBatch.objects.filter(lake_version=None).first() or _take(at, most_rows)
    if batch is None:
        return None
    rows = _rows(batch)
    version = lake.append(rows, batch=batch.number)
    with transaction.atomic():
        _count(rows)
        models.OutboxEvent.objects.filter(pk__in=batch.outbox_ids)._raw_delete("default")
        models.RelayBatch.objects.filter(pk=batch.pk).update(lake_version=version, outbox_ids=[])
    return Relayed(batch.number, batch.rows, version)


def _count(rows: pa.Table) -> None:
    """Count the batch's arrivals in the transaction that ends it, so that a batch taken up again counts once."""
    frame = pl.DataFrame(rows.select(["source", "kind", "at", "received_at"]))
    newest = queries.newest(sources=frame["source"].unique().to_list())
    arrivals.add(rows=tally(frame, newest=newest))


def _take(at: datetime, most_rows: int) -> models.RelayBatch | None:
    ids = list(models.OutboxEvent.objects.order_by("pk").values_list("pk", flat=True)[:most_rows])
    if not ids:
        return None
    last = models.RelayBatch.objects.aggregate(last=Max("number"))["last"] or 0
    return models.RelayBatch.objects.create(number=last + 1, outbox_ids=ids, rows=len(ids), taken_at=at)


def _rows(batch: models.RelayBatch) -> pa.Table:
    names = [field.name for field in SCHEMA if field.name not in ("id", "batch")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT event_id, {', '.join(names)} FROM ledger_outboxevent WHERE id = ANY(%s) ORDER BY at, id",  # noqa: S608 - our own column names
            [batch.outbox_ids],
        )
        columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * (len(names) + 1)
    arrays: dict[str, Sequence[Any]] = dict(zip(["id", *names], columns, strict=True)) | {
        "batch": [batch.number] * len(columns[0])
    }
    arrays["id"] = [bytes_of(event_id) for event_id in columns[0]]
    return pa.table({field.name: pa.array(arrays[field.name], field.type) for field in SCHEMA}, schema=SCHEMA)


def all_waiting(*, at: datetime) -> int:
    """Carry batch after batch until nothing waits, then join small files; gives how many events it carried."""
    carried = 0
    while (batch := run(at=at)) is not None:
        carried += batch.rows
    lake.compact()
    return carried


def vacuum() -> int:
    """Delete the lake's files that nobody needs any more; gives how many."""
    return lake.vacuum()
