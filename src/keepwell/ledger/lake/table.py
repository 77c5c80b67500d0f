"""The table of events: where it lies and how it is opened."""

from pathlib import Path

from deltalake import DeltaTable  # noqa: TID251 - this is the door
from deltalake.exceptions import TableNotFoundError  # noqa: TID251 - this is the door
from django.conf import settings

from keepwell.ledger.lake import layout
from keepwell.ledger.schema import MONTH, STORED


def path() -> Path:
    """Where the events lie."""
    return Path(settings.KEEPWELL_DATA) / "lake" / "events"


def found() -> DeltaTable | None:
    """The table as it stands; None before the first event."""
    try:
        return DeltaTable(str(path()))
    except TableNotFoundError:
        return None


def opened() -> DeltaTable:
    """The table as it stands; made when there is none yet."""
    return found() or DeltaTable.create(
        str(path()),
        schema=STORED,
        mode="ignore",
        partition_by=[MONTH],
        configuration=layout.CONFIGURATION,
    )
