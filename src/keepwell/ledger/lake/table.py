"""The table of events: where it lies, in a folder or in object storage, and how it is opened."""

import os
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from deltalake import DeltaTable  # noqa: TID251 - this is the door
from deltalake.exceptions import TableNotFoundError  # noqa: TID251 - this is the door
from django.conf import settings

from keepwell.ledger.lake import damage, layout
from keepwell.ledger.schema import MONTH, STORED

Found = TypeVar("Found")
_PASSED_ON = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
)


def uri() -> str:
    """Where the events lie: KEEPWELL_LAKE (s3://bucket/prefix, or a folder), else the data folder."""
    place = getattr(settings, "KEEPWELL_LAKE", "") or str(Path(settings.KEEPWELL_DATA) / "lake")
    return f"{place.rstrip('/')}/events"


def path() -> Path:
    """The folder of the events; only for a lake that lies in one."""
    return Path(uri())


def is_local() -> bool:
    """Whether the lake lies in a folder of this machine."""
    return "://" not in uri()


def options() -> dict[str, str] | None:
    """How to reach object storage, from the usual AWS_* variables; None for a folder.

    A version is written only if nobody wrote it before (a conditional put), so that two writers cannot take the same one.
    """
    if is_local():
        return None
    given = {name.lower(): os.environ[name] for name in _PASSED_ON if os.environ.get(name)}
    plain = given.get("aws_endpoint_url", "").startswith("http://")
    return {
        "aws_region": "us-east-1",
        "aws_conditional_put": "etag",
        "aws_allow_http": "true" if plain else "false",
        **given,
    }


_held: ContextVar[DeltaTable | None] = ContextVar("held", default=None)
_noted: ContextVar[dict[Hashable, Any] | None] = ContextVar("noted", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within it this thread reads the table as it stood at the beginning, whatever is written meanwhile. Opens it once.

    Whoever holds it already goes on with that.
    """
    if _held.get() is not None:
        yield
        return
    token, notes = _held.set(opened()), _noted.set({})
    try:
        yield
    finally:
        _held.reset(token)
        _noted.reset(notes)


def once(lake: DeltaTable, key: Hashable, make: Callable[[], Found]) -> Found:
    """What `make` finds out about a version: once while that is held, for it does not change."""
    kept = _noted.get()
    if kept is None or lake is not _held.get():
        return make()
    if key not in kept:
        kept[key] = make()
    found: Found = kept[key]
    return found


def found() -> DeltaTable | None:
    """The table as it stands, or as it is held; None before the first event. A log that cannot be read is refused by name."""
    try:
        return _held.get() or _present()
    except TableNotFoundError:
        if is_local() and any(path().glob(f"{MONTH}=*")):
            log = path() / "_delta_log"
            raise damage.LakeDamaged(
                "The lake's log is gone: %(log)s. %(advice)s", log=log, advice=damage.ADVICE
            ) from None
        return None


def _present() -> DeltaTable:
    with damage.named(path() / "_delta_log" if is_local() else None):
        return DeltaTable(uri(), storage_options=options())


def opened() -> DeltaTable:
    """The table as it stands; made when there is none yet."""
    return found() or DeltaTable.create(
        uri(),
        schema=STORED,
        mode="ignore",
        partition_by=[MONTH],
        configuration=layout.CONFIGURATION,
        storage_options=options(),
    )
