"""A scorecard's definition, read and checked. The editor, the API and the packs write this same form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.health.formulas import thresholds
from keepwell.health.formulas.thresholds import Threshold
from keepwell.kernel.errors import Invalid, Refused
from keepwell.metrics import catalogue

CARD_KEYS = ("least_known_percent", "bands", "parts")
PART_KEYS = ("measure", "metric", "label", "weight", "green", "red", "beside", "source")
BESIDE_KEYS = ("label", "unit", "green", "red")


@dataclass(frozen=True)
class Beside:
    """Bands of a kindred measure, stated beside a part for the reader; the score does not use them."""

    label: str
    unit: str
    green: Threshold
    red: Threshold


@dataclass(frozen=True)
class Part:
    """One measure of a card: which metric, how much it weighs, and from where it is green or red."""

    measure: str
    metric: catalogue.Metric
    label: str
    weight: float
    green: Threshold
    red: Threshold
    beside: tuple[Beside, ...]
    source: str


@dataclass(frozen=True)
class Card:
    """Parts whose weights add up to 100, the bands of the composite, and how much must be known to tell."""

    parts: tuple[Part, ...]
    green: Threshold
    red: Threshold
    least_known_percent: float


def read(definition: Mapping[str, Any]) -> Card:
    """The card that a definition states; refuses with the place and what is allowed there."""
    _only(definition, CARD_KEYS, "the card")
    parts = tuple(_part(part, f"parts[{n}]") for n, part in enumerate(_list(definition, "parts", "the card")))
    weight = sum(part.weight for part in parts)
    if abs(weight - 100) > 1e-9:
        raise Invalid(f"parts: the weights add up to {weight:g}. They must add up to 100.")
    for name in ("measure", "label"):
        names = [getattr(part, name) for part in parts]
        if twice := sorted({given for given in names if names.count(given) > 1}):
            raise Invalid(f'parts: {name} "{twice[0]}" comes twice. Each part needs its own.')
    bands = definition.get("bands", {})
    _only(bands, ("green", "red"), "bands")
    green, red = _thresholds(bands, "bands")
    least = _number(definition, "least_known_percent", "the card", at_most=100)
    return Card(parts, green, red, least)


def _part(given: Any, where: str) -> Part:
    _only(given, PART_KEYS, where)
    try:
        metric = catalogue.find(_text(given, "metric", where))
    except Refused as refused:
        raise Invalid(f"{where}.metric: {refused}") from None
    green, red = _thresholds(given, where)
    if green.upward != (metric.better == "up"):
        raise Invalid(f'{where}: green is "{green}", but {metric.slug} is better {metric.better}.')
    return Part(
        measure=_text(given, "measure", where),
        metric=metric,
        label=_text(given, "label", where),
        weight=_number(given, "weight", where, at_most=100),
        green=green,
        red=red,
        beside=tuple(_beside(row, f"{where}.beside[{n}]") for n, row in enumerate(given.get("beside", ()))),
        source=str(given.get("source", "")),
    )


def _beside(given: Any, where: str) -> Beside:
    _only(given, BESIDE_KEYS, where)
    return Beside(_text(given, "label", where), str(given.get("unit", "")), *_thresholds(given, where))


def _thresholds(given: Mapping[str, Any], where: str) -> tuple[Threshold, Threshold]:
    read_ = []
    for band in ("green", "red"):
        if band not in given:
            raise Invalid(f'{where}: "{band}" is missing. State it as a threshold such as "> 70".')
        try:
            read_.append(thresholds.parse(given[band]))
        except Refused as refused:
            raise Invalid(f"{where}.{band}: {refused}") from None
    try:
        return thresholds.paired(*read_)
    except Refused as refused:
        raise Invalid(f"{where}: {refused}") from None


def _only(given: Any, allowed: tuple[str, ...], where: str) -> None:
    if not isinstance(given, Mapping):
        raise Invalid(f"{where} must be a table with {', '.join(allowed)}.")
    if extra := sorted(set(given) - set(allowed)):
        raise Invalid(f'{where}: "{extra[0]}" is not known. Allowed: {", ".join(allowed)}.')


def _list(given: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = given.get(name)
    if not isinstance(found, list) or not found:
        raise Invalid(f'{where}: "{name}" must be a list with at least one entry.')
    return found


def _text(given: Mapping[str, Any], name: str, where: str) -> str:
    found = given.get(name)
    if not isinstance(found, str) or not found.strip():
        raise Invalid(f'{where}: "{name}" must be a text.')
    return found


def _number(given: Mapping[str, Any], name: str, where: str, *, at_most: float) -> float:
    found = given.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= at_most:
        raise Invalid(f'{where}: "{name}" must be a number above 0, {at_most:g} at most, not {found!r}.')
    return float(found)
