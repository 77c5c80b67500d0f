"""Where the ledger stands."""

from dataclasses import dataclass

from keepwell.ledger import lake
from keepwell.ledger.models import OutboxEvent


@dataclass(frozen=True)
class LedgerState:
    """Events that still wait in the outbox, and the lake's version, last batch and number of files."""

    waiting: int
    lake_version: int
    batch: int
    files: int


def current() -> LedgerState:
    """One count and one look at the lake's log."""
    snapshot = lake.snapshot()
    return LedgerState(OutboxEvent.objects.count(), snapshot.version, snapshot.batch, len(snapshot.files))
