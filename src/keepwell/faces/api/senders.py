"""Who sends, remembered for a few seconds: a new write key, or a vouching that was changed, holds after that."""

import time
from dataclasses import replace
from datetime import datetime

from keepwell.intake.queries import sources
from keepwell.intake.queries.sources import SourceView
from keepwell.kernel import errors

REMEMBERED_SECONDS = 3
MOST_REMEMBERED = 10_000
_remembered: dict[str, tuple[float, SourceView]] = {}


def known(write_key: str) -> SourceView:
    """The source that a write key belongs to. A query only when it was not asked for in the last seconds."""
    if not write_key:
        raise errors.Forbidden("The write key is missing. Send it as the user name of Basic authentication.")
    now = time.monotonic()
    until, source = _remembered.get(write_key, (0.0, None))
    if source is not None and now < until:
        return source
    found = sources.by_write_key(write_key)
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[write_key] = (now + REMEMBERED_SECONDS, found)
    return found


def heard(write_key: str, source: SourceView, *, at: datetime) -> None:
    """Remember that it was just noted that a source was heard."""
    if write_key in _remembered:
        _remembered[write_key] = (_remembered[write_key][0], replace(source, last_event_at=at))


def forget() -> None:
    """Ask for every source anew."""
    _remembered.clear()
