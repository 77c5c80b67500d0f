"""The formulas against the brute force, on drawn facts; and on another engine."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from keepwell.metrics import declaring
from keepwell.metrics.catalogue import METRICS, Metric
from tests.metrics import brute, drawn, told
from tests.metrics.told import Told


def as_mapping(frame: pl.DataFrame) -> dict[tuple[int, date, str], float | None]:
    return {(row[0], row[1], row[2]): row[3] for row in frame.iter_rows()}


@settings(max_examples=80)
@given(facts=drawn.told(), days=drawn.grids(), known_by=drawn.CUTS, metrics=drawn.METRICS)
def test_every_metric_is_what_counting_by_hand_gives(
    facts: Told, days: list[date], known_by: datetime | None, metrics: tuple[Metric, ...]
) -> None:
    answers = told.evaluated(facts, days, known_by=known_by, metrics=metrics)
    by_hand = brute.evaluated(facts, days, known_by, metrics)
    found = as_mapping(answers)
    assert found.keys() == by_hand.keys()
    for key, value in by_hand.items():
        assert found[key] == (None if value is None else pytest.approx(value, abs=1e-6)), key


@settings(max_examples=15)
@given(facts=drawn.told(), days=drawn.grids(), metrics=drawn.METRICS)
def test_a_value_or_a_reason_never_both(facts: Told, days: list[date], metrics: tuple[Metric, ...]) -> None:
    answers = told.evaluated(facts, days, metrics=metrics)
    assert answers.filter(pl.col("value").is_null() == pl.col("reason").is_null()).is_empty()
    assert answers.select("account_id", "as_of", "metric").is_duplicated().sum() == 0


@settings(max_examples=15)
@given(facts=drawn.told(), days=drawn.grids(), metrics=drawn.METRICS)
def test_one_pass_over_a_grid_is_many_single_days(
    facts: Told, days: list[date], metrics: tuple[Metric, ...]
) -> None:
    single = pl.concat(told.evaluated(facts, [day], metrics=metrics) for day in days)
    many = told.evaluated(facts, days, metrics=metrics)
    assert_frame_equal(many, single.sort("account_id", "as_of", "metric"))


@settings(max_examples=15)
@given(facts=drawn.told(), days=drawn.grids(), metrics=drawn.METRICS)
def test_one_account_alone_is_the_same_account_among_others(
    facts: Told, days: list[date], metrics: tuple[Metric, ...]
) -> None:
    alone = told.evaluated(facts, days, only=[2], metrics=metrics)
    others = told.evaluated(facts, days, metrics=metrics)
    assert_frame_equal(alone, others.filter(pl.col("account_id") == 2))


@settings(max_examples=5)
@given(facts=drawn.told(), days=drawn.grids(), known_by=drawn.CUTS)
def test_a_sql_engine_gives_the_same_frame(facts: Told, days: list[date], known_by: datetime | None) -> None:
    asked: Any = {"known_by": known_by, "metrics": tuple(METRICS.values())}
    on_polars = told.evaluated(facts, days, **asked)
    assert_frame_equal(on_polars, told.evaluated(facts, days, engine=told.duck, **asked))


def test_the_brute_force_covers_the_catalogue() -> None:
    assert brute.TAKES.keys() | {"ratio", "less", "change"} == declaring.FORMS.keys()
