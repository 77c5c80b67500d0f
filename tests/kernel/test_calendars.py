"""Working time and fiscal years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kernel.calendars import FiscalYear, WorkCalendar
from keepwell.kernel.errors import Invalid

FRIDAY_NOON = datetime(2026, 6, 12, 12, tzinfo=UTC)
BERLIN = WorkCalendar(holidays=frozenset({date(2026, 6, 15)}), time_zone="Europe/Berlin")
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 Hypothesis wants bounds without a zone
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_a_clock_stands_still_at_weekends_and_on_holidays() -> None:
    two_days = timedelta(hours=48)
    assert WorkCalendar().after(FRIDAY_NOON, two_days) == datetime(2026, 6, 16, 12, tzinfo=UTC)
    assert BERLIN.after(FRIDAY_NOON, two_days) == datetime(2026, 6, 17, 12, tzinfo=UTC)
    assert WorkCalendar().after(datetime(2026, 6, 13, 9, tzinfo=UTC), timedelta(hours=1)) == datetime(
        2026, 6, 15, 1, tzinfo=UTC
    )


def test_a_day_begins_where_the_company_is() -> None:
    sunday_evening = datetime(2026, 6, 7, 22, 30, tzinfo=UTC)
    assert BERLIN.after(sunday_evening, timedelta(hours=1)) == sunday_evening + timedelta(hours=1)
    assert WorkCalendar().after(sunday_evening, timedelta(hours=1)) == datetime(2026, 6, 8, 1, tzinfo=UTC)


@given(MOMENTS, st.integers(1, 400))
def test_what_has_passed_when_it_is_due_is_what_was_given(start: datetime, hours: int) -> None:
    length = timedelta(hours=hours)
    assert BERLIN.between(start, BERLIN.after(start, length)) == length


def test_working_days_are_counted_half_open_and_both_ways() -> None:
    monday, next_monday = date(2026, 6, 8), date(2026, 6, 15)
    assert WorkCalendar().working_days_between(monday, next_monday) == 5
    assert WorkCalendar().working_days_between(next_monday, monday) == -5
    assert BERLIN.working_days_between(next_monday, date(2026, 6, 16)) == 0


def test_a_week_without_work_is_refused() -> None:
    with pytest.raises(Invalid):
        WorkCalendar(frozenset())
    with pytest.raises(Invalid):
        WorkCalendar(frozenset({8}))


@pytest.mark.parametrize(
    ("first", "day", "label", "begins"),
    [
        (1, date(2026, 6, 15), "Q2 2026", date(2026, 4, 1)),
        (4, date(2026, 6, 15), "Q1 FY27", date(2026, 4, 1)),
        (4, date(2026, 3, 31), "Q4 FY26", date(2026, 1, 1)),
        (10, date(2026, 12, 1), "Q1 FY27", date(2026, 10, 1)),
        (2, date(2026, 1, 31), "Q4 FY26", date(2025, 11, 1)),
        (12, date(2026, 1, 5), "Q1 FY26", date(2025, 12, 1)),
    ],
)
def test_quarters_are_those_of_the_fiscal_year(first: int, day: date, label: str, begins: date) -> None:
    assert FiscalYear(first).label(day) == label
    assert FiscalYear(first).begins(day) == begins


def test_quarters_follow_each_other() -> None:
    ends = FiscalYear(2).begin(date(2026, 1, 31), count=3)
    assert ends == [date(2025, 11, 1), date(2026, 2, 1), date(2026, 5, 1)]
