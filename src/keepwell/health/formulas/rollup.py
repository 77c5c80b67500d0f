"""The health of what stands below an account, as one figure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from keepwell.health.formulas.thresholds import Threshold

WORST_FIRST = ("red", "yellow", "green")


@dataclass(frozen=True)
class Below:
    """An account below another: its points, band and ARR in the reporting currency, each None where unknown."""

    points: float | None
    band: str
    arr: float | None


@dataclass(frozen=True)
class RolledUp:
    """One figure for many accounts: `counted` of `total` are in it, the others are not known and are not taken for zero."""

    points: float | None
    band: str
    counted: int
    total: int


def worst(below: Sequence[Below], edges: tuple[Threshold, Threshold]) -> RolledUp:
    """The lowest points of any, in the worst band of any."""
    del edges
    known = [one for one in below if one.band in WORST_FIRST]
    points = [one.points for one in known if one.points is not None]
    band = min((one.band for one in known), key=WORST_FIRST.index, default="unknown")
    return RolledUp(min(points, default=None), band, len(known), len(below))


def mean(below: Sequence[Below], edges: tuple[Threshold, Threshold]) -> RolledUp:
    """Σ points / accounts, 0 to 100."""
    return _weighted([(one, 1.0) for one in below if one.points is not None], len(below), edges)


def arr_weighted(below: Sequence[Below], edges: tuple[Threshold, Threshold]) -> RolledUp:
    """Σ points × ARR / Σ ARR, 0 to 100, over the accounts of which both are known."""
    rows = [(one, one.arr) for one in below if one.points is not None and one.arr]
    return _weighted(rows, len(below), edges)


def _weighted(
    rows: Sequence[tuple[Below, float]], total: int, edges: tuple[Threshold, Threshold]
) -> RolledUp:
    weight = sum(weight for _, weight in rows)
    if weight <= 0:
        return RolledUp(None, "unknown", 0, total)
    points = round(sum((one.points or 0.0) * weight for one, weight in rows) / weight, 4)
    green, red = edges
    band = "green" if green.holds(points) else "red" if red.holds(points) else "yellow"
    return RolledUp(points, band, len(rows), total)


FUNCTIONS: Mapping[str, Callable[[Sequence[Below], tuple[Threshold, Threshold]], RolledUp]] = {
    "worst": worst,
    "arr_weighted": arr_weighted,
    "mean": mean,
}
