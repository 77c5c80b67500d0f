"""Write files of events, and let them come to those of the present version or take the place of some. One commit, or none.

In a folder both are on the disk itself when the call returns.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple
from uuid import uuid4

import polars as pl
import pyarrow as pa
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction  # noqa: TID251 - this is the door
from deltalake.fs import DeltaStorageHandler  # noqa: TID251 - this is the door
from deltalake.transaction import AddAction, RemoveAction  # noqa: TID251 - this is the door

from keepwell.ledger.lake import durable, layout, table
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
    path = f"{MONTH}={month}/{uuid4()}.parquet"
    stored = rows.select(SCHEMA.names).to_arrow().cast(SCHEMA)
    size, modified_ms = _into_folder(path, stored) if table.is_local() else _into_bucket(lake, path, stored)
    return Written(path, month, size, modified_ms, _stats(rows))


def _into_folder(path: str, rows: pa.Table) -> tuple[int, int]:
    root = table.path()
    whole = root / path
    whole.parent.mkdir(parents=True, exist_ok=True)
    try:
        _put(whole, rows)
        durable.force_file(whole, root=root)
    except BaseException:
        whole.unlink(missing_ok=True)  # on a full disk it would take room that is needed
        raise
    info = whole.stat()
    return info.st_size, info.st_mtime_ns // 1_000_000


def _into_bucket(lake: DeltaTable, path: str, rows: pa.Table) -> tuple[int, int]:
    files = storage(lake)
    with files.open_output_stream(path) as out:
        _put(out, rows)
    info: Any = files.get_file_info(path)
    return int(info.size), int(info.mtime_ns // 1_000_000)


def _put(where: Any, rows: pa.Table) -> None:
    texts: Any = [name for name in SCHEMA.names if name not in layout.PLAIN]
    packed: Any = dict(layout.PACKED)
    squeezed: Any = {name: "NONE" if name in packed else "ZSTD" for name in SCHEMA.names}
    rest: Any = [name for name in SCHEMA.names if name not in packed]
    told: Any = [name for name in SCHEMA.names if name != "id"]
    levels: Any = dict.fromkeys(rest, 3)
    writer = pq.ParquetWriter(
        where,
        SCHEMA,
        compression=squeezed,
        compression_level=levels,
        use_dictionary=texts,
        write_page_checksum=True,
        write_statistics=told,
        column_encoding=packed,
    )
    with writer:
        writer.write_table(rows, row_group_size=layout.ROWS_A_GROUP)


def commit(
    lake: DeltaTable, *, gone: pl.DataFrame | None, come: Sequence[Written], notes: Mapping[str, int]
) -> int:
    """Swap files (`gone`: rows of `reading.files`; None where events are new) for others, and note numbers by name.

    Gives the version that says so.
    Refused with CommitFailedError when somebody else replaced one of them meanwhile; new files do not stand in the way.
    """
    before, mark = int(lake.version()), str(uuid4())
    now = max((file.modified_ms for file in come), default=0)
    going = () if gone is None else gone.select("path", "size_bytes", MONTH).iter_rows()
    removals = [RemoveAction(path, False, now, size, {MONTH: month}) for path, size, month in going]
    additions = [
        AddAction(file.path, file.size, {MONTH: file.month}, file.modified_ms, gone is None, file.stats)
        for file in come
    ]
    lake.create_write_transaction(
        [*removals, *additions],
        mode="append",
        schema=pa.schema(STORED),
        partition_by=[MONTH],
        commit_properties=CommitProperties(
            custom_metadata={"mark": mark},
            app_transactions=[Transaction(name, number) for name, number in notes.items()],
        ),
        post_commithook_properties=layout.AFTER_COMMIT,
    )
    if table.is_local():
        durable.force_log(table.path(), after=before or -1)  # with the first commit goes the table's making
        version = _committed(mark, after=before)
    else:
        lake.update_incremental()
        version = int(lake.version())
    if version // layout.CHECKPOINT_EVERY > before // layout.CHECKPOINT_EVERY:
        sum_up()
    return version


def _committed(mark: str, *, after: int) -> int:
    """The version that says a mark: others may have committed meanwhile."""
    log = table.path() / "_delta_log"
    return next(n for n in count(after + 1) if mark in (log / f"{n:020}.json").read_text())


def sum_up() -> None:
    """Sum the log up in a checkpoint."""
    table.opened().create_checkpoint()
    if table.is_local():
        durable.force_checkpoint(table.path())


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
