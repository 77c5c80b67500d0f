"""What the company decided about its metrics."""

from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.ledger.queries import hierarchy, rates
from keepwell.metrics import declaring, measures, models
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas.evaluation import CORE


def parameters() -> dict[str, dict[str, Any]]:
    """The parameters by metric. One query."""
    return dict(models.MetricSetting.objects.values_list("metric", "parameters"))


def definition(
    metrics: Sequence[Metric], parameters: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[Any]]:
    """What values depend on besides facts, as JSON: by metric its measure, the core features if it asks for them; the
    rates if it tells money or is weighed by it; how it rolls up, and the links along which it does. A few queries.
    """
    priced = any(_of_money(metric) for metric in metrics)
    told = rates.digest() if priced else ""
    links = {kind: hierarchy.digest(kind) for kind in {m.rollup.kind for m in metrics if m.rollup}}
    return {metric.slug: _said(metric, parameters, told, links) for metric in metrics}


def _of_money(metric: Metric) -> bool:
    weighed = metric.rollup is not None and metric.rollup.how == "arr_weighted"
    return weighed or measures.of_money(metric.measure)


def _said(
    metric: Metric, parameters: Mapping[str, Mapping[str, Any]], told: str, links: Mapping[str, str]
) -> list[Any]:
    core = parameters.get(CORE, {}) if measures.of_core(metric.measure) else {}
    said = [declaring.written(metric.measure), core, *([told] if _of_money(metric) else [])]
    return (
        said
        if metric.rollup is None
        else [*said, metric.rollup.written | {"links": links[metric.rollup.kind]}]
    )
