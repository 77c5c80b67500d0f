"""The columns of the ledger's events, as they stand in the lake."""

import pyarrow as pa

_MOMENT = pa.timestamp("us", tz="UTC")

_COLUMNS: dict[str, pa.DataType] = {
    "id": pa.binary(),  # 16 bytes, event.bytes_of; Delta knows no binary of a fixed size
    "account": pa.string(),
    "person": pa.string(),
    "name": pa.string(),
    "feature": pa.string(),
    "kind": pa.string(),
    "at": _MOMENT,
    "known_at": _MOMENT,
    "received_at": _MOMENT,
    "value": pa.float64(),
    "source": pa.string(),
    "props": pa.string(),
    "batch": pa.int64(),
    "origin": pa.int64(),
}
SCHEMA = pa.schema(_COLUMNS)

# The lake's files lie in one folder a month of `at`; the month is in the folder's name, not in the file.
MONTH = "month"
STORED = SCHEMA.append(pa.field(MONTH, pa.string()))
