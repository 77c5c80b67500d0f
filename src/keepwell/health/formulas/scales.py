"""How a value becomes points and a band: by two thresholds, or along a slope."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import narwhals as nw

from keepwell.health.formulas.thresholds import Threshold
from keepwell.kernel.errors import Invalid

POINTS = {"green": 100.0, "yellow": 50.0, "red": 0.0}
_MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass(frozen=True)
class Scale:
    """Thresholds: 100 points in green, 50 in yellow, 0 in red. With `slope`, points linear between its figures.

    Of a slope `green` and `red` are where its points cross the edges of the card's bands, rounded to four decimals, and
    None where they never do.
    """

    green: Threshold | None
    red: Threshold | None
    slope: tuple[tuple[float, float], ...] = ()
    edges: tuple[Threshold, Threshold] | None = None

    @property
    def upward(self) -> bool:
        """Whether more is better."""
        if self.slope:
            return self.slope[0][1] < self.slope[-1][1]
        return self.green is not None and self.green.upward

    def points(self, value: nw.Expr) -> nw.Expr:
        """Points of each value; null where there is none."""
        if self.slope:
            return nw.when(~value.is_null()).then(_along(value, self.slope))
        return of_band(self.band(value))

    def band(self, value: nw.Expr) -> nw.Expr:
        """The band of each value; unknown where there is none."""
        if self.slope:
            assert self.edges is not None
            return banded(self.points(value), *self.edges)
        assert self.green is not None
        assert self.red is not None
        return banded(value, self.green, self.red)

    @property
    def written(self) -> str:
        """The slope as "0 → 0, 50 → 40, 80 → 100"; empty of thresholds."""
        return ", ".join(f"{figure:g} → {points:g}" for figure, points in self.slope)


def of_band(band: nw.Expr) -> nw.Expr:
    """The points that a band stands for; null for unknown."""
    red = nw.when(band == "red").then(nw.lit(POINTS["red"]))
    yellow = nw.when(band == "yellow").then(nw.lit(POINTS["yellow"])).otherwise(red)
    return nw.when(band == "green").then(nw.lit(POINTS["green"])).otherwise(yellow)


def banded(value: nw.Expr, green: Threshold, red: Threshold) -> nw.Expr:
    """green, red, or yellow between them; unknown where there is no value."""
    told = (
        nw.when(green.holds(value))
        .then(nw.lit("green"))
        .otherwise(nw.when(red.holds(value)).then(nw.lit("red")).otherwise(nw.lit("yellow")))
    )
    return nw.when(value.is_null()).then(nw.lit("unknown")).otherwise(told)


def sloped(slope: Sequence[Sequence[float]], *, edges: tuple[Threshold, Threshold]) -> Scale:
    """A slope through (figure, points), flat outside; refuses what does not rise or fall all the way."""
    pairs = tuple((float(figure), float(points)) for figure, points in slope)
    if len(pairs) < 2 or any(one >= other for (one, _), (other, _) in pairwise(pairs)):
        raise Invalid("a slope needs two pairs [figure, points] or more, with rising figures.")
    if any(not 0 <= points <= 100 for _, points in pairs):
        raise Invalid("the points of a slope lie between 0 and 100.")
    steps = [other - one for (_, one), (_, other) in pairwise(pairs)]
    if not (all(step >= 0 for step in steps) or all(step <= 0 for step in steps)) or not any(steps):
        raise Invalid("the points of a slope must rise or fall all the way.")
    return Scale(_crossing(pairs, edges[0]), _crossing(pairs, edges[1]), pairs, edges)


def _along(value: nw.Expr, slope: Sequence[tuple[float, float]]) -> nw.Expr:
    found: nw.Expr = nw.lit(slope[-1][1])
    for (left, low), (right, high) in reversed(list(pairwise(slope))):
        between = low + (value - left) * ((high - low) / (right - left))
        found = nw.when(value < right).then(between).otherwise(found)
    return nw.when(value < slope[0][0]).then(nw.lit(slope[0][1])).otherwise(found).round(4)


def _crossing(slope: tuple[tuple[float, float], ...], edge: Threshold) -> Threshold | None:
    """The value from which the points of a slope lie on one side of an edge."""
    if slope[0][1] > slope[-1][1]:
        mirrored = _crossing(tuple((-figure, points) for figure, points in reversed(slope)), edge)
        return mirrored and Threshold(_MIRRORED[mirrored.sign], -mirrored.figure)
    reached = _first(slope, edge.figure) if edge.sign in (">=", "<") else _last(slope, edge.figure)
    return None if math.isinf(reached) else Threshold(edge.sign, round(reached, 4) + 0.0)


def _first(slope: tuple[tuple[float, float], ...], level: float) -> float:
    """The first value that has a level's points; infinite when all or none have them."""
    if slope[0][1] >= level:
        return -math.inf
    for (left, low), (right, high) in pairwise(slope):
        if low < level <= high:
            return left + (level - low) * (right - left) / (high - low)
    return math.inf


def _last(slope: tuple[tuple[float, float], ...], level: float) -> float:
    """The last value that has no more than a level's points; infinite when all or none have them."""
    if slope[-1][1] <= level:
        return math.inf
    for (left, low), (right, high) in reversed(list(pairwise(slope))):
        if low <= level < high:
            return left + (level - low) * (right - left) / (high - low)
    return -math.inf
