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

# Of the columns and their meaning: 1 had the id as text and no origin, month or folders by it.
VERSION = 2
MEANINGS = {
    "id": "The key of the event: BLAKE2b of the id that was sent (SOURCE:ID), 16 bytes. Taken together, each once.",
    "account": "The raw account key that was sent; empty when only a person is known. What it means is dated: see identity.",
    "person": "The raw person key that was sent; may be empty.",
    "name": "What happened: a business fact of the list below, or any other name for tracked usage.",
    "feature": "The part of the product, or what a fact is about.",
    "kind": "fact or usage.",
    "at": "When it happened.",
    "known_at": "When Keepwell learned of it; the same as `at` where the source vouched for its history.",
    "received_at": "When it arrived, where that is not `known_at`; null means: at `known_at`.",
    "value": "The one number, if there is one; its unit goes with the name.",
    "source": "Who sent it.",
    "props": "The rest, as JSON.",
    "batch": "The relay's batch that brought it.",
    "origin": "The number of the import that brought it, if one did.",
    "month": "The month of `at`: the folder in which the file lies.",
}
