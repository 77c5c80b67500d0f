"""A SQL engine replays every metric as Polars does: planning the whole registry over many days takes it minutes."""

from datetime import date

from hypothesis import given, settings
from polars.testing import assert_frame_equal

from keepwell.metrics.catalogue import METRICS
from tests.metrics import drawn, told
from tests.metrics.told import Told


@settings(max_examples=3)
@given(facts=drawn.corrected(), days=drawn.grids())
def test_a_sql_engine_replays_the_same(facts: Told, days: list[date]) -> None:
    metrics = tuple(METRICS.values())
    on_polars = told.evaluated(facts, days, metrics=metrics, as_known_then=True)
    on_sql = told.evaluated(facts, days, metrics=metrics, as_known_then=True, engine=told.duck)
    assert_frame_equal(on_sql, on_polars)
