"""Carry events from the outbox to the lake, each exactly once, whatever is killed when.

A batch first fixes, in one committed transaction, which parcels it takes, which of their events were there before, and that
the ids of the others are taken from now on. Then it writes the rows to the lake under its number (the lake refuses a number
twice), then deletes the parcels. After a crash the unfinished batch is taken up again with the same rows. Parcels are taken
because they are there, never because their id is above a mark: transactions may commit in any order.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple

import polars as pl
import pyarrow as pa
from django.db import transaction
from django.db.models import Max

from keepwell.ledger import catalogue, lake, locks, models, parcels
from keepwell.ledger.actions import arrivals, claims
from keepwell.ledger.arrivals import tally
from keepwell.ledger.event import bytes_of
from keepwell.ledger.queries import arrivals as queries
from keepwell.ledger.queries import state
from keepwell.ledger.schema import SCHEMA

MOST_ROWS = 50_000
_KEY = 0x72656C79


class Relayed(NamedTuple):
    """What one batch carried."""

    batch: int
    rows: int
    lake_version: int


def run(*, at: datetime, most_rows: int = MOST_ROWS) -> Relayed | None:
    """Carry one batch; None when nothing waits (one query). One relay at a time, however many ask."""
    if not state.is_anything_to_carry():
        return None
    with alone():
        unfinished = models.RelayBatch.objects.filter(lake_version=None).first()
        taken = _taken_before(unfinished) if unfinished else _take(at, most_rows)
        if taken is None:
            return None
        batch, columns, received = taken
        rows = _rows(batch, columns, received)
        version = lake.append(rows, batch=batch.number)
        with transaction.atomic():
            _count(rows)
            models.Parcel.objects.filter(pk__in=batch.parcel_ids)._raw_delete("default")
            done = models.RelayBatch.objects.filter(pk=batch.pk)
            done.update(lake_version=version, parcel_ids=[], dropped=[])
    return Relayed(batch.number, batch.rows, version)


def _count(rows: pa.Table) -> None:
    """Count the batch's arrivals in the transaction that ends it, so that a batch taken up again counts once."""
    frame = pl.DataFrame(rows.select(["source", "kind", "at", "received_at"]))
    newest = queries.newest(sources=frame["source"].unique().to_list())
    arrivals.add(rows=tally(frame, newest=newest))


def all_waiting(*, at: datetime) -> int:
    """Carry what waits now, batch after batch, then join small files; gives how many events it carried."""
    carried, last = 0, models.Parcel.objects.aggregate(last=Max("pk"))["last"]
    while (batch := run(at=at)) is not None:
        carried += batch.rows
        if last is None or not models.Parcel.objects.filter(pk__lte=last).exists():
            break
    if carried:
        join()
    return carried


def join() -> None:
    """Join small files of the lake when there are many, while no batch is written."""
    with alone():
        lake.compact()


def vacuum() -> int:
    """Delete the lake's files that nobody needs any more; gives how many."""
    return lake.vacuum()


def alone() -> AbstractContextManager[None]:
    """Wait for the relay's lock and hold it."""
    return locks.held(_KEY)


_Taken = tuple[models.RelayBatch, parcels.Columns, list[datetime]]


def _take(at: datetime, most_rows: int) -> _Taken | None:
    """Fix a batch: which parcels, and which of their events are new. One transaction."""
    ids = _waiting(most_rows)
    if not ids:
        return None
    with transaction.atomic():
        claimed, columns, received = _unpacked(ids)
        dropped = claims.settle(columns, received=received, claimed=claimed)
        last = models.RelayBatch.objects.aggregate(last=Max("number"))["last"] or 0
        batch = models.RelayBatch.objects.create(
            number=max(last, lake.last_batch()) + 1,  # the lake may be ahead of a database that was restored
            parcel_ids=ids,
            dropped=dropped,
            rows=len(columns) - len(dropped),
            taken_at=at,
        )
    return batch, columns, received


def _taken_before(batch: models.RelayBatch) -> _Taken:
    _, columns, received = _unpacked(batch.parcel_ids)
    return batch, columns, received


def _waiting(most_rows: int) -> list[int]:
    """The ids of the parcels to take: at least one, together at most so many events."""
    ids: list[int] = []
    rows = 0
    for pk, events in models.Parcel.objects.order_by("pk").values_list("pk", "events")[:most_rows]:
        rows += events
        if ids and rows > most_rows:
            break
        ids.append(pk)
    return ids


def _unpacked(ids: list[int]) -> tuple[list[bool], parcels.Columns, list[datetime]]:
    """For each event whether its id was claimed by who wrote it; the events; when each was received."""
    rows = models.Parcel.objects.filter(pk__in=ids).order_by("pk").values_list("claimed", "payload")
    parts = [(claimed, parcels.unpacked(bytes(payload))) for claimed, payload in rows]
    columns, received = parcels.joined([part for _, part in parts])
    return [claimed for claimed, part in parts for _ in range(len(part))], columns, received


def _rows(batch: models.RelayBatch, columns: parcels.Columns, received: list[datetime]) -> pa.Table:
    kinds = {name: catalogue.kind_of(name) for name in set(columns.name)}
    whole = {name: getattr(columns, name) for name in parcels.LISTS if name in SCHEMA.names} | {
        "id": [bytes_of(event_id) for event_id in columns.id],
        "kind": [kinds[name] for name in columns.name],
        "received_at": received,
        "batch": [batch.number] * len(columns),
    }
    table = pa.table({field.name: pa.array(whole[field.name], field.type) for field in SCHEMA}, schema=SCHEMA)
    if batch.dropped:
        gone = set(batch.dropped)
        table = table.filter(pa.array([place not in gone for place in range(len(columns))]))
    return table.sort_by("at")
