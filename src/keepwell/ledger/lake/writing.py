"""Adding events."""

import polars as pl
import pyarrow as pa

from keepwell.ledger.lake import durable, layout, replacing, table
from keepwell.ledger.schema import MONTH

APP = "outbox"


def last_batch() -> int:
    """The number of the last batch that the lake holds; 0 before the first."""
    lake = table.found()
    return 0 if lake is None else int(lake.transaction_version(APP) or 0)


def append(rows: pa.Table, *, batch: int) -> int:
    """Add the rows of one batch, once: a batch that the lake already holds is left alone. Gives the lake's version.

    In a folder the batch is on the disk itself when this returns, also one that was found there: who wrote it was perhaps
    killed before.
    """
    lake = table.opened()
    if (lake.transaction_version(APP) or 0) >= batch:
        if table.is_local():
            durable.force_log(table.path())
        return int(lake.version())
    months = pl.DataFrame(layout.laid_out(rows)).partition_by(MONTH, as_dict=True)
    come = [replacing.write(lake, part, month=month) for (month,), part in sorted(months.items())]
    return replacing.commit(lake, gone=None, come=come, notes={APP: batch})
