"""Days and moments, always in UTC. The clock is an argument everywhere; nothing here reads it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from keepwell.kernel.errors import Invalid

DAY = timedelta(days=1)
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; a moment without a zone is taken to be UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def start_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def end_of(day: date) -> datetime:
    """The first moment after a day: "as of DAY" holds whatever happened before it."""
    return start_of(day + DAY)


def day_of(moment: datetime) -> date:
    """The UTC day in which a moment lies."""
    return utc(moment).date()


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD, of a year that a customer can have lived in."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid('"%(text)s" is no date. Use YYYY-MM-DD.', text=text) from None
    return within_reach(day)


def within_reach(day: date) -> date:
    """The day itself; `Invalid` when it lies outside the years that can be asked about."""
    if not EARLIEST <= day <= LATEST:
        raise Invalid(
            '"%(day)s" is out of reach. Use YYYY-MM-DD from %(earliest)s to %(latest)s.',
            day=day,
            earliest=EARLIEST,
            latest=LATEST,
        )
    return day


def parse_moment(text: str) -> datetime:
    """A moment in ISO 8601; a bare day is its first moment, no zone means UTC."""
    try:
        return utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        raise Invalid('"%(text)s" is no date. Use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ.', text=text) from None


@dataclass(frozen=True)
class Grid:
    """Evenly spaced days that end with `last`: the days for which a history is asked."""

    last: date
    step_days: int = 7
    count: int = 1

    def __post_init__(self) -> None:
        if self.step_days < 1 or self.count < 1:
            raise ValueError(f"a grid needs a positive step and count, not {self.step_days} and {self.count}")

    @property
    def first(self) -> date:
        """The earliest day."""
        return self.last - DAY * (self.step_days * (self.count - 1))

    @property
    def days(self) -> list[date]:
        """All days, ascending."""
        return [self.first + DAY * (self.step_days * i) for i in range(self.count)]


def sundays(*, until: date, weeks: int) -> Grid:
    """The weekly grid of stored history: the last `weeks` Sundays that are not after `until`."""
    last = until - DAY * ((until.weekday() + 1) % 7)
    return Grid(last=last, step_days=7, count=weeks)
