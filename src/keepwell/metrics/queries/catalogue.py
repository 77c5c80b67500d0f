"""The metrics that exist: those that Keepwell brings, and those that the company defined."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keepwell.kernel.errors import NotFound
from keepwell.metrics import catalogue, models
from keepwell.metrics.catalogue import METRICS, Metric


@dataclass(frozen=True)
class DefinitionView:
    """A metric, how it is written down, and since when; `version` None: Keepwell brings it. `computed` tells whether the
    stored history follows the definition yet.
    """

    metric: Metric
    definition: dict[str, Any]
    version: int | None
    changed_at: datetime | None
    computed: bool


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the catalogue's order, defined ones last. One query."""
    return (*METRICS.values(), *(catalogue.read(row.definition) for row in _defined()))


def find(slug: str) -> Metric:
    """The metric of this slug. A query unless Keepwell brings it."""
    return some([slug])[0]


def some(wanted: Iterable[str]) -> tuple[Metric, ...]:
    """The metrics of these slugs, in their order. A query unless Keepwell brings them all."""
    asked = list(wanted)
    if all(slug in METRICS for slug in asked):
        return tuple(METRICS[slug] for slug in asked)
    known = {metric.slug: metric for metric in all_metrics()}
    for slug in asked:
        if slug not in known:
            raise NotFound(f'"{slug}" is no metric. Known: {", ".join(known)}.')
    return tuple(known[slug] for slug in asked)


def definition(slug: str) -> DefinitionView:
    """How a metric is defined. Three queries."""
    row = models.MetricDefinition.objects.filter(slug=slug, retired_at=None).first()
    metric = find(slug) if row is None else catalogue.read(row.definition)
    said = catalogue.written(metric)
    extent = models.Extent.objects.values_list("definition", flat=True).first() or {}
    computed = extent.get(slug, [None])[0] == said["measure"]
    if row is None:
        return DefinitionView(metric, said, None, None, computed)
    return DefinitionView(metric, said, row.version, row.changed_at, computed)


def _defined() -> list[models.MetricDefinition]:
    return list(models.MetricDefinition.objects.filter(retired_at=None).order_by("slug"))
