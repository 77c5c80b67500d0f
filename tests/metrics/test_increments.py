"""Which days an increment computes."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from keepwell.metrics.formulas.increments import DAYS_KEPT, WEEKS_KEPT, Coverage, plan, stored_days

SUNDAY = date(2026, 6, 14)
MONDAY = SUNDAY + timedelta(days=1)
FEED = {"escalations_per_month": None}


def covered(as_of: date, **changed: Any) -> Coverage:
    return Coverage(as_of, changed.get("definition", {}), changed.get("beginnings", FEED))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_stored_days_are_104_sundays_and_three_weeks_daily(as_of: date) -> None:
    days = stored_days(as_of)
    sundays = [day for day in days if day.weekday() == 6]
    daily = {as_of - timedelta(days=back) for back in range(DAYS_KEPT)}
    assert len(sundays) == WEEKS_KEPT
    assert set(days) == {*sundays, *daily}
    assert days[-1] == as_of
    assert sundays == [sundays[0] + timedelta(weeks=n) for n in range(WEEKS_KEPT)]


def test_nothing_stored_or_everything_asked_computes_everything() -> None:
    for since, before in (({}, None), (None, covered(MONDAY))):
        found = plan(since_by_account=since, before=before, now=covered(MONDAY))
        assert found.everybody_since == found.days[0]
        assert not found.since_by_account


def test_a_new_fact_concerns_its_account_alone() -> None:
    found = plan(since_by_account={7: SUNDAY}, before=covered(MONDAY), now=covered(MONDAY))
    assert found.everybody_since is None
    assert found.since_by_account == {7: SUNDAY}


def test_a_fact_of_tomorrow_still_concerns_the_current_day() -> None:
    later = MONDAY + timedelta(days=3)
    found = plan(since_by_account={7: later}, before=covered(MONDAY), now=covered(MONDAY))
    assert found.since_by_account == {7: MONDAY}


def test_a_new_day_concerns_everybody_from_the_day_after_the_last() -> None:
    found = plan(since_by_account={7: SUNDAY}, before=covered(SUNDAY), now=covered(MONDAY))
    assert found.everybody_since == MONDAY
    assert found.since_by_account == {7: SUNDAY}
    assert found.days_from(MONDAY) == (MONDAY,)


def test_a_fact_of_the_new_day_needs_no_pass_of_its_own() -> None:
    found = plan(since_by_account={7: MONDAY}, before=covered(SUNDAY), now=covered(MONDAY))
    assert not found.since_by_account


def test_a_feed_that_begins_to_speak_concerns_everybody_from_then_on() -> None:
    now = covered(MONDAY, beginnings={"escalations_per_month": "2026-05-01"})
    found = plan(since_by_account={7: SUNDAY}, before=covered(MONDAY), now=now)
    assert found.everybody_since == date(2026, 5, 1)


def test_a_feed_that_begins_earlier_than_known_concerns_everybody_from_the_earlier_day() -> None:
    before = covered(MONDAY, beginnings={"escalations_per_month": "2026-05-01"})
    now = covered(MONDAY, beginnings={"escalations_per_month": "2026-04-01"})
    assert plan(since_by_account={}, before=before, now=now).everybody_since == date(2026, 4, 1)
    assert plan(since_by_account={}, before=now, now=before).everybody_since == date(2026, 4, 1)


def test_another_definition_or_a_day_gone_back_computes_everything() -> None:
    for before in (covered(MONDAY, definition={"x": 1}), covered(MONDAY + timedelta(days=1))):
        found = plan(since_by_account={}, before=before, now=covered(MONDAY))
        assert found.everybody_since == found.days[0]
