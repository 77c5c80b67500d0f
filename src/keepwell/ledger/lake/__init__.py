"""The one door to the Delta Lake that holds every event.

The lake is an open format: Spark, DuckDB, Trino and Polars read its Parquet files without Keepwell.
"""

from keepwell.ledger.lake.reading import Snapshot, rows_of, scan, snapshot
from keepwell.ledger.lake.rewriting import forget_former, former, rewrite
from keepwell.ledger.lake.table import held, path
from keepwell.ledger.lake.upgrade import bring_up_to_date, outdated
from keepwell.ledger.lake.upkeep import COMPACT_ABOVE_FILES, VACUUM_GRACE_HOURS, compact, settle, vacuum
from keepwell.ledger.lake.writing import append

__all__ = [
    "COMPACT_ABOVE_FILES",
    "VACUUM_GRACE_HOURS",
    "Snapshot",
    "append",
    "bring_up_to_date",
    "compact",
    "forget_former",
    "former",
    "held",
    "outdated",
    "path",
    "rewrite",
    "rows_of",
    "scan",
    "settle",
    "snapshot",
    "vacuum",
]
