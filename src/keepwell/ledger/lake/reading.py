"""Reading events: the files of one version that may hold what is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl

from keepwell.ledger.lake import table
from keepwell.ledger.lake.writing import APP
from keepwell.ledger.schema import SCHEMA


class Snapshot(NamedTuple):
    """One version of the lake: its number, the last batch it holds, its files."""

    version: int
    batch: int
    files: list[str]


def snapshot(
    *, since: datetime | None = None, until: datetime | None = None, after_batch: int | None = None
) -> Snapshot:
    """The present version and those of its files that may hold events of the asked span and batches."""
    lake = table.opened()
    actions = pl.DataFrame(lake.get_add_actions(flatten=True))
    version, batch = int(lake.version()), int(lake.transaction_version(APP) or 0)
    if actions.is_empty():
        return Snapshot(version, batch, [])
    keep = pl.lit(True)
    if since is not None:
        keep &= pl.col("max.at").is_null() | (pl.col("max.at") >= since)
    if until is not None:
        keep &= pl.col("min.at").is_null() | (pl.col("min.at") < until)
    if after_batch is not None:
        keep &= pl.col("max.batch").is_null() | (pl.col("max.batch") > after_batch)
    files = [str(table.path() / name) for name in actions.filter(keep)["path"]]
    return Snapshot(version, batch, files)


def scan(
    *, since: datetime | None = None, until: datetime | None = None, after_batch: int | None = None
) -> pl.LazyFrame:
    """The present version's events, lazily, files outside the asked span left out. No filter on rows is implied."""
    return rows_of(snapshot(since=since, until=until, after_batch=after_batch).files)


def rows_of(files: Sequence[str]) -> pl.LazyFrame:
    """The rows of some of the lake's files, lazily."""
    if not files:
        return pl.DataFrame(SCHEMA.empty_table()).lazy()
    return pl.scan_parquet(list(files), hive_partitioning=False)
