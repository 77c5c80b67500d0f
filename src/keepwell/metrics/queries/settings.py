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
    metrics: Sequence[Metric], parameters: Mapping[str, Mapping[str, Any]], kept: Mapping[str, bool]
) -> dict[str, list[Any]]:
    """What values depend on besides facts, as JSON: by metric its measure, its parameters, and whether its history is kept."""
    return {
        metric.slug: [
            declaring.written(metric.measure),
            parameters.get(CORE, {}) if measures.of_core(metric.measure) else {},
            kept[metric.slug],
        ]
        for metric in metrics
    }
