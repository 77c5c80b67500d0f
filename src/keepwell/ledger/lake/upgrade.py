"""Bring a lake that an earlier version wrote to the columns of this one, in one commit."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, write_deltalake  # noqa: TID251 - this is the door

from keepwell.ledger.event import bytes_of
from keepwell.ledger.lake import durable, layout, reading, table
from keepwell.ledger.schema import MONTH, SCHEMA, STORED


def bring_up_to_date() -> bool:
    """Write every event once more in today's columns if they stand in older ones; tells whether it did.

    One commit replaces all files by new ones: killed before it, the old lake stands as it was and the next start begins
    again; killed after it, there is nothing left to do. Earlier versions stay readable until the vacuum. Memory is that of
    one row group. The caller sees to it that nobody else writes meanwhile; who does so nevertheless is refused.
    """
    lake = table.found()
    if lake is None or not _outdated(lake):
        return False
    rows = pa.RecordBatchReader.from_batches(STORED, _upgraded(lake))
    write_deltalake(
        lake,
        rows,
        mode="overwrite",
        schema_mode="overwrite",
        partition_by=[MONTH],
        configuration=layout.CONFIGURATION,
        writer_properties=layout.PROPERTIES,
        post_commithook_properties=layout.AFTER_COMMIT,
    )
    for path in reading.files(lake)["path"]:
        durable.force_file(table.path() / path, root=table.path())
    durable.force_log(table.path())
    return True


def outdated() -> bool:
    """Whether there is a lake and it stands in older columns."""
    lake = table.found()
    return lake is not None and _outdated(lake)


def _outdated(lake: DeltaTable) -> bool:
    stored = {field.name: str(getattr(field.type, "type", field.type)) for field in lake.schema().fields}
    return stored.keys() != set(STORED.names) or stored["id"] != "binary"


def _upgraded(lake: DeltaTable) -> Iterator[pa.RecordBatch]:
    # Read past Delta's own storage, which cannot be asked while Delta writes; a lake this old lies in a folder.
    for path in reading.files(lake)["path"]:
        with pq.ParquetFile(table.path() / path) as stored:
            for rows in stored.iter_batches():
                events = pa.table([_column(rows, field) for field in SCHEMA], schema=SCHEMA)
                yield from layout.laid_out(events).to_batches()


def _column(rows: pa.RecordBatch, field: "pa.Field[Any]") -> Any:
    if field.name not in rows.schema.names:
        return pa.nulls(rows.num_rows, field.type)
    column = rows.column(field.name)
    if field.name == "id" and not pa.types.is_binary(column.type):
        texts: list[Any] = column.to_pylist()
        keys: list[Any] = [bytes_of(text) for text in texts]
        return pa.array(keys, field.type)
    return column.cast(field.type)
