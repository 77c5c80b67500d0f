"""The metrics that exist."""

from keepwell.metrics import catalogue
from keepwell.metrics.catalogue import Metric


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the catalogue's order."""
    return tuple(catalogue.METRICS.values())


def find(slug: str) -> Metric:
    """The metric of this slug."""
    return catalogue.find(slug)
