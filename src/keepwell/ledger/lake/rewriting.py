"""Changing events for good, former versions included: only for what must not be known any more."""

from collections.abc import Callable, Sequence

import polars as pl
from deltalake import DeltaTable  # noqa: TID251 - this is the door
from deltalake.exceptions import CommitFailedError  # noqa: TID251 - this is the door
from deltalake.fs import DeltaStorageHandler  # noqa: TID251 - this is the door

from keepwell.ledger.lake import layout, table

Change = Callable[[pl.DataFrame], pl.DataFrame]

MOST_TRIES = 5
AT_ONCE = 100_000
_KEEP_LOG = "delta.logRetentionDuration"


def rewrite(matching: pl.Expr, change: Change, *, columns: Sequence[str]) -> int:
    """Change the named columns of matching events, all in one commit; gives how many were changed.

    `change` gets those events and gives them with other values, same ids. Only files that hold such events are written
    anew. Events that are appended meanwhile stay: the commit is tried again on the version that has them.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        lake = table.found()
        if lake is None:
            return 0
        rows = _matching(lake.file_uris(), matching)
        after = _changed(rows, change(rows), columns)
        if after.is_empty():
            return 0
        try:
            _merge(lake, after, columns)
            return after.height
        except CommitFailedError:
            if not tries_left:
                raise
    return 0


def former(matching: pl.Expr) -> list[str]:
    """Files of former versions that hold matching events; versions that the vacuum took are gone already."""
    lake = table.found()
    if lake is None:
        return []
    unused = lake.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=True, full=True)
    files = [name for name in unused if name.endswith(".parquet") and "_delta_log" not in name]
    return [name for name in files if _holds(lake, name, matching)]


def forget_former(matching: pl.Expr) -> int:
    """Delete the files of former versions that hold matching events, at once; and the log, which quotes from them.

    Other files keep their grace. Whoever asks for a version before this one is told that it is gone.
    """
    lake = table.found()
    if lake is None:
        return 0
    files = former(matching)
    store = DeltaStorageHandler.from_table(lake._table)
    for name in files:
        store.delete_file(name)
    _forget_log(lake)
    return len(files)


def _matching(files: Sequence[str], matching: pl.Expr) -> pl.DataFrame:
    return (
        pl.scan_parquet(list(files)).filter(matching).collect(engine="streaming") if files else pl.DataFrame()
    )


def _changed(before: pl.DataFrame, after: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    if before.is_empty():
        return before
    differs = pl.any_horizontal(after[name] != before[name] for name in columns)
    return after.filter(pl.select(differs).to_series()).select("id", "batch", *columns)


def _merge(lake: DeltaTable, after: pl.DataFrame, columns: Sequence[str]) -> None:
    batches = ", ".join(str(number) for number in after["batch"].unique().sort())
    lake.merge(
        after.to_arrow(),
        predicate=f"lake.id = said.id and lake.batch in ({batches})",
        source_alias="said",
        target_alias="lake",
        writer_properties=layout.PROPERTIES,
    ).when_matched_update({name: f"said.{name}" for name in columns}).execute()


def _holds(lake: DeltaTable, name: str, matching: pl.Expr) -> bool:
    file = f"{lake.table_uri.rstrip('/')}/{name}"
    try:
        return not pl.scan_parquet(file).filter(matching).head(1).collect().is_empty()
    except (FileNotFoundError, pl.exceptions.ComputeError):
        return False  # the log names files that are gone already; what cannot be read was never written to its end


def _forget_log(lake: DeltaTable) -> None:
    """Leave one checkpoint of the present and what follows: entries of the log state least and greatest values."""
    kept = lake.metadata().configuration.get(_KEEP_LOG, "interval 30 days")
    lake.alter.set_table_properties({_KEEP_LOG: "interval 0 seconds"})
    lake = table.opened()
    lake.create_checkpoint()
    lake.cleanup_metadata()
    lake.alter.set_table_properties({_KEEP_LOG: kept})
