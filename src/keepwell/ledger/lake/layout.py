"""How events lie on disk: 27 bytes an event that has no properties, 16 of them its id.

Measured over a month of four million events of 100,000 accounts (docs/decisions/0031): text has few different values a file
and is kept as a dictionary; moments hardly ever repeat, and plain numbers under Zstandard are smaller than any of Parquet's
encodings for them, but `at` is read by all; sorted by account, an account's rows say its key and its people's keys next to
nothing.
"""

import polars as pl
import pyarrow as pa
from deltalake import ColumnProperties, PostCommitHookProperties, WriterProperties  # noqa: TID251 - this is the door

from keepwell.ledger.schema import MONTH, SCHEMA, STORED

SORTED_BY = ("kind", "account", "at", "known_at", "id")
ROWS_A_GROUP = 131_072  # small groups: the page of one account reads few of them
FILE_BYTES = 256 * 1024 * 1024
PLAIN = ("id", "at", "known_at", "received_at", "value", "batch")
# Not compressed after it: ids are digests, and moments that every question reads come twice as fast for 0.3 bytes each.
PACKED = {"id": "DELTA_LENGTH_BYTE_ARRAY", "at": "DELTA_BINARY_PACKED"}

PROPERTIES = WriterProperties(
    compression="ZSTD",
    compression_level=3,
    max_row_group_size=ROWS_A_GROUP,
    column_properties={name: ColumnProperties(dictionary_enabled=False) for name in PLAIN},
)
CHECKPOINT_EVERY = 50
CONFIGURATION = {
    "delta.dataSkippingStatsColumns": "kind,account,at,known_at,batch,origin",
    "delta.checkpointInterval": str(CHECKPOINT_EVERY),
    "delta.logRetentionDuration": "interval 2 days",
}
# Delta sums the log up and clears its past away in one go; here the checkpoint must be on the disk before.
AFTER_COMMIT = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


def laid_out(rows: pa.Table) -> pa.Table:
    """Events as the lake stores them: with their month, and `received_at` only where it says more than `known_at`."""
    frame = pl.DataFrame(rows.select(SCHEMA.names))
    received = pl.when(pl.col("received_at") != pl.col("known_at")).then(pl.col("received_at"))
    stored = frame.with_columns(received, pl.col("at").dt.strftime("%Y-%m").alias(MONTH))
    return stored.to_arrow().cast(STORED)
