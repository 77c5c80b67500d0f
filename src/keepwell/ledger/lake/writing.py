"""Adding events."""

import pyarrow as pa
from deltalake import CommitProperties, Transaction, write_deltalake  # noqa: TID251 - this is the door

from keepwell.ledger.lake import layout, table

APP = "outbox"


def last_batch() -> int:
    """The number of the last batch that the lake holds; 0 before the first."""
    lake = table.found()
    return 0 if lake is None else int(lake.transaction_version(APP) or 0)


def append(rows: pa.Table, *, batch: int) -> int:
    """Add the rows of one batch, once: a batch that the lake already holds is left alone. Gives the lake's version."""
    lake = table.opened()
    if (lake.transaction_version(APP) or 0) >= batch:
        return int(lake.version())
    write_deltalake(
        lake,
        layout.laid_out(rows),
        mode="append",
        writer_properties=layout.PROPERTIES,
        commit_properties=CommitProperties(app_transactions=[Transaction(APP, batch)]),
    )
    return int(lake.version())
