"""Where the ledger stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Sum

from keepwell.ledger import lake
from keepwell.ledger.lake import Snapshot
from keepwell.ledger.models import Parcel

Held = Snapshot


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
    return LedgerState(waiting(), snapshot.version, snapshot.batch, len(snapshot.files))


def waiting() -> int:
    """How many events wait in the outbox. One sum over a row a request."""
    return Parcel.objects.aggregate(n=Sum("events"))["n"] or 0


def is_waiting(*, received_until: datetime) -> bool:
    """Whether events that came until a moment are still on their way to the lake. One query."""
    return Parcel.objects.filter(received_at__lte=received_until).exists()


def is_anything_to_carry() -> bool:
    """Whether parcels wait, or a batch was begun and not ended. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ledger_parcel) OR "
            "EXISTS (SELECT FROM ledger_relaybatch WHERE lake_version IS NULL)"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def held() -> Iterator[Snapshot]:
    """The lake's present version, which is what this thread reads within, whatever is carried there meanwhile."""
    with lake.held():
        yield lake.snapshot()
