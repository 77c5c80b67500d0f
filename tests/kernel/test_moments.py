"""Days, moments, grids and money."""

import itertools
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kernel import errors, moments, slugs
from keepwell.kernel.moments import Grid
from keepwell.kernel.money import Money, totals

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))


@given(DAYS)
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    assert moments.end_of(day) == moments.start_of(day + timedelta(days=1))
    assert moments.day_of(moments.end_of(day) - timedelta(microseconds=1)) == day


def test_a_moment_elsewhere_lies_in_the_day_of_utc() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert moments.day_of(late) == date(2026, 3, 2)


@given(DAYS, st.integers(1, 120))
def test_stored_history_is_sundays_up_to_a_day(day: date, weeks: int) -> None:
    days = moments.sundays(until=day, weeks=weeks).days
    assert len(days) == weeks
    assert all(d.weekday() == 6 for d in days)
    assert timedelta(0) <= day - days[-1] < timedelta(days=7)


@given(DAYS, st.integers(1, 30), st.integers(1, 50))
def test_a_grid_is_even_and_ends_with_its_last_day(last: date, step: int, count: int) -> None:
    days = Grid(last=last, step_days=step, count=count).days
    assert (days[-1], len(days)) == (last, count)
    assert {b - a for a, b in itertools.pairwise(days)} <= {timedelta(days=step)}


@pytest.mark.parametrize("text", ["31/02/2026", "2026-02-31", "", "tomorrow", "2026-13-01"])
def test_what_is_no_date_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(errors.Invalid, match="Use YYYY-MM-DD"):
        moments.parse_day(text)
    with pytest.raises(errors.Invalid, match="Use YYYY-MM-DD"):
        moments.parse_moment(text)


def test_a_moment_without_a_zone_is_utc() -> None:
    assert moments.parse_moment("2026-01-02") == datetime(2026, 1, 2, tzinfo=UTC)
    assert moments.parse_moment("2026-01-02T01:00:00+02:00") == datetime(2026, 1, 1, 23, tzinfo=UTC)


def test_money_of_two_currencies_never_adds_up() -> None:
    amounts = [Money(Decimal(5), "USD"), Money(Decimal(7), "EUR"), Money(Decimal(6), "USD")]
    assert totals(amounts) == (Money(Decimal(11), "USD"), Money(Decimal(7), "EUR"))
    assert [str(m) for m in (Money(Decimal(1200), "USD"), Money(Decimal(3), "CHF"))] == ["$1,200", "CHF\xa03"]


@pytest.mark.parametrize("text", ["", "Big", "a b", "-a", "ä", "x" * 64])
def test_what_is_no_slug_is_refused(text: str) -> None:
    with pytest.raises(errors.Invalid, match="is no slug"):
        slugs.checked(text)
