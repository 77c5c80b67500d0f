"""Put other files in the place of some: the same events, laid out better. One commit, or none."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import polars as pl
import pyarrow as pa
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction  # noqa: TID251 - this is the door
from deltalake.fs import DeltaStorageHandler  # noqa: TID251 - this is the door
from deltalake.transaction import AddAction, RemoveAction  # noqa: TID251 - this is the door

from keepwell.ledger.lake import layout
from keepwell.ledger.schema import MONTH, SCHEMA, STORED

_STATED = ("kind", "account", "at", "known_at", "batch", "origin")


class Written(NamedTuple):
    """A file that no version holds yet."""

    path: str
    month: str
    size: int
    modified_ms: int
    stats: str


def storage(lake: DeltaTable) -> pa_fs.FileSystem:
    """The folder or bucket of the table, as a file system."""
    handler: Any = DeltaStorageHandler.from_table(lake._table)
    return pa_fs.PyFileSystem(handler)


def write(lake: DeltaTable, rows: pl.DataFrame, *, month: str) -> Written:
    """Write events as one file of a month, in the order they come."""
    path = f"{MONTH}={month}/sorted-{uuid4()}.parquet"
    files = storage(lake)
    table = rows.select(SCHEMA.names).to_arrow().cast(SCHEMA)
    texts: Any = [name for name in SCHEMA.names if name not in layout.PLAIN]
    squeezed: Any = {name: "NONE" if name == "id" else "ZSTD" for name in SCHEMA.names}
    rest: Any = [name for name in SCHEMA.names if name != "id"]
    levels: Any = dict.fromkeys(rest, 3)
    with files.open_output_stream(path) as out:
        writer = pq.ParquetWriter(
            out,
            SCHEMA,
            compression=squeezed,
            compression_level=levels,
            use_dictionary=texts,
            write_page_checksum=True,
            write_statistics=rest,
            column_encoding={
                "id": "DELTA_LENGTH_BYTE_ARRAY"
            },  # all are 16 bytes long; there is nothing to squeeze
        )
        with writer:
            writer.write_table(table, row_group_size=layout.ROWS_A_GROUP)
    info: Any = files.get_file_info(path)
    return Written(path, month, int(info.size), int(info.mtime_ns // 1_000_000), _stats(rows))


def commit(
    lake: DeltaTable, *, gone: pl.DataFrame, come: Sequence[Written], notes: Mapping[str, int]
) -> None:
    """Swap files (`gone`: rows of `reading.files`) for others, and note a number by name.

    Refused with CommitFailedError when somebody else replaced one of them meanwhile; new files do not stand in the way.
    """
    now = max((file.modified_ms for file in come), default=0)
    removals = [
        RemoveAction(path, False, now, size, {MONTH: month})
        for path, size, month in gone.select("path", "size_bytes", MONTH).iter_rows()
    ]
    additions = [
        AddAction(file.path, file.size, {MONTH: file.month}, file.modified_ms, False, file.stats)
        for file in come
    ]
    lake.create_write_transaction(
        [*removals, *additions],
        mode="append",
        schema=pa.schema(STORED),
        partition_by=[MONTH],
        commit_properties=CommitProperties(
            app_transactions=[Transaction(name, number) for name, number in notes.items()]
        ),
    )


def _stats(rows: pl.DataFrame) -> str:
    known = {name: rows[name] for name in _STATED if rows[name].null_count() < rows.height}
    least = {name: _plain(column.min()) for name, column in known.items()}
    greatest = {name: _plain(column.max()) for name, column in known.items()}
    missing = {name: rows[name].null_count() for name in _STATED}
    return json.dumps(
        {"numRecords": rows.height, "minValues": least, "maxValues": greatest, "nullCount": missing}
    )


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if hasattr(value, "strftime") else value
