"""What the properties of events look like, and when one that was usual is missing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from typing import Any

IMPROBABLE = 1e-6


def kind_of(value: Any) -> str:
    """The JSON type of a value, in one word; empty for null, which says nothing about the type."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list) else "object"


def properties(events: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    """How many of the events have a property of a type, by (property, type)."""
    return Counter(
        (name, kind) for event in events for name, value in event.items() if (kind := kind_of(value))
    )


def is_missed(*, share: float, events: int) -> bool:
    """Whether a property that stood in this share of the events (0 to 1) is missed after so many events without it.

    If events had it independently, the probability of none is (1 - share) to the power of their number; missed is it
    below one in a million, so that a thousand followed properties are not told wrongly in years.
    """
    if share <= 0 or events <= 0:
        return False
    return share >= 1 or events * log(1 - share) < log(IMPROBABLE)
