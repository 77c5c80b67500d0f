"""When a weekly slot comes next. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def following(*, weekday: int, clock: time, zone: str, after: datetime) -> datetime:
    """The first moment after another one at which it is that weekday and time where the zone is, UTC.

    The clock on the wall counts: an hour that summer time skips is taken as it would have been before.
    """
    there = after.astimezone(ZoneInfo(zone))
    day = there.date() + timedelta(days=(weekday - there.weekday()) % 7)
    moment = datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment > after:
        return moment
    return datetime.combine(day + timedelta(days=7), clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)
