"""Figures as they are stored: plain JSON, rounded so that a last bit cannot show, null where there is none."""

from dataclasses import asdict
from math import isfinite
from typing import Any

from keepwell.health.formulas.proving.ranking import Area

DIGITS = 6


def rounded(value: float | None) -> float | None:
    """A figure to six digits; null for what is no number."""
    return None if value is None or not isfinite(value) else round(float(value), DIGITS)


def area(found: Area) -> dict[str, float | None]:
    """An AUC with its interval."""
    return {name: rounded(value) for name, value in asdict(found).items()}


def figures(given: Any) -> Any:
    """Any of the formulas' answers as JSON."""
    if hasattr(given, "__dataclass_fields__"):
        given = asdict(given)
    if isinstance(given, dict):
        return {key: figures(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [figures(value) for value in given]
    return rounded(given) if isinstance(given, float) else given
