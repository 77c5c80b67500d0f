"""Changing events for good, former versions included: only for what must not be known any more."""

from collections.abc import Callable, Sequence

import polars as pl
from deltalake import DeltaTable  # noqa: TID251 - this is the door
from deltalake.exceptions import CommitFailedError  # noqa: TID251 - this is the door

from keepwell.ledger.lake import layout, reading, replacing, table, upkeep
from keepwell.ledger.schema import MONTH

Change = Callable[[pl.DataFrame], pl.DataFrame]

MOST_TRIES = 5
_PLACE = "place in the file"
_KEEP_LOG = "delta.logRetentionDuration"


def rewrite(matching: pl.Expr, change: Change, *, columns: Sequence[str]) -> int:
    """Change the named columns of matching events, all in one commit; gives how many were changed.

    `change` gets those events and gives them in the same order with other values. Only files that hold such events are
    written anew, each in its order. Events that are appended meanwhile stay; when somebody else replaced one of the files
    the commit is tried again on the version that has the new ones.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        lake = table.found()
        if lake is None:
            return 0
        changed, gone, come = _rewritten(lake, matching, change, columns)
        if not come:
            return 0
        try:
            replacing.commit(lake, gone=gone, come=come, notes={})
            return changed
        except CommitFailedError:
            if not tries_left:
                raise
    return 0


def _rewritten(
    lake: DeltaTable, matching: pl.Expr, change: Change, columns: Sequence[str]
) -> tuple[int, pl.DataFrame, list[replacing.Written]]:
    """How many events are changed; the files that hold them; and those files with the changed events. One file in memory."""
    files = reading.files(lake)
    come: list[replacing.Written] = []
    gone: list[bool] = []
    changed = 0
    for uri, month in files.select("uri", MONTH).iter_rows():
        after = _changed(reading.stored_rows_of([uri]).with_row_index(_PLACE), matching, change, columns)
        gone.append(not after.is_empty())
        if after.is_empty():
            continue
        rows = reading.stored_rows_of([uri]).with_row_index(_PLACE).collect()
        come.append(replacing.write(lake, rows.update(after, on=_PLACE).drop(_PLACE), month=month))
        changed += after.height
    return changed, files.filter(pl.Series(gone, dtype=pl.Boolean)), come


def _changed(rows: pl.LazyFrame, matching: pl.Expr, change: Change, columns: Sequence[str]) -> pl.DataFrame:
    before = rows.filter(matching).collect(engine="streaming")
    after = change(before)
    differs = pl.any_horizontal(before[name] != after[name] for name in columns)
    return after.filter(pl.select(differs).to_series()).select(_PLACE, *columns)


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
    store = replacing.storage(lake)
    for name in files:
        store.delete_file(name)
    _forget_log(lake)
    return len(files)


def _holds(lake: DeltaTable, name: str, matching: pl.Expr) -> bool:
    file = f"{lake.table_uri.rstrip('/')}/{name}"
    try:
        return not reading.stored_rows_of([file]).filter(matching).head(1).collect().is_empty()
    except (OSError, pl.exceptions.ComputeError):
        return False  # the log names files that are gone already; what cannot be read was never written to its end


def _forget_log(lake: DeltaTable) -> None:
    """Leave one checkpoint of the present and what follows: entries of the log state least and greatest values."""
    kept = lake.metadata().configuration.get(_KEEP_LOG, "interval 30 days")
    _keep_log(lake, "interval 0 seconds")
    upkeep.clear_log()
    _keep_log(table.opened(), kept)


def _keep_log(lake: DeltaTable, span: str) -> None:
    lake.alter.set_table_properties({_KEEP_LOG: span}, post_commithook_properties=layout.AFTER_COMMIT)
