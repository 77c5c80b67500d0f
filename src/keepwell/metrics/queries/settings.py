"""What the company decided about its metrics."""

from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.metrics import declaring, measures, models
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas.evaluation import CORE


def parameters() -> dict[str, dict[str, Any]]:
    """The parameters by metric. One query."""
    return dict(models.MetricSetting.objects.values_list("metric", "parameters"))


def definition(
    metrics: Sequence[Metric], parameters: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[Any]]:
    """What values depend on besides facts, as JSON: by metric its measure and the core features if it asks for them."""
    return {
        metric.slug: [
            declaring.written(metric.measure),
            parameters.get(CORE, {}) if measures.of_core(metric.measure) else {},
        ]
        for metric in metrics
    }
