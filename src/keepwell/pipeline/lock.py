"""One pipeline at a time on one database, however many workers and commands there are."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_KEY = 0x6B656570


@contextmanager
def exclusive() -> Iterator[None]:
    """Wait for the pipeline's lock and hold it; it dies with the connection, so a kill leaves nothing behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_KEY])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_KEY])
