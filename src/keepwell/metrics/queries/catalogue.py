"""The metrics that exist: those that Keepwell brings, and those that the company defined."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keepwell.kernel.errors import NotFound
from keepwell.metrics import catalogue, declaring, models
from keepwell.metrics.catalogue import METRICS, Metric


@dataclass(frozen=True)
class Progress:
    """How far the job is that computes a metric's history: of days, or of accounts; a total of 0: it waits for its turn."""

    done: int
    total: int
    unit: str


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
    progress: Progress | None = None


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the catalogue's order, defined ones last. One query."""
    return (*METRICS.values(), *(catalogue.read(row.definition) for row in _defined()))


def answering() -> tuple[Metric, ...]:
    """Every metric, each followed by its parts: whatever can be asked for a number. One query."""
    return tuple(each for metric in all_metrics() for each in (metric, *metric.parts))


def find(slug: str) -> Metric:
    """The metric of this slug. A query unless Keepwell brings it."""
    return some([slug])[0]


def some(wanted: Iterable[str]) -> tuple[Metric, ...]:
    """The metrics of these slugs, in their order. A query unless Keepwell brings them all."""
    asked = list(wanted)
    if all(slug in METRICS for slug in asked):
        return tuple(METRICS[slug] for slug in asked)
    known = {each.slug: each for metric in answering() for each in (metric, metric.own)}
    for slug in asked:
        if slug not in known:
            raise NotFound('"%(slug)s" is no metric. Known: %(listed)s.', slug=slug, listed=", ".join(known))
    return tuple(known[slug] for slug in asked)


def definition(slug: str) -> DefinitionView:
    """How a metric, or the one that it is a part of, is defined. Three queries."""
    metric = find(slug)
    row = models.MetricDefinition.objects.filter(slug=metric.whole, retired_at=None).first()
    said = catalogue.written(metric) if row is None else catalogue.written(catalogue.read(row.definition))
    extent = models.Extent.objects.values_list("definition", flat=True).first() or {}
    computed = all(
        extent.get(each.slug, [None])[0] == declaring.written(each.measure)
        for each in (metric, *metric.parts)
    )
    if row is None:
        return DefinitionView(metric, said, None, None, computed)
    progress = None if computed else _progress(metric)
    return DefinitionView(metric, said, row.version, row.changed_at, computed, progress)


def _progress(metric: Metric) -> Progress | None:
    slugs = [each.own.slug for each in (metric, *metric.parts)]
    row = models.History.objects.filter(slug__in=slugs).order_by("done").first()
    return None if row is None else Progress(row.done, row.total, row.unit)


def _defined() -> list[models.MetricDefinition]:
    return list(models.MetricDefinition.objects.filter(retired_at=None).order_by("slug"))
