"""What is usual is not told, what is unusual is, and too little history is said."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.intake.formulas import cadence, counting, shapes, volume

HOUR, DAY, WEEK = 1, 24, 168


def binomial(count: int, trials: int, chance: float) -> float:
    return math.comb(trials, count) * chance**count * (1 - chance) ** (trials - count)


@given(st.integers(0, 60), st.integers(0, 200), st.integers(3, 8))
def test_few_and_many_are_the_binomials_tails(count: int, total: int, times: int) -> None:
    trials, chance = count + total, 1 / (times + 1)
    below = sum(binomial(k, trials, chance) for k in range(count + 1))
    above = sum(binomial(k, trials, chance) for k in range(count, trials + 1))
    assert counting.few(count, total=total, times=times) == pytest.approx(below, abs=1e-9)
    assert counting.many(count, total=total, times=times) == pytest.approx(above, abs=1e-9)


@given(st.integers(0, 400), st.integers(3, 8), st.sampled_from([0.001, 0.01, 0.05]))
def test_given_the_sum_the_alarm_is_false_at_most_at_its_rate(trials: int, times: int, rate: float) -> None:
    """The exact guarantee: whatever all counts together are, hence whatever the mean is."""
    alarms = [
        count
        for count in range(trials + 1)
        if volume.judge(count, volume.Past(trials - count, times, 1.0), rate=rate) != "usual"
    ]
    assert sum(binomial(count, trials, 1 / (times + 1)) for count in alarms) <= rate + 1e-9


@settings(max_examples=12)
@given(st.sampled_from([0.2, 1.0, 7.0, 40.0, 3000.0]), st.integers(0, 2**32 - 1), st.integers(3, 9))
def test_a_stationary_source_is_told_no_oftener_than_stated(mean: float, seed: int, weeks: int) -> None:
    """The whole procedure, with its drawing-in and its dispersion; five standard deviations of room."""
    days = np.random.default_rng(seed).poisson(mean, (400, weeks * 7 + 1)).tolist()
    rate = 0.01
    told = 0
    for *before, today in days:
        known = volume.past(before)
        assert known is not None
        told += volume.judge(today, known, rate=rate) != "usual"
    assert told <= 400 * rate + 5 * math.sqrt(400 * rate)


@given(st.integers(10, 10**6), st.integers(0, 2**32 - 1), st.integers(3, 8))
def test_a_feed_of_ten_a_day_that_stops_is_told_the_next_day(mean: int, seed: int, weeks: int) -> None:
    known = volume.past([mean] * (weeks * 7))
    assert known is not None
    assert volume.judge(0, known) == "low"
    noisy = volume.past(np.random.default_rng(seed).poisson(mean + 10, weeks * 7).tolist())
    assert noisy is not None
    assert volume.judge(0, noisy) == "low"


@given(st.lists(st.integers(0, 5000), min_size=21, max_size=70), st.integers(0, 20000))
def test_the_interval_is_what_is_judged_usual(days: list[int], count: int) -> None:
    known = volume.past(days)
    assert known is not None
    low, _, high = volume.usual(known)
    assert (volume.judge(count, known) == "usual") == (low <= count <= high)


def test_weekends_are_held_against_weekends() -> None:
    weeks = [100, 102, 98, 101, 99, 3, 2] * 8
    saturday = volume.past(weeks[:-2])
    monday = volume.past(weeks)
    assert saturday is not None
    assert monday is not None
    assert volume.judge(2, saturday) == "usual"
    assert volume.judge(100, saturday) == "high"
    assert volume.judge(2, monday) == "low"


def test_an_outage_a_week_ago_teaches_nothing() -> None:
    known = volume.past([100] * 49 + [0] + [100] * 6)
    assert known is not None
    assert volume.judge(0, known) == "low"
    assert volume.judge(100, known) == "usual"


def test_below_three_weeks_there_is_nothing_to_hold_it_against() -> None:
    assert volume.past([10] * 20) is None
    assert volume.past([10] * 21) is not None


@given(st.integers(1, 24), st.integers(0, 10**6))
def test_a_regular_feed_is_overdue_soon_after_its_time_and_not_before(step: int, start: int) -> None:
    found = cadence.learn(range(start, start + 4 * WEEK, step))
    assert found is not None
    assert found.usual_hours == step
    assert step < found.limit_hours <= 1.25 * step + 1


def test_a_feed_that_rests_at_weekends_is_not_overdue_on_sunday() -> None:
    hours = [week * WEEK + day * DAY + hour for week in range(6) for day in range(5) for hour in range(8, 18)]
    found = cadence.learn(hours)
    assert found is not None
    assert found.usual_hours == 2 * DAY + 15
    assert found.limit_hours < 3.5 * DAY


def test_one_outage_does_not_stretch_the_cadence_and_two_weeks_are_too_few() -> None:
    daily = [day * DAY + 6 for day in range(60) if not 20 <= day < 27]
    found = cadence.learn(daily)
    assert found is not None
    assert found.usual_hours == DAY
    assert cadence.learn(range(0, 2 * WEEK, DAY)) is None
    assert cadence.learn([]) is None


def test_properties_have_json_types_and_null_tells_nothing() -> None:
    seen = shapes.properties(
        [{"plan": "pro", "seats": 3, "on": True, "tags": [], "who": {}, "gone": None}, {"plan": 2}]
    )
    assert seen == {
        ("plan", "text"): 1,
        ("plan", "number"): 1,
        ("seats", "number"): 1,
        ("on", "boolean"): 1,
        ("tags", "list"): 1,
        ("who", "object"): 1,
    }


@given(st.floats(0, 1), st.integers(0, 10**6))
def test_a_property_is_missed_when_its_absence_is_one_in_a_million(share: float, events: int) -> None:
    chance = (1 - share) ** events
    if not math.isclose(chance, shapes.IMPROBABLE, rel_tol=1e-6):
        assert shapes.is_missed(share=share, events=events) == (chance < shapes.IMPROBABLE)
