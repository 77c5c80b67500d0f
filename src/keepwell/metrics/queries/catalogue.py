"""The metrics that exist: those that Keepwell brings, and those that the company defined."""

from collections.abc import Iterable

from keepwell.kernel.errors import NotFound
from keepwell.metrics.catalogue import METRICS, Metric


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the catalogue's order."""
    return tuple(METRICS.values())


def find(slug: str) -> Metric:
    """The metric of this slug."""
    return some([slug])[0]


def some(wanted: Iterable[str]) -> tuple[Metric, ...]:
    """The metrics of these slugs, in their order."""
    known = {metric.slug: metric for metric in all_metrics()}
    asked = list(wanted)
    for slug in asked:
        if slug not in known:
            raise NotFound(f'"{slug}" is no metric. Known: {", ".join(known)}.')
    return tuple(known[slug] for slug in asked)
