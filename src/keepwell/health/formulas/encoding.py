"""Scores with their parts as JSON text, ready to be stored beside them."""

import polars as pl

from keepwell.health.card import Card, Part
from keepwell.health.formulas.scales import Scale
from keepwell.health.formulas.scoring import KEYS

FORM = 2
_SAID = (
    "measure", "metric", "label", "group", "weight", "value", "band", "points", "reason", "state", "unit", "green", "red",
    "slope",
)  # fmt: skip


def with_parts(scores: pl.LazyFrame, judged: pl.LazyFrame, card: Card) -> pl.LazyFrame:
    """The scores with a column `parts`: a JSON list in the card's order, one object for each part.

    Every object holds measure, metric, label, group, weight (its share of the whole), value, band, points, reason, state,
    unit, and the thresholds green and red with the slope as they were applied, exceptions included, so that a stored
    score explains itself after the card has changed.
    """
    told = judged.join(_declared(card), on=["position", "exception"]).select(
        *KEYS, "position", said=pl.struct(*_SAID).struct.json_encode()
    )
    listed = told.sort("position").group_by(*KEYS, maintain_order=True).agg(pl.col("said").str.join(","))
    return scores.join(
        listed.select(*KEYS, parts=pl.format("[{}]", pl.col("said"))), on=list(KEYS), how="left"
    )


def _declared(card: Card) -> pl.LazyFrame:
    """What the card says of each part, as it is and under each of its exceptions."""
    rows = [
        _row(place, number, part, scale)
        for place, part in enumerate(card.parts)
        for number, scale in enumerate([part.scale, *(case.scale or part.scale for case in part.cases)])
    ]
    names = ("position", "exception", "metric", "label", "unit", "green", "red", "slope")
    schema = {name: pl.Int32 if name in ("position", "exception") else pl.String for name in names}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def _row(place: int, number: int, part: Part, scale: Scale) -> tuple[int | str, ...]:
    edges = (str(edge or "") for edge in (scale.green, scale.red))
    return (place, number, part.metric.slug, part.label, part.metric.unit, *edges, scale.written)
