"""Every metric on a Spark cluster is what it is on Polars: planning them takes the cluster minutes."""

import pytest
from pytest_django import Settings

from keepwell.metrics.catalogue import METRICS
from tests.metrics.test_engines import compare, told
from tests.spark import spark_master

__all__ = ["spark_master", "told"]
pytestmark = pytest.mark.django_db


def test_all_metrics_are_equal_on_polars_and_on_a_spark_cluster(
    told: None, spark_master: str, settings: Settings
) -> None:
    assert compare(list(METRICS), spark_master, settings).height > 0
