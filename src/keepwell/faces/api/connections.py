"""Database connections of requests that pass Django's own handling by: kept by each thread, made anew when lost."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from psycopg.errors import DiskFull

LOOK_EVERY_SECONDS = 5
_seen = threading.local()
T = TypeVar("T")


class Unavailable(Exception):
    """The database does not take anything now; in words."""


@contextmanager
def kept() -> Iterator[None]:
    """Use the thread's connection; now and then see to it that one which grew old or broke is closed."""
    now = time.monotonic()
    if now - getattr(_seen, "at", 0.0) > LOOK_EVERY_SECONDS and not connection.in_atomic_block:
        _seen.at = now
        connection.close_if_unusable_or_obsolete()
    try:
        yield
    except DatabaseError:
        connection.close()
        raise


def again_if_lost(deed: Callable[[], T]) -> T:
    """Do something that may be done twice; once more when the connection turns out to be dead.

    Storing tracked events may be done twice: the relay drops what is there already.
    """
    try:
        try:
            return deed()
        except (OperationalError, InterfaceError) as failure:
            if isinstance(failure.__cause__, DiskFull):
                raise
            connection.close()
            return deed()
    except (OperationalError, InterfaceError) as failure:
        connection.close()
        if isinstance(failure.__cause__, DiskFull):
            raise Unavailable("The database's disk is full.") from failure
        raise Unavailable("The database does not answer.") from failure
