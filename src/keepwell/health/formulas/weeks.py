"""The days by which a list shows how a score went: the last Sundays and the day itself."""

from datetime import date, timedelta

WEEK = timedelta(days=7)
SHOWN = 13


def shown(day: date) -> list[date]:
    """Twelve Sundays before the day, ascending, and the day."""
    last_sunday = day - timedelta(days=day.weekday() + 1)
    return [*(last_sunday - WEEK * back for back in range(SHOWN - 2, -1, -1)), day]


def against(day: date, days: int) -> date:
    """With what day a change over so many days compares: a week ago exactly, else the Sunday at or before."""
    before = day - timedelta(days=days)
    return before if days == WEEK.days else before - timedelta(days=(before.weekday() + 1) % 7)
