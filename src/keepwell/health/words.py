"""Scores and their parts in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.health.formulas import thresholds
from keepwell.health.formulas.thresholds import Threshold
from keepwell.kernel.figures import figure, measured

_SIDES = {">": "above", ">=": "from", "<": "under", "<=": "up to"}
_WORSE_FIRST = {"red": 0, "yellow": 1}

PartRow = Mapping[str, Any]


def amount(value: float, unit: str) -> str:
    """A value with its unit, rounded to what can be read: "12 %", "45 days", "2.3 a month"."""
    return measured(value, unit)


def side(threshold: Threshold) -> str:
    """ "above 70", "under 50", "from 75"."""
    return f"{_SIDES[threshold.sign]} {figure(threshold.figure)}"


def threshold_words(green: Threshold, red: Threshold, unit: str) -> str:
    """ "Healthy above 70 %, at risk under 50 %, watch between"."""
    healthy, risky = (f"{_SIDES[edge.sign]} {amount(edge.figure, unit)}" for edge in (green, red))
    return f"Healthy {healthy}, at risk {risky}, watch between"


def scale_words(part: PartRow) -> str:
    """How a stored part was judged: its thresholds, and its slope if it has one."""
    edges = [part["green"] and thresholds.parse(part["green"]), part["red"] and thresholds.parse(part["red"])]
    sides = [
        f"{word} {_SIDES[edge.sign]} {amount(edge.figure, part['unit'])}"
        for word, edge in zip(("healthy", "at risk"), edges, strict=True)
        if edge
    ]
    said = ", ".join([*sides, "watch between"] if len(sides) == 2 else sides)
    if slope := part.get("slope"):
        said = f"points along {slope}{'; ' if said else ''}{said}"
    return said[:1].upper() + said[1:]


def worst(parts: Sequence[PartRow]) -> str:
    """The part that costs most, with the threshold it misses: "Core-feature adoption 12 % (under 50)".

    When every known part is healthy, the heaviest unknown one; empty when there is none either.
    """
    failing = [part for part in parts if part["band"] in _WORSE_FIRST]
    if failing:
        part = min(failing, key=lambda part: (-(100 - part["points"]) * part["weight"], part["label"]))
        if part["value"] is None:
            return f"{part['label']} unknown: {part['reason']}"
        return f"{part['label']} {amount(part['value'], part['unit'])} ({_missed(part)})"
    blind = [part for part in parts if part["band"] == "unknown" and part["weight"] > 0]
    if blind:
        part = min(blind, key=lambda part: (-part["weight"], part["label"]))
        return f"{part['label']} unknown: {part['reason']}"
    return ""


def moved(before: Sequence[PartRow], now: Sequence[PartRow]) -> str:
    """The part that moved the score most between two days, in words; empty when no part moved."""
    then = {part["measure"]: part for part in before}
    pairs = [(then[part["measure"]], part) for part in now if part["measure"] in then]
    changed = [(old, new) for old, new in pairs if _stands(old) != _stands(new)]
    if not changed:
        return ""
    old, new = min(changed, key=lambda pair: (-_shift(*pair), pair[1]["label"]))
    return move(old, new)


def _missed(part: PartRow) -> str:
    edge = part["red"] if part["band"] == "red" else part["green"]
    if not edge:
        return f"{figure(part['points'])} of 100 points"
    said = side(thresholds.parse(edge))
    return said if part["band"] == "red" else f"not {said}"


def _stands(part: PartRow) -> tuple[str, float | None]:
    return part["band"], part["points"]


def _shift(old: PartRow, new: PartRow) -> float:
    """How much of the score moved; a part that became known or unknown counts from the middle."""
    points = [50.0 if part["points"] is None else float(part["points"]) for part in (old, new)]
    return abs(points[1] - points[0]) * float(new["weight"])


def move(old: PartRow, new: PartRow) -> str:
    """What happened to a part: "Active people fell from 31 to 12"."""
    if new["value"] is None:
        return f"{new['label']} became unknown"
    value = amount(new["value"], new["unit"])
    if old["value"] is None:
        return f"{new['label']} became known: {value}"
    if new["value"] == old["value"]:
        return f"{new['label']} stays at {value} and is judged otherwise"
    went = "rose" if new["value"] > old["value"] else "fell"
    return f"{new['label']} {went} from {amount(old['value'], old['unit'])} to {value}"
