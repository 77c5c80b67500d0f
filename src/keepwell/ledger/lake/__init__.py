"""The one door to the Delta Lake that holds every event.

The lake is an open format: Spark, DuckDB, Trino and Polars read its Parquet files without Keepwell.
"""

from keepwell.ledger.lake.checking import Report, check, rows_by_batch
from keepwell.ledger.lake.counting import Cut, by_day
from keepwell.ledger.lake.damage import Damaged, LakeDamaged
from keepwell.ledger.lake.reading import Snapshot, once, rows_of, scan, snapshot
from keepwell.ledger.lake.repairing import Mended, Repaired, cut_torn_end, repair
from keepwell.ledger.lake.rewriting import forget_former, former, rewrite
from keepwell.ledger.lake.table import held, is_local, path, uri
from keepwell.ledger.lake.upgrade import bring_up_to_date, outdated
from keepwell.ledger.lake.upkeep import COMPACT_ABOVE_FILES, VACUUM_GRACE_HOURS, compact, settle, vacuum
from keepwell.ledger.lake.writing import append, last_batch

__all__ = [
    "COMPACT_ABOVE_FILES",
    "VACUUM_GRACE_HOURS",
    "Cut",
    "Damaged",
    "LakeDamaged",
    "Mended",
    "Repaired",
    "Report",
    "Snapshot",
    "append",
    "bring_up_to_date",
    "by_day",
    "check",
    "compact",
    "cut_torn_end",
    "forget_former",
    "former",
    "held",
    "is_local",
    "last_batch",
    "once",
    "outdated",
    "path",
    "repair",
    "rewrite",
    "rows_by_batch",
    "rows_of",
    "scan",
    "settle",
    "snapshot",
    "uri",
    "vacuum",
]
