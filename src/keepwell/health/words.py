"""Scores and their parts in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.health.formulas import thresholds
from keepwell.health.formulas.thresholds import Threshold
from keepwell.kernel import speech
from keepwell.kernel.figures import figure, measured

_SIDES = {
    ">": speech.later("above"),
    ">=": speech.later("from"),
    "<": speech.later("under"),
    "<=": speech.later("up to"),
}
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
    return speech.told("Healthy %(healthy)s, at risk %(risky)s, watch between", healthy=healthy, risky=risky)


def scale_words(part: PartRow) -> str:
    """How a stored part was judged: its thresholds, and its slope if it has one."""
    edges = [part["green"] and thresholds.parse(part["green"]), part["red"] and thresholds.parse(part["red"])]
    sides = [
        f"{word} {_SIDES[edge.sign]} {amount(edge.figure, part['unit'])}"
        for word, edge in zip((speech.told("healthy"), speech.told("at risk")), edges, strict=True)
        if edge
    ]
    said = ", ".join([*sides, speech.told("watch between")] if len(sides) == 2 else sides)
    if slope := part.get("slope"):
        said = speech.told(
            "points along %(slope)s; %(said)s" if said else "points along %(slope)s", slope=slope, said=said
        )
    return said[:1].upper() + said[1:]


def worst(parts: Sequence[PartRow]) -> str:
    """The part that costs most, with the threshold it misses: "Core-feature adoption 12 % (under 50)".

    When every known part is healthy, the heaviest unknown one; empty when there is none either.
    """
    failing = [part for part in parts if part["band"] in _WORSE_FIRST]
    if failing:
        part = min(failing, key=lambda part: (-(100 - part["points"]) * part["weight"], part["label"]))
        if part["value"] is None:
            return speech.told(
                "%(label)s unknown: %(reason)s", label=part["label"], reason=speech.recalled(part["reason"])
            )
        return f"{part['label']} {amount(part['value'], part['unit'])} ({_missed(part)})"
    blind = [part for part in parts if part["band"] == "unknown" and part["weight"] > 0]
    if blind:
        part = min(blind, key=lambda part: (-part["weight"], part["label"]))
        return speech.told(
            "%(label)s unknown: %(reason)s", label=part["label"], reason=speech.recalled(part["reason"])
        )
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
        return speech.told("%(figure)s of 100 points", figure=figure(part["points"]))
    said = side(thresholds.parse(edge))
    return said if part["band"] == "red" else speech.told("not %(said)s", said=said)


def _stands(part: PartRow) -> tuple[str, float | None]:
    return part["band"], part["points"]


def _shift(old: PartRow, new: PartRow) -> float:
    """How much of the score moved; a part that became known or unknown counts from the middle."""
    points = [50.0 if part["points"] is None else float(part["points"]) for part in (old, new)]
    return abs(points[1] - points[0]) * float(new["weight"])


def move(old: PartRow, new: PartRow) -> str:
    """What happened to a part: "Active people fell from 31 to 12"."""
    if new["value"] is None:
        return speech.told("%(label)s became unknown", label=new["label"])
    value = amount(new["value"], new["unit"])
    if old["value"] is None:
        return speech.told("%(label)s became known: %(value)s", label=new["label"], value=value)
    if new["value"] == old["value"]:
        return speech.told(
            "%(label)s stays at %(value)s and is judged otherwise", label=new["label"], value=value
        )
    return speech.told(
        "%(label)s rose from %(amount)s to %(value)s"
        if new["value"] > old["value"]
        else "%(label)s fell from %(amount)s to %(value)s",
        label=new["label"],
        amount=amount(old["value"], old["unit"]),
        value=value,
    )
