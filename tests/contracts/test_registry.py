"""Every metric in the catalogue is documented, deterministic and indifferent to order."""

from datetime import date, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from keepwell.kernel import slugs
from keepwell.kernel.errors import NotFound
from keepwell.metrics import catalogue, measures
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.formulas import evaluation
from tests.metrics import drawn, told
from tests.metrics.told import Told

each_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())


@each_metric
def test_it_is_documented(metric: Metric) -> None:
    assert slugs.checked(metric.slug) == metric.slug
    assert METRICS[metric.slug] is metric
    assert metric.title
    assert metric.unit
    assert metric.sentence.endswith(".")
    assert metric.sentence.count(".") == 1
    assert metric.unknown_when
    assert not metric.unknown_when.endswith(".")
    assert metric.better in ("up", "down")
    assert metric.window_days is None or metric.window_days > 0


@each_metric
def test_its_window_stands_in_its_sentence(metric: Metric) -> None:
    assert metric.window_days is None or f"last {metric.window_days} days" in metric.sentence


@each_metric
def test_a_formula_evaluates_its_measure(metric: Metric) -> None:
    rows = told.evaluated(Told(), [date(2024, 2, 29)], metrics=[metric])
    assert rows.is_empty()
    assert {type(leaf) for leaf in measures.leaves(metric.measure)} <= set(evaluation.FORMULAS)


@settings(max_examples=15, deadline=None)
@given(facts=drawn.told(), days=drawn.grids(), known_by=drawn.CUTS, order=st.randoms(use_true_random=False))
def test_all_are_deterministic_and_indifferent_to_the_order_of_facts(
    facts: Told, days: list[date], known_by: datetime | None, order: Random
) -> None:
    shuffled = Told(*(order.sample(list(rows), len(rows)) for rows in vars(facts).values()))
    answers = told.evaluated(facts, days, known_by=known_by)
    assert_frame_equal(answers, told.evaluated(facts, days, known_by=known_by))
    assert_frame_equal(answers, told.evaluated(shuffled, days, known_by=known_by))


def test_a_metric_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(NotFound, match=r'"happiness" is no metric. Known: active_people'):
        catalogue.find("happiness")
