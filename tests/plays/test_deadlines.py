"""When what an incident asks for is due, by the company's calendar."""

from datetime import UTC, date, datetime

import pytest

from keepwell.kernel.calendars import WorkCalendar
from keepwell.plays.actions import opening

FRIDAY = datetime(2026, 12, 18, 15, tzinfo=UTC)
CALENDAR = WorkCalendar(holidays=frozenset((date(2026, 12, 24), date(2026, 12, 25))))


@pytest.mark.parametrize(
    ("hours", "calendar", "due"),
    [
        (24, CALENDAR, datetime(2026, 12, 19, 15, tzinfo=UTC)),
        (168, WorkCalendar(), datetime(2026, 12, 25, 15, tzinfo=UTC)),
        (168, CALENDAR, datetime(2026, 12, 29, 15, tzinfo=UTC)),
        (336, CALENDAR, datetime(2027, 1, 5, 15, tzinfo=UTC)),
        (168, WorkCalendar(working_days=frozenset((1, 2, 3, 4))), datetime(2026, 12, 25, 0, tzinfo=UTC)),
    ],
)
def test_a_clock_of_hours_runs_through_and_weeks_are_the_company_s(
    hours: float, calendar: WorkCalendar, due: datetime
) -> None:
    assert opening.due_after(FRIDAY, hours, calendar) == due
