"""Ranges instead of points, and what may be done with them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """What something is at least, most likely and at most: `low <= likely <= high`."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"no range: {self.low} to {self.high} with {self.likely}")

    @property
    def is_point(self) -> bool:
        """Whether nothing is left open."""
        return self.low == self.high


ZERO = Range(0.0, 0.0, 0.0)


def exactly(value: float) -> Range:
    """A figure that is known without doubt."""
    return Range(value, value, value)


def times(one: Range, other: Range) -> Range:
    """Both multiplied.

    Interval arithmetic (Moore, Interval Analysis, 1966, section 2.2): the bounds are the least and the greatest of the four
    products of bounds, so whatever lies in both ranges has its product in the answer, however the two hang together. The
    likely one is the product of the likely ones; it is the mean only where the two are independent.
    """
    corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return Range(min(corners), one.likely * other.likely, max(corners))


def product(factors: Iterable[Range]) -> Range:
    """All multiplied, in their order; 1 for none.

    Each factor stands in a product once, so the bounds are tight: both are reached by some choice of figures in the ranges.
    """
    found = exactly(1.0)
    for one in factors:
        found = times(found, one)
    return found


def minus(one: Range, other: Range) -> Range:
    """The one without the other: from its low less the other's high to its high less the other's low."""
    return Range(one.low - other.high, one.likely - other.likely, one.high - other.low)


def total(parts: Iterable[Range]) -> Range:
    """All together; bounds add up to bounds that hold even if all parts are low, or high, at once."""
    low = likely = high = 0.0
    for one in parts:
        low, likely, high = low + one.low, likely + one.likely, high + one.high
    return Range(low, likely, high)


def scaled(one: Range, by: float) -> Range:
    """Multiplied by a figure that is known, such as a rate of exchange."""
    return times(one, exactly(by))


def over(one: Range, cost: float) -> Range | None:
    """How many times a cost it is; None where there is no cost that one could divide by."""
    return None if cost <= 0 else Range(one.low / cost, one.likely / cost, one.high / cost)
