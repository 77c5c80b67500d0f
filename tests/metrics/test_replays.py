"""Replaying: every day as it was known at its own end, in one pass."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from keepwell.kernel.moments import end_of
from keepwell.metrics.catalogue import METRICS, Metric
from tests.metrics import brute, drawn, told
from tests.metrics.told import Told


def day_by_day(facts: Told, days: list[date], metrics: tuple[Metric, ...]) -> pl.DataFrame:
    single = [told.evaluated(facts, [day], known_by=end_of(day), metrics=metrics) for day in days]
    return pl.concat(single).sort("account_id", "as_of", "metric")


@settings(max_examples=60)
@given(facts=drawn.corrected(), days=drawn.grids(), metrics=drawn.METRICS)
def test_one_pass_is_asking_day_by_day_what_was_known_at_its_end(
    facts: Told, days: list[date], metrics: tuple[Metric, ...]
) -> None:
    replayed = told.evaluated(facts, days, metrics=metrics, as_known_then=True)
    assert_frame_equal(replayed, day_by_day(facts, days, metrics))


@settings(max_examples=60)
@given(facts=drawn.corrected(), days=drawn.grids(), metrics=drawn.METRICS)
def test_a_replay_is_what_counting_by_hand_gives(
    facts: Told, days: list[date], metrics: tuple[Metric, ...]
) -> None:
    replayed = told.evaluated(facts, days, metrics=metrics, as_known_then=True)
    found = {(row[0], row[1], row[2]): row[3] for row in replayed.iter_rows()}
    by_hand = {
        key: value
        for day in days
        for key, value in brute.evaluated(facts, [day], end_of(day), metrics).items()
    }
    assert found.keys() == by_hand.keys()
    for key, value in by_hand.items():
        assert found[key] == (None if value is None else pytest.approx(value, abs=1e-6)), key


def test_what_was_taken_back_counts_until_then_and_what_came_late_from_then_on() -> None:
    def at(day: int) -> datetime:
        return datetime(2024, 2, day, 12, tzinfo=UTC)

    late = told.Usage(1, "ada", "export", at(3), at(9))
    gone = told.Usage(1, "ben", "export", at(4), at(4), gone_at=at(10))
    days = [date(2024, 2, day) for day in (4, 8, 9, 10)]
    metrics = (METRICS["active_people"],)
    found = told.evaluated(Told([late, gone]), days, metrics=metrics, as_known_then=True)
    assert found["value"].to_list() == [1, 1, 2, 1]
