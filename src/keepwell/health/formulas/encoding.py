"""Scores with their parts as JSON text, ready to be stored beside them."""

import polars as pl

from keepwell.health.cards import Card
from keepwell.health.formulas.scoring import KEYS

_SAID = ("measure", "metric", "label", "weight", "value", "band", "points", "reason", "unit", "green", "red")


def with_parts(scores: pl.LazyFrame, judged: pl.LazyFrame, card: Card) -> pl.LazyFrame:
    """The scores with a column `parts`: a JSON list in the card's order, one object for each part.

    Every object holds measure, metric, label, weight, value, band, points, reason, unit, and the
    thresholds green and red as they were applied, so that a stored score explains itself after the card
    has changed.
    """
    declared = pl.LazyFrame(
        {
            "measure": [part.measure for part in card.parts],
            "metric": [part.metric.slug for part in card.parts],
            "label": [part.label for part in card.parts],
            "unit": [part.metric.unit for part in card.parts],
            "green": [str(part.green) for part in card.parts],
            "red": [str(part.red) for part in card.parts],
        }
    )
    told = judged.join(declared, on="measure").select(
        *KEYS, "position", said=pl.struct(*_SAID).struct.json_encode()
    )
    listed = told.sort("position").group_by(*KEYS, maintain_order=True).agg(pl.col("said").str.join(","))
    return scores.join(
        listed.select(*KEYS, parts=pl.format("[{}]", pl.col("said"))), on=list(KEYS), how="left"
    )
