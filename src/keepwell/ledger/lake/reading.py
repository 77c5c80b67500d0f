"""Reading events: the files of one version that may hold what is asked for."""

from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import polars as pl
from deltalake import DeltaTable  # noqa: TID251 - this is the door

from keepwell.ledger.lake import presence, table
from keepwell.ledger.lake.table import Found
from keepwell.ledger.lake.writing import APP
from keepwell.ledger.schema import MONTH, SCHEMA

A_MOMENT = timedelta(milliseconds=1)  # finer than that a log need not state its bounds
FEW = 50  # the files of so many accounts or fewer are looked for


class Snapshot(NamedTuple):
    """One version of the lake: its number, the last batch it holds, its files.

    `whole` are those of the files whose bounds say that every event in them is asked for: nothing need be looked at row by
    row; `partly` the others.
    """

    version: int
    batch: int
    whole: list[str]
    partly: list[str]

    @property
    def files(self) -> list[str]:
        """All that may hold what is asked for."""
        return [*self.whole, *self.partly]


def snapshot(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    known_by: datetime | None = None,
    after_batch: int | None = None,
    kind: str | None = None,
    accounts: Collection[str] | None = None,
) -> Snapshot:
    """The present version and those of its files that may hold events of the asked span, knowledge, batches, kind, accounts.

    Refused with LakeDamaged when one of them is missing or cut short: fewer events are never an answer.
    """
    lake = table.opened()
    version = int(lake.version())
    batch = table.once(lake, "batch", lambda: int(lake.transaction_version(APP) or 0))
    some, every = pl.lit(True), pl.lit(True)
    if since is not None:
        some &= _maybe("at", "max") | (pl.col("max.at") >= since)
        every &= pl.col("min.at") >= since
    if until is not None:
        some &= _maybe("at", "min") | (pl.col("min.at") < until)
        every &= pl.col("max.at") + A_MOMENT < until
    if known_by is not None:
        some &= _maybe("known_at", "min") | (pl.col("min.known_at") < known_by)
        every &= pl.col("max.known_at") + A_MOMENT < known_by
    if after_batch is not None:
        some &= _maybe("batch", "max") | (pl.col("max.batch") > after_batch)
        every &= pl.col("min.batch") > after_batch
    if kind is not None:
        some &= _maybe("kind", "min") | pl.lit(kind).is_between("min.kind", "max.kind")
        every &= (pl.col("min.kind") == kind) & (pl.col("max.kind") == kind)
    if accounts is not None and len(accounts) <= FEW:
        among = (pl.lit(key).is_between("min.account", "max.account") for key in accounts)
        some &= _maybe("account", "min") | pl.any_horizontal(pl.lit(False), *among)
    wanted = files(lake).filter(some).with_columns(whole=every.fill_null(value=False))
    _require(lake, wanted)
    whole, partly = (wanted.filter(pl.col("whole") == so)["uri"].to_list() for so in (True, False))
    return Snapshot(version, batch, whole, partly)


def _require(lake: DeltaTable, wanted: pl.DataFrame) -> None:
    """Look for files once while a version is held."""
    seen: set[str] = table.once(lake, "seen", set)
    presence.require(wanted.filter(~pl.col("uri").is_in(list(seen))))
    seen.update(wanted["uri"])


def _maybe(column: str, end: str) -> pl.Expr:
    """A file that does not state its least or greatest value may hold anything."""
    return pl.col(f"{end}.{column}").is_null()


def files(lake: DeltaTable) -> pl.DataFrame:
    """The files of a version: uri, path, month, size_bytes, num_records, min and max of at, batch, kind and account."""
    return table.once(lake, "files", lambda: _files(lake))


def _files(lake: DeltaTable) -> pl.DataFrame:
    actions = pl.DataFrame(lake.get_add_actions(flatten=True))
    wanted = {f"{end}.{column}": kind for column, kind in _STATED.items() for end in ("min", "max")}
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in wanted.items() if name not in actions]
    root = pl.lit(table.uri() + "/")
    month = pl.col(f"partition.{MONTH}") if f"partition.{MONTH}" in actions else pl.lit("")
    return actions.with_columns(*missing).select(
        (root + pl.col("path")).alias("uri"),
        "path",
        month.alias(MONTH),
        "size_bytes",
        "num_records",
        *wanted,
    )


_MOMENT = pl.Datetime("us", "UTC")
_STATED = {
    "at": _MOMENT,
    "known_at": _MOMENT,
    "batch": pl.Int64(),
    "kind": pl.String(),
    "account": pl.String(),
}


def once(key: Hashable, make: Callable[[], Found]) -> Found:
    """What `make` finds in the present version's events: once while that is held."""
    return table.once(table.opened(), key, make)


def scan(
    *, since: datetime | None = None, until: datetime | None = None, after_batch: int | None = None
) -> pl.LazyFrame:
    """The present version's events, lazily, files outside the asked span left out. No filter on rows is implied."""
    return rows_of(snapshot(since=since, until=until, after_batch=after_batch).files)


def rows_of(files: Sequence[str]) -> pl.LazyFrame:
    """The events of some of the lake's files, lazily. Files say `received_at` only where it is not `known_at`."""
    return stored_rows_of(files).with_columns(pl.coalesce("received_at", "known_at").alias("received_at"))


def stored_rows_of(files: Sequence[str]) -> pl.LazyFrame:
    """The rows of some of the lake's files, lazily, as they are stored."""
    if not files:
        return pl.DataFrame(SCHEMA.empty_table()).lazy()
    return pl.scan_parquet(list(files), hive_partitioning=False, storage_options=_polars_options())


def _polars_options() -> dict[str, Any] | None:
    given = table.options()
    return given and {name: value for name, value in given.items() if name != "aws_conditional_put"}
