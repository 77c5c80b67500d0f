"""The table of events: where it lies and how it is opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from deltalake import DeltaTable  # noqa: TID251 - this is the door
from deltalake.exceptions import TableNotFoundError  # noqa: TID251 - this is the door
from django.conf import settings

from keepwell.ledger.lake import layout
from keepwell.ledger.schema import MONTH, STORED


def path() -> Path:
    """Where the events lie."""
    return Path(settings.KEEPWELL_DATA) / "lake" / "events"


_held: ContextVar[int | None] = ContextVar("held", default=None)


@contextmanager
def held(version: int) -> Iterator[None]:
    """Within it this thread reads the table as it stood at a version, whatever is written meanwhile."""
    token = _held.set(version)
    try:
        yield
    finally:
        _held.reset(token)


def found() -> DeltaTable | None:
    """The table as it stands, or as it is held; None before the first event."""
    try:
        return DeltaTable(str(path()), version=_held.get())
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
