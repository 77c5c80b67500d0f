"""Which product gap comes first: by the money behind it and by how much it hurts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ARR_PARTS, PAIN_PARTS = 60, 40


@dataclass(frozen=True)
class Demand:
    """What stands behind a gap; `arr` is None when none of its accounts states one, `severity` 1 to 4 or None."""

    key: str
    arr: float | None
    tickets: int
    people: int
    severity: int | None
    age_days: int


@dataclass(frozen=True)
class Rank:
    """Points of a gap, 0 to 100, and of what they are made."""

    points: float
    arr: float
    pain: float


def ranked(demands: Sequence[Demand]) -> Mapping[str, Rank]:
    """Points by gap. 60 for ARR: its ARR divided by the largest ARR of a gap that is asked about. 40 for pain, 10 each for
    tickets, people, the worst severity and age, each divided by the largest of them.

    What is not known counts nothing for the gap and nothing against it: it is left out of the sum and the rest is stretched.
    """
    most = {
        "arr": max((d.arr or 0.0 for d in demands), default=0.0),
        "tickets": max((d.tickets for d in demands), default=0),
        "people": max((d.people for d in demands), default=0),
        "age_days": max((d.age_days for d in demands), default=0),
    }
    return {demand.key: _rank(demand, most) for demand in demands}


def _rank(demand: Demand, most: Mapping[str, float]) -> Rank:
    arr = None if demand.arr is None else _share(demand.arr, most["arr"])
    parts = [_share(getattr(demand, name), most[name]) for name in ("tickets", "people", "age_days")]
    if demand.severity is not None:
        parts.append(demand.severity / 4)
    pain = sum(parts) / len(parts)
    points = 100 * pain if arr is None else ARR_PARTS * arr + PAIN_PARTS * pain
    return Rank(points, 0.0 if arr is None else ARR_PARTS * arr, PAIN_PARTS * pain)


def _share(value: float, most: float) -> float:
    return value / most if most else 0.0
