"""What the company decided about its metrics."""

from collections.abc import Mapping
from typing import Any

from keepwell.metrics import models
from keepwell.metrics.catalogue import METRICS


def parameters() -> dict[str, dict[str, Any]]:
    """The parameters by metric. One query."""
    return dict(models.MetricSetting.objects.values_list("metric", "parameters"))


def definition(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What values depend on besides facts, as JSON: by metric its measure in words and its parameters."""
    return {slug: [repr(metric.measure), parameters.get(slug, {})] for slug, metric in METRICS.items()}
