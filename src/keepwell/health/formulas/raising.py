"""What would raise a score most: each input at its next better band, judged by the same card."""

from dataclasses import dataclass

from keepwell.health.card import Card, Part
from keepwell.health.formulas import explaining
from keepwell.health.formulas.explaining import PartRow, Sight
from keepwell.health.formulas.scales import POINTS, Scale
from keepwell.health.formulas.thresholds import Threshold

BETTER = {"red": ("yellow", "green"), "yellow": ("green",), "unknown": ("yellow", "green")}


@dataclass(frozen=True)
class Raise:
    """An input brought to a band: from which value (null: unknown) past which figure, and by how much the score rises."""

    measure: str
    label: str
    metric: str
    unit: str
    value: float | None
    band: str
    to_band: str
    figure: float
    upward: bool
    inclusive: bool
    gain: float


def raises(sight: Sight) -> tuple[Raise, ...]:
    """Every input that is not healthy at its next bands, by gain; those that would not raise the score are left out.

    With `slope` an input is brought to where its points cross the edge of the band. Inputs that do not apply are not
    asked for. An unknown input is counted as if it were found in that band, which also makes it known.
    """
    asked = [
        (part, band, edge)
        for part in sight.card.parts
        for band, edge in _next(sight.parts[part.measure], part)
    ]
    brought = [{**sight.parts, part.measure: _brought(sight, part, band, edge)} for part, band, edge in asked]
    before, *after = explaining.scores([sight.parts, *brought], sight.card)
    found = [
        _raise(sight, part, band, edge, round(points - (before or 0.0), 4))
        for (part, band, edge), points in zip(asked, after, strict=True)
        if points is not None
    ]
    rising = [one for one in found if one.gain > 0]
    return tuple(sorted(rising, key=lambda one: (-one.gain, one.measure, one.to_band)))


def _scale(part: Part, row: PartRow) -> Scale:
    """The part's own, or that of the exception that is used."""
    return part.cases[row["exception"] - 1].scale or part.scale if row["exception"] else part.scale


def _next(row: PartRow, part: Part) -> list[tuple[str, Threshold]]:
    """The better bands that the scale has an edge of."""
    if row["state"] in ("exempt", "left_out"):
        return []
    scale = _scale(part, row)
    edges = {"green": scale.green, "yellow": scale.red}
    return [(band, edge) for band in BETTER.get(row["band"], ()) if (edge := edges[band]) is not None]


def _brought(sight: Sight, part: Part, band: str, edge: Threshold) -> PartRow:
    row = sight.parts[part.measure]
    points = _points_at(_scale(part, row), band, sight.card)
    return {**row, "points": points, "band": band, "state": "judged", "value": edge.figure}


def _raise(sight: Sight, part: Part, band: str, edge: Threshold, gain: float) -> Raise:
    row = sight.parts[part.measure]
    return Raise(
        measure=part.measure,
        label=part.label,
        metric=part.metric.slug,
        unit=part.metric.unit,
        value=row["value"],
        band=row["band"],
        to_band=band,
        figure=edge.figure,
        upward=_scale(part, row).upward,
        inclusive=edge.inclusive if band == "green" else not edge.inclusive,
        gain=gain,
    )


def _points_at(scale: Scale, band: str, card: Card) -> float:
    if not scale.slope:
        return POINTS[band]
    return card.green.figure if band == "green" else card.red.figure
