"""When a person may be told something: on working days, outside of their quiet hours, in their own zone. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.moments import DAY

MOST_DAYS = 3660


@dataclass(frozen=True)
class Reader:
    """Whose hours they are: quiet from an hour until another of `time_zone`; None for both: never quiet."""

    time_zone: str
    quiet_from: time | None
    quiet_until: time | None

    def there(self, at: datetime) -> datetime:
        """A moment on the reader's own clock."""
        return at.astimezone(ZoneInfo(self.time_zone))

    def begins(self, day: date) -> datetime:
        """When a day of theirs begins, UTC."""
        return datetime.combine(day, time.min, tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)

    def is_quiet(self, at: datetime) -> bool:
        """Whether it is one of their quiet hours; these may run through midnight."""
        since, until = self.quiet_from, self.quiet_until
        if since is None or until is None or since == until:
            return False
        now = self.there(at).time()
        return since <= now < until if since < until else now >= since or now < until


def opens(at: datetime, *, reader: Reader, calendar: WorkCalendar) -> datetime:
    """The first moment from `at` on, UTC, at which the reader may be told; `at` itself where that is now."""
    moment = at
    for _ in range(MOST_DAYS):
        day = reader.there(moment).date()
        if not calendar.works_on(day):
            moment = reader.begins(day + DAY)
        elif reader.is_quiet(moment):
            moment = _ends(reader, day, after=moment)
        else:
            return moment
    return moment


def _ends(reader: Reader, day: date, *, after: datetime) -> datetime:
    """The first end of quiet hours on a day or, where that is past, on the next."""
    assert reader.quiet_until is not None
    end = datetime.combine(day, reader.quiet_until, tzinfo=ZoneInfo(reader.time_zone)).astimezone(UTC)
    return end if end > after else _ends(reader, day + DAY, after=after)


def next_day(at: datetime, *, reader: Reader, calendar: WorkCalendar) -> datetime:
    """The first moment of the reader's next working day at which they may be told."""
    return opens(reader.begins(reader.there(at).date() + DAY), reader=reader, calendar=calendar)
