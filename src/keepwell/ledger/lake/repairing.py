"""Take what is damaged out of the way, put back what lies elsewhere, and say exactly what is gone."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
from deltalake import DeltaTable  # noqa: TID251 - this is the door
from deltalake.exceptions import DeltaError  # noqa: TID251 - this is the door

from keepwell.ledger.lake import checking, layout, reading, replacing, table
from keepwell.ledger.lake.damage import Damaged, LakeDamaged, broken_log, is_whole
from keepwell.ledger.lake.writing import last_batch
from keepwell.ledger.schema import MONTH, SCHEMA

QUARANTINE = "quarantine"


class Mended(NamedTuple):
    """One damaged file: what it held, and how many of its events were found in files of former versions."""

    file: Damaged
    recovered: int

    @property
    def missing(self) -> int:
        """How many of its events are nowhere."""
        return max(self.file.events - self.recovered, 0)


class Repaired(NamedTuple):
    """What a repair did: log files that it set aside, events found in files that no version named, files mended."""

    log_files: tuple[str, ...]
    found_again: int
    files: tuple[Mended, ...]


def repair(*, waiting: Collection[int] = ()) -> Repaired:
    """Make a lake in a folder readable again; damaged files are kept beside it, in `quarantine`.

    Nobody else may write meanwhile. Killed at any point, it can be run again. Events of a damaged file are looked for in the
    files of former versions that the vacuum has not taken yet; ids keep them from coming twice. Batches that are `waiting`
    to be carried are left out: they come again from the outbox.
    """
    if not table.is_local():
        raise LakeDamaged(
            "A lake in object storage is repaired by its own versioning: restore the files that are named."
        )
    aside = _mend_log()
    lake = table.found()
    if lake is None:
        return Repaired(aside, 0, ())
    damaged = list(checking.damaged(lake))
    mended = tuple(_mend(lake, file) for file in damaged)
    return Repaired(aside, _adopt(table.opened(), waiting) if aside else 0, mended)


def _mend_log() -> tuple[str, ...]:
    """Set log files aside that cannot be read, when the version before can be opened without them."""
    log = table.path() / "_delta_log"
    bad = broken_log(log) if log.is_dir() else []
    last = max((path.name for path in log.glob("*.json")), default="") if bad else ""
    for path in bad:
        if path.suffix == ".json" and path.name != last:
            raise LakeDamaged(
                "_delta_log/%(name)s lies in the middle of the lake's log and cannot be made up. "
                "Restore this one file from a backup, then run the repair again.",
                name=path.name,
            )
    for path in bad:
        _set_aside(path)
    try:
        table.found()
    except (DeltaError, OSError, LakeDamaged) as failure:
        raise LakeDamaged(
            "The lake cannot be opened still: %(failure)s. Restore its _delta_log from a backup.",
            failure=str(failure),
        ) from None
    return tuple(path.name for path in bad)


def cut_torn_end(*, carried: int) -> tuple[str, ...]:
    """Set the end of a log aside that a power cut left torn; gives the names of the files.

    Only if the lake can be opened without it and holds the batches up to the last one that was `carried` for good: then it was
    never on the disk, and what it said comes again. Anything else is real damage, and for the repair. Nobody else may write.
    """
    log = table.path() / "_delta_log"
    if not table.is_local() or not log.is_dir():
        return ()
    ends = [log / "_last_checkpoint", *(max(log.glob(kind), default=log) for kind in ("*.json", "*.parquet"))]
    torn = [path for path in ends if path.is_file() and not is_whole(path)]
    for path in torn:
        _set_aside(path)
    if torn and not _holds(carried):
        for path in torn:
            (_quarantine() / path.name).rename(path)
        return ()
    return tuple(path.name for path in torn)


def _holds(batch: int) -> bool:
    try:
        return last_batch() >= batch
    except (DeltaError, OSError, LakeDamaged):
        return False


def _set_aside(path: Path) -> None:
    path.rename(_quarantine() / path.name)


def _quarantine() -> Path:
    home = table.path().parent / QUARANTINE
    home.mkdir(exist_ok=True)
    return home


def _mend(lake: DeltaTable, file: Damaged) -> Mended:
    """Put the events of a damaged file back that lie elsewhere, and take the file out of the present version. One commit."""
    gone = reading.files(lake).filter(pl.col("path") == file.path)
    row = gone.row(0, named=True)
    rows = _elsewhere(lake, row[MONTH], {file.path})
    between = pl.col("batch").is_between(row["min.batch"], row["max.batch"])
    found = rows.filter(between) if row["min.batch"] is not None else rows
    come = [replacing.write(lake, found, month=row[MONTH])] if found.height else []
    replacing.commit(lake, gone=gone, come=come, notes={})
    if (broken := table.path() / file.path).exists():
        _set_aside(broken)
    return Mended(file, found.height)


def _adopt(lake: DeltaTable, waiting: Collection[int]) -> int:
    """Take events in that lie in files which the shortened log does not name."""
    adopted = 0
    for folder in sorted(table.path().glob(f"{MONTH}=*")):
        month = folder.name.removeprefix(f"{MONTH}=")
        rows = _elsewhere(lake, month, set()).filter(~pl.col("batch").is_in(list(waiting)))
        if rows.height:
            replacing.commit(lake, gone=None, come=[replacing.write(lake, rows, month=month)], notes={})
            adopted += rows.height
    return adopted


def _elsewhere(lake: DeltaTable, month: str, without: set[str]) -> pl.DataFrame:
    """Events of a month in readable files that the version does not name, each once, less those that it holds."""
    known = reading.files(lake).filter(pl.col(MONTH) == month)
    named = set(known["path"]) | without
    spare = [file for file in _on_disk(month) if str(file.relative_to(table.path())) not in named]
    tables = [rows for file in spare if (rows := _readable(file)) is not None]
    if not tables:
        return pl.DataFrame(SCHEMA.empty_table())
    held = reading.stored_rows_of(
        [uri for uri, path in known.select("uri", "path").iter_rows() if path not in without]
    )
    rows = pl.concat(tables).unique(["id", "batch"], keep="first", maintain_order=True)
    return rows.join(held.select("id", "batch").collect(), on=["id", "batch"], how="anti").sort(
        *layout.SORTED_BY
    )


def _on_disk(month: str) -> Iterator[Path]:
    yield from sorted((table.path() / f"{MONTH}={month}").glob("*.parquet"))


def _readable(file: Path) -> pl.DataFrame | None:
    try:
        return pl.read_parquet(file, hive_partitioning=False).select(SCHEMA.names)
    except (OSError, pl.exceptions.PolarsError):
        return None
