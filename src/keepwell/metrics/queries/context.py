"""What values depend on besides an account's own facts."""

from collections.abc import Mapping
from typing import Any

from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.queries import settings


def current() -> dict[str, object]:
    """The declared measures and their parameters, as JSON: when this moves, every value does. One query."""
    return {**definition(settings.parameters())}


def definition(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """By metric: its measure in words, and its parameters."""
    return {slug: [repr(metric.measure), parameters.get(slug, {})] for slug, metric in METRICS.items()}
