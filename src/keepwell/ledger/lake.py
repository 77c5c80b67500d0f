"""The one door to the Delta Lake that holds every event.

The lake is an open format: Spark, DuckDB, Trino and Polars read its Parquet files without Keepwell.
"""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake  # noqa: TID251 - this is the door
from deltalake.exceptions import TableNotFoundError  # noqa: TID251 - this is the door
from django.conf import settings

from keepwell.ledger.schema import SCHEMA

COMPACT_ABOVE_FILES = 40
VACUUM_GRACE_HOURS = 24
_APP = "outbox"


class Snapshot(NamedTuple):
    """One version of the lake: its number, the last batch it holds, its files."""

    version: int
    batch: int
    files: list[str]


def path() -> Path:
    """Where the events lie."""
    return Path(settings.KEEPWELL_DATA) / "lake" / "events"


def _table() -> DeltaTable:
    try:
        return DeltaTable(str(path()))
    except TableNotFoundError:
        return DeltaTable.create(str(path()), schema=SCHEMA, mode="ignore")


def append(rows: pa.Table, *, batch: int) -> int:
    """Add the rows of one batch, once: a batch that the lake already holds is left alone. Gives the lake's version."""
    table = _table()
    if (table.transaction_version(_APP) or 0) >= batch:
        return int(table.version())
    write_deltalake(
        table,
        rows,
        mode="append",
        commit_properties=CommitProperties(app_transactions=[Transaction(_APP, batch)]),
    )
    return int(table.version())


def snapshot(
    *, since: datetime | None = None, until: datetime | None = None, after_batch: int | None = None
) -> Snapshot:
    """The present version and those of its files that may hold events of the asked span and batches."""
    table = _table()
    actions = pl.DataFrame(table.get_add_actions(flatten=True))
    version, batch = int(table.version()), int(table.transaction_version(_APP) or 0)
    if actions.is_empty():
        return Snapshot(version, batch, [])
    keep = pl.lit(True)
    if since is not None:
        keep &= pl.col("max.at").is_null() | (pl.col("max.at") >= since)
    if until is not None:
        keep &= pl.col("min.at").is_null() | (pl.col("min.at") < until)
    if after_batch is not None:
        keep &= pl.col("max.batch").is_null() | (pl.col("max.batch") > after_batch)
    files = [str(path() / name) for name in actions.filter(keep)["path"]]
    return Snapshot(version, batch, files)


def scan(
    *, since: datetime | None = None, until: datetime | None = None, after_batch: int | None = None
) -> pl.LazyFrame:
    """The present version's events, lazily, files outside the asked span left out. No filter on rows is implied."""
    files = snapshot(since=since, until=until, after_batch=after_batch).files
    if not files:
        return pl.DataFrame(SCHEMA.empty_table()).lazy()
    return pl.scan_parquet(files)


def compact() -> bool:
    """Join small files when there are many; tells whether it did. The rows and their meaning stay as they are."""
    table = _table()
    if len(table.file_uris()) <= COMPACT_ABOVE_FILES:
        return False
    table.optimize.compact()
    return True


def vacuum() -> int:
    """Delete files that no version of the last day needs; gives how many."""
    return len(
        _table().vacuum(retention_hours=VACUUM_GRACE_HOURS, enforce_retention_duration=False, dry_run=False)
    )
