"""The one place that reads the clock: every stage takes the moment as an argument."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)  # noqa: TID251 faces read the clock, and read it here


def today() -> date:
    """The present day, UTC."""
    return now().date()
