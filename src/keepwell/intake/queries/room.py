"""Whether there is room for more: nothing is acknowledged that could not be kept."""

import os
import threading
import time
from dataclasses import dataclass

from django.conf import settings

from keepwell.kernel import errors, figures, speech
from keepwell.ledger.queries import state

ASKED_EVERY_SECONDS = 1
RETRY_SECONDS = 5
MEGABYTE = 1024 * 1024
_lock = threading.Lock()


class NoRoom(errors.Refused):
    """Nothing more can be taken for now; `status` is that of HTTP."""

    def __init__(self, text: str, /, *, status: int, **parts: object) -> None:
        super().__init__(text, **parts)
        self.status, self.retry_after = status, RETRY_SECONDS


@dataclass
class _Last:
    """What was seen when somebody last looked, and until when that will do."""

    until: float = 0.0
    refusal: NoRoom | None = None


_last = _Last()


def must_be_left() -> None:
    """Raise `NoRoom` when the disk is nearly full or too much waits for the lake. Looks once a second."""
    now = time.monotonic()
    if now >= _last.until and _lock.acquire(blocking=False):
        try:
            _last.refusal = look()
            _last.until = now + ASKED_EVERY_SECONDS
        finally:
            _lock.release()
    if (refusal := _last.refusal) is not None:
        raise NoRoom(str(refusal), status=refusal.status)


def look_again() -> None:
    """Forget what was seen last."""
    _last.until = 0.0


def look() -> NoRoom | None:
    """What stands against taking more now. One query."""
    if said := disk_trouble():
        return NoRoom("%(said)s Nothing was stored; send it again later.", said=said, status=503)
    waiting = state.waiting()
    if waiting > settings.KEEPWELL_MOST_WAITING:
        return NoRoom(
            "%(waiting)s events wait for the lake, more than the %(most)s that may. "
            "Nothing was stored; send it again later.",
            waiting=figures.Whole(waiting),
            most=figures.Whole(settings.KEEPWELL_MOST_WAITING),
            status=429,
        )
    return None


def disk_trouble() -> str:
    """In words, when the data folder's disk has less room than is kept free; empty when it has more."""
    free = free_megabytes()
    least = settings.KEEPWELL_LEAST_FREE_MB
    if free >= least:
        return ""
    return speech.later(
        "The disk has %(free)s MB left; %(least)s MB are kept free.",
        free=figures.Whole(free),
        least=figures.Whole(least),
    )


def free_megabytes() -> int:
    """What the data folder's disk has left."""
    disk = os.statvfs(settings.KEEPWELL_DATA)
    return disk.f_bavail * disk.f_frsize // MEGABYTE
