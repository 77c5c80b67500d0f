"""Every metric in the catalogue is documented, deterministic and indifferent to order."""

import json
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from keepwell.kernel import slugs
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.metrics import catalogue, declaring, measures
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
    assert metric.group in catalogue.GROUPS
    assert metric.builtin
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
    assert {type(leaf) for leaf in measures.leaves(metric.measure)} <= {
        *evaluation.FORMULAS,
        *evaluation.BATCHES,
    }


@settings(max_examples=15)
@given(
    facts=drawn.told(),
    days=drawn.grids(),
    known_by=drawn.CUTS,
    order=st.randoms(use_true_random=False),
    metrics=drawn.METRICS,
)
def test_all_are_deterministic_and_indifferent_to_the_order_of_facts(
    facts: Told, days: list[date], known_by: datetime | None, order: Random, metrics: tuple[Metric, ...]
) -> None:
    shuffled = Told(*(order.sample(list(rows), len(rows)) for rows in vars(facts).values()))
    asked: Any = {"known_by": known_by, "metrics": metrics}
    answers = told.evaluated(facts, days, **asked)
    assert_frame_equal(answers, told.evaluated(facts, days, **asked))
    assert_frame_equal(answers, told.evaluated(shuffled, days, **asked))


@each_metric
def test_it_is_written_as_it_is_read(metric: Metric) -> None:
    said = json.loads(json.dumps(catalogue.written(metric)))
    again = catalogue.read(said, builtin=True)
    assert again.measure == metric.measure
    assert metric.words.endswith(".")
    assert "{" not in metric.words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"take": "counts"}, r'measure: "take" must be one of count, people'),
        ({"take": "people"}, r'measure: "people" needs "days"'),
        ({"take": "people", "days": 0}, r"measure\.days must be a whole number of days, 1 to 3660, not 0"),
        (
            {"take": "people", "days": 7, "weeks": 1},
            r'"weeks" is not known of "people"\. Allowed: days, events',
        ),
        ({"take": "since", "events": {"names": ["ticket.opened"]}}, r'"ticket\.opened" is a fact; say kind'),
        ({"take": "since", "events": {"kind": "fact", "names": ["x"]}}, r'"x" is no fact'),
        ({"take": "last", "events": {}}, r'"last" is asked of facts by their names'),
        ({"take": "ratio", "of": {"take": "seats"}, "to": {"take": "x"}}, r'measure\.to: "take" must be'),
        ({"take": "streak", "step_days": 7, "days": 20}, r"whole number of spans of 7 days"),
        (
            {"take": "count", "days": 7, "events": {"where": {"of": "value", "contains": "x"}}},
            r"measure\.events\.where: .*value: ask with exactly one of",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused_with_the_place(given: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        declaring.read(given)


def test_there_are_forty_at_least_in_every_group() -> None:
    assert len(METRICS) >= 40
    assert {metric.group for metric in METRICS.values()} == set(catalogue.GROUPS) - {"custom"}


def test_a_metric_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(NotFound, match=r'"happiness" is no metric. Known: active_people'):
        catalogue.find("happiness")
