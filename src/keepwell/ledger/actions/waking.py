"""The relay sleeps while nothing waits; whoever puts something into the outbox wakes it.

Before it sleeps the relay takes a lock that every writer of the outbox tries to share. A writer that gets its share holds it
until its transaction ends: then the relay finds the lock taken, or what was written committed, and stays awake. A writer that
gets none notifies with its transaction. So nothing is overlooked, and while the relay is at work nobody notifies: PostgreSQL
lets transactions that do commit one after the other only.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from keepwell.ledger.queries import state

CHANNEL = "keepwell_outbox"
KEY = 0x77616B65
# To be selected by the statement that writes; it holds no value of anybody.
WAKE = f"CASE WHEN NOT pg_try_advisory_xact_lock_shared({KEY}) THEN pg_notify('{CHANNEL}', '') END"
LOOK_SECONDS = 0.5


def sleep(*, seconds: float, taken_seconds: float, told: Callable[[], bool]) -> bool:
    """Wait until something comes into the outbox, somebody tells to stop, or for some seconds; tells whether it was quiet.

    When somebody is just writing, or another relay sleeps already, for `taken_seconds` at most.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    with _asleep() as mine:
        if mine and state.is_anything_to_carry():
            return False
        return _quiet(seconds if mine else taken_seconds, told)


@contextmanager
def _asleep() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY])


def _quiet(seconds: float, told: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not told():
        if any(connection.connection.notifies(timeout=min(left, LOOK_SECONDS), stop_after=1)):
            return False
    return True
