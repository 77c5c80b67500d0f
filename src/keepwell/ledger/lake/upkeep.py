"""Keeping the lake's files few, large and sorted, without writing the whole lake anew each time.

Events come in small files, one a batch and month. When a month has many, they are joined; once they hold half as many events
as those that lie sorted, the month is sorted again: at once if it is small, at night (`settle`) if it is large. So each
event is written anew a bounded number of times however long the lake grows, and months that get no more events are left
alone. Each step is one commit: readers that hold the files of an earlier version keep them until the vacuum. Who finds that
somebody else replaced the same files meanwhile leaves it at that.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl
from deltalake import DeltaTable  # noqa: TID251 - this is the door
from deltalake.exceptions import CommitFailedError  # noqa: TID251 - this is the door

from keepwell.ledger.lake import layout, reading, replacing, table
from keepwell.ledger.schema import MONTH

COMPACT_ABOVE_FILES = 40
MOST_FRESH_FILES = 400
VACUUM_GRACE_HOURS = 24
JOINED_BYTES = 8 * 1024 * 1024
SLICE_ROWS = 4_000_000
AT_ONCE_ROWS = 500_000


class Month(NamedTuple):
    """What lies in a month: events that lie sorted, events and files that came since."""

    name: str
    sorted_rows: int
    fresh_rows: int
    fresh_files: int

    @property
    def is_due(self) -> bool:
        """Whether so much came that the month is worth sorting again."""
        return 2 * self.fresh_rows >= self.sorted_rows

    @property
    def is_small(self) -> bool:
        """Whether sorting it takes less than a second or two: else it waits for the quiet hours."""
        return self.sorted_rows + self.fresh_rows <= AT_ONCE_ROWS


def compact() -> bool:
    """Join or sort the months that have many small files; tells whether it did. The rows and their meaning stay."""
    lake = table.found()
    if lake is None:
        return False
    files = reading.files(lake)
    here = pl.len().over(MONTH)
    months = _months(
        lake, files.filter(here > (1 if files.height > MOST_FRESH_FILES else COMPACT_ABOVE_FILES))
    )
    crowded = sum(month.fresh_files for month in months) > MOST_FRESH_FILES
    busy = [m for m in months if m.fresh_files > (1 if crowded else COMPACT_ABOVE_FILES)]
    for month in busy:
        with suppress(CommitFailedError):
            _sort(month.name) if month.is_due and month.is_small else _join(month.name)
    return bool(busy)


def settle() -> int:
    """Sort every month in which a twentieth or more came since it was; gives how many. For the quiet hours."""
    lake = table.found()
    months = [] if lake is None else _months(lake, reading.files(lake))
    due = [month for month in months if month.fresh_rows and 20 * month.fresh_rows >= month.sorted_rows]
    for month in due:
        with suppress(CommitFailedError):
            _sort(month.name)
    return len(due)


def vacuum() -> int:
    """Delete files that no version of the last day needs, and what the log says of earlier ones; gives how many files."""
    gone = table.opened().vacuum(
        retention_hours=VACUUM_GRACE_HOURS,
        enforce_retention_duration=False,
        dry_run=False,
        full=True,
        post_commithook_properties=layout.AFTER_COMMIT,
    )
    clear_log()
    return len(gone)


def clear_log() -> None:
    """Sum the log up, and then drop its entries that are older than they are kept."""
    replacing.sum_up()
    table.opened().cleanup_metadata()


def _months(lake: DeltaTable, files: pl.DataFrame) -> list[Month]:
    """The months of these files. What the log notes of each is asked one by one: a millisecond each."""
    if files.is_empty():
        return []
    sorted_until = {name: lake.transaction_version(_app(name)) or 0 for name in files[MONTH].unique()}
    fresh = pl.col("max.batch") > pl.col(MONTH).replace_strict(sorted_until, return_dtype=pl.Int64)
    counted = files.group_by(MONTH).agg(
        pl.col("num_records").filter(~fresh).sum().alias("sorted_rows"),
        pl.col("num_records").filter(fresh).sum().alias("fresh_rows"),
        fresh.sum().alias("fresh_files"),
    )
    return [Month(*row) for row in counted.sort(MONTH).iter_rows()]


def _app(month: str) -> str:
    """The name under which the table notes up to which batch a month lies sorted."""
    return f"sorted:{month}"


def _join(month: str) -> None:
    """Write the small files of a month that came since it was sorted as one, up to what takes a second or two."""
    lake = table.opened()
    since = lake.transaction_version(_app(month)) or 0
    fresh = reading.files(lake).filter((pl.col(MONTH) == month) & (pl.col("max.batch") > since))
    small = fresh.sort("size_bytes").filter(
        (pl.col("size_bytes") < JOINED_BYTES) & (pl.col("num_records").cum_sum() <= AT_ONCE_ROWS)
    )
    if small.height > 1:
        rows = reading.stored_rows_of(small["uri"].to_list()).sort(*layout.SORTED_BY).collect()
        replacing.commit(lake, gone=small, come=[replacing.write(lake, rows, month=month)], notes={})


def _sort(month: str) -> None:
    """Write a month anew, sorted, in slices of time that fit in memory; in one commit."""
    lake = table.opened()
    gone = reading.files(lake).filter(pl.col(MONTH) == month)
    come = [replacing.write(lake, rows, month=month) for rows in _slices(gone["uri"].to_list())]
    last = int(gone["max.batch"].max())  # type: ignore[arg-type]
    replacing.commit(lake, gone=gone, come=come, notes={_app(month): last})


def _slices(uris: list[str]) -> Iterator[pl.DataFrame]:
    rows = reading.stored_rows_of(uris)
    hours = rows.group_by(pl.col("at").dt.truncate("1h")).agg(pl.len().alias("n")).sort("at")
    for first, until in _spans(hours.collect(engine="streaming")):
        here = rows.filter((pl.col("at") >= first) & (pl.col("at") < until))
        yield here.sort(*layout.SORTED_BY).collect()


def _spans(hours: pl.DataFrame) -> Iterator[tuple[datetime, datetime]]:
    """Spans of whole hours, each with at most so many rows as fit in memory, unless one hour has more."""
    held, first, last = 0, None, None
    for hour, count in hours.iter_rows():
        if first is not None and held + count > SLICE_ROWS:
            yield first, hour
            held, first = 0, None
        held, first, last = held + count, first or hour, hour
    if first is not None and last is not None:
        yield first, last + timedelta(hours=1)
