"""Is every event there that the log and the relay know of?"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable  # noqa: TID251 - this is the door

from keepwell.kernel.figures import measured
from keepwell.ledger.lake import presence, reading, replacing, table
from keepwell.ledger.lake.damage import Damaged


class Report(NamedTuple):
    """What a check found: how much lies in the present version, which files are damaged."""

    version: int
    files: int
    events: int
    damaged: tuple[Damaged, ...]


def check() -> Report:
    """Read every file of the present version to its end and count. Costs one read of the whole lake."""
    lake = table.found()
    if lake is None:
        return Report(0, 0, 0, ())
    files = reading.files(lake)
    return Report(int(lake.version()), files.height, int(files["num_records"].sum()), tuple(damaged(lake)))


def damaged(lake: DeltaTable) -> Iterator[Damaged]:
    """The files of a version that are not what the log says."""
    storage = replacing.storage(lake)
    for row in reading.files(lake).iter_rows(named=True):
        found = (presence.outside(row) if table.is_local() else None) or _inside(row, storage)
        if found:
            yield found


def rows_by_batch() -> Mapping[int, int]:
    """How many events of each batch the present version holds. Reads one column."""
    lake = table.found()
    uris = [] if lake is None else reading.files(lake)["uri"].to_list()
    counted = reading.stored_rows_of(uris).group_by("batch").agg(pl.len()).collect(engine="streaming")
    return dict(counted.iter_rows())


def _inside(row: Mapping[str, Any], storage: Any) -> Damaged | None:
    try:
        with (
            storage.open_input_file(row["path"]) as opened,
            pq.ParquetFile(opened, page_checksum_verification=True) as stored,
        ):
            rows = sum(batch.num_rows for batch in stored.iter_batches())
    except FileNotFoundError:
        return presence.damaged(row, "is missing")
    except (OSError, pa.ArrowException) as failure:
        return presence.damaged(row, f"cannot be read ({str(failure).splitlines()[0][:120]})")
    stated = row["num_records"]
    return (
        None
        if rows == stated
        else presence.damaged(row, f"has {measured(rows, 'events')} instead of {stated:,}")
    )
