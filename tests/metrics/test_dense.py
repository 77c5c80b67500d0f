"""All metrics at once over a grid, where much happened on every side of every asked day."""

from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from keepwell.kernel.moments import end_of
from keepwell.metrics.catalogue import METRICS
from tests.metrics import brute, dense, told
from tests.metrics.drawn import LEAP

ALL = tuple(METRICS.values())
DAYS: list[date] = [LEAP - timedelta(days=days) for days in (180, 90, 28, 7, 6, 0)]
ORDER = ("account_id", "as_of", "metric")
seeds = pytest.mark.parametrize("seed", [1, 2])


@seeds
def test_one_pass_over_a_grid_is_many_single_days(seed: int) -> None:
    facts = dense.told(seed)
    single = pl.concat(told.evaluated(facts, [day], metrics=ALL) for day in DAYS)
    assert_frame_equal(told.evaluated(facts, DAYS, metrics=ALL), single.sort(*ORDER))


@seeds
def test_a_replay_is_asking_day_by_day_what_was_known_at_its_end(seed: int) -> None:
    facts = dense.told(seed)
    single = pl.concat(told.evaluated(facts, [day], metrics=ALL, known_by=end_of(day)) for day in DAYS)
    replayed = told.evaluated(facts, DAYS, metrics=ALL, as_known_then=True)
    assert_frame_equal(replayed, single.sort(*ORDER))


@seeds
def test_it_is_what_counting_by_hand_gives_and_says_nearly_everything(seed: int) -> None:
    facts = dense.told(seed)
    answers = told.evaluated(facts, DAYS, metrics=ALL)
    by_hand = brute.evaluated(facts, DAYS, None, ALL)
    found = {(row[0], row[1], row[2]): row[3] for row in answers.iter_rows()}
    assert found.keys() == by_hand.keys()
    for key, value in by_hand.items():
        assert found[key] == (None if value is None else pytest.approx(value, abs=1e-6)), key
    assert answers.drop_nulls("value")["metric"].n_unique() > 0.9 * len(ALL)
