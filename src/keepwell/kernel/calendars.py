"""A company's calendar: which days it works, and how its years are cut. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import DAY

WEEK = frozenset(range(1, 8))
MOST_DAYS = 3660  # ten years without a working day are none


@dataclass(frozen=True)
class WorkCalendar:
    """The days of the week on which one works (1 is Monday), without holidays; days begin at midnight of the zone."""

    working_days: frozenset[int] = frozenset((1, 2, 3, 4, 5))
    holidays: frozenset[date] = frozenset()
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        if not self.working_days or not self.working_days <= WEEK:
            raise Invalid("A company works on at least one day of the week, from 1 (Monday) to 7 (Sunday).")

    def works_on(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.isoweekday() in self.working_days and day not in self.holidays

    def working_days_between(self, since: date, until: date) -> int:
        """How many working days lie in since ≤ day < until; negative when `until` comes first. Costs each day once."""
        if until < since:
            return -self.working_days_between(until, since)
        return sum(self.works_on(since + DAY * n) for n in range((until - since).days))

    def after(self, start: datetime, length: timedelta) -> datetime:
        """The moment when so much working time has passed, a working day having its 24 hours; UTC in, UTC out.

        A clock of 48 hours that is started on Friday at noon ends on Tuesday at noon.
        """
        zone, left, at = ZoneInfo(self.time_zone), length, start.astimezone(UTC)
        for _ in range(MOST_DAYS):
            day = at.astimezone(zone).date()
            ends = datetime.combine(day + DAY, time.min, tzinfo=zone).astimezone(UTC)
            if self.works_on(day):
                if at + left <= ends:
                    return at + left
                left -= ends - at
            at = ends
        raise Invalid("There is no working day within ten years.")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none when the end comes first."""
        zone, passed, at = ZoneInfo(self.time_zone), timedelta(0), start.astimezone(UTC)
        last = end.astimezone(UTC)
        while at < last:
            day = at.astimezone(zone).date()
            ends = min(last, datetime.combine(day + DAY, time.min, tzinfo=zone).astimezone(UTC))
            passed += ends - at if self.works_on(day) else timedelta(0)
            at = ends
        return passed


@dataclass(frozen=True)
class FiscalYear:
    """Years that begin with the first of a month; one is named by the year in which it ends."""

    first_month: int = 1

    def quarter(self, day: date) -> tuple[int, int]:
        """The fiscal year and quarter (1 to 4) of a day."""
        past = (day.month - self.first_month) % 12
        ends_next_year = self.first_month > 1 and day.month >= self.first_month
        return day.year + ends_next_year, past // 3 + 1

    def label(self, day: date) -> str:
        """A day's quarter as one says it: "Q3 2026", or "Q3 FY27" where the year is not the calendar's."""
        year, quarter = self.quarter(day)
        return f"Q{quarter} {year}" if self.first_month == 1 else f"Q{quarter} FY{year % 100:02}"

    def begins(self, day: date) -> date:
        """The first day of the quarter that a day lies in."""
        month = (day.month - self.first_month) % 12 // 3 * 3 + self.first_month
        return date(day.year - (1 if (month - 1) % 12 + 1 > day.month else 0), (month - 1) % 12 + 1, 1)

    def begin(self, day: date, *, count: int) -> list[date]:
        """The first days of so many quarters, the one of a day first."""
        found = [self.begins(day)]
        while len(found) < count:
            found.append((found[-1] + timedelta(days=93)).replace(day=1))  # three months have 92 days at most
        return found


def days(texts: Collection[str]) -> frozenset[date]:
    """Days written YYYY-MM-DD."""
    try:
        return frozenset(date.fromisoformat(text) for text in texts)
    except ValueError:
        raise Invalid(
            'One of "%(listed)s" is no date. Use YYYY-MM-DD, one a line.', listed=", ".join(texts)
        ) from None
