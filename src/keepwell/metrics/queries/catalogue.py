"""The metrics that exist."""

from keepwell.metrics.catalogue import METRICS, Metric


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the catalogue's order."""
    return tuple(METRICS.values())
