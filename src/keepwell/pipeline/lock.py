"""One pipeline at a time on one database, however many workers and commands there are."""

from contextlib import AbstractContextManager

from keepwell.ledger import locks

_KEY = 0x6B656570


def exclusive() -> AbstractContextManager[None]:
    """Wait for the pipeline's lock and hold it."""
    return locks.held(_KEY)
