"""From metric values to parts, and from parts to a score that says what it is blind to."""

from typing import Any

import narwhals as nw

from keepwell.health.cards import Card, Part
from keepwell.health.formulas.thresholds import Threshold

Frame = nw.LazyFrame[Any]
KEYS = ("account_id", "as_of")
POINTS = {"green": 100.0, "yellow": 50.0, "red": 0.0}
NOT_MEASURED = "Not measured on this day"


def parts(values: Frame, card: Card) -> Frame:
    """Every part of every account and day.

    Gives account_id, as_of, measure, position, weight, value, reason, band, points.
    `values` holds account_id, as_of, metric, value, reason. A part gives 100 points in green, 50 in
    yellow, 0 in red; an unknown one gives none, and its reason. Thresholds decide the edges; between
    green and red is yellow.
    """
    asked = values.select(*KEYS).unique()
    return nw.concat([_part(asked, values, part, position) for position, part in enumerate(card.parts)])


def composite(judged: Frame, card: Card) -> Frame:
    """One score per account and day: account_id, as_of, points, band, known_weight, low, high; from `parts`.

    points = Σ points × weight / Σ weight over the known parts, 0 (all red) to 100 (all green).
    known_weight is their share of all weight in percent. low and high are what the score would be if
    every unknown part were red or green: a missing weight widens the bracket and is never handed to the
    other parts unseen. Below the least known weight points are null and the band is unknown. Rounded to
    four decimals, so that the order in which an engine adds up cannot show.
    """
    known = ~nw.col("points").is_null()
    weighed = judged.with_columns(
        gained=nw.when(known).then(nw.col("points") * nw.col("weight")).otherwise(nw.lit(0.0)),
        seen=nw.when(known).then(nw.col("weight")).otherwise(nw.lit(0.0)),
    )
    sums = weighed.group_by(*KEYS).agg(
        gained=nw.col("gained").sum(), seen=nw.col("seen").sum(), weight=nw.col("weight").sum()
    )
    blind = nw.col("weight") - nw.col("seen")
    bracketed = sums.with_columns(
        known_weight=(nw.col("seen") * 100.0 / nw.col("weight")).round(4),
        low=(nw.col("gained") / nw.col("weight")).round(4),
        high=((nw.col("gained") + blind * 100.0) / nw.col("weight")).round(4),
    )
    telling = (nw.col("seen") > 0) & (nw.col("known_weight") >= card.least_known_percent)
    scored = bracketed.with_columns(
        points=nw.when(telling).then((nw.col("gained") / nw.col("seen")).round(4))
    )
    banded = scored.with_columns(band=band(nw.col("points"), card.green, card.red))
    return banded.select(*KEYS, "points", "band", "known_weight", "low", "high")


def band(value: nw.Expr, green: Threshold, red: Threshold) -> nw.Expr:
    """green, red, or yellow between them; unknown where there is no value."""
    told = (
        nw.when(green.holds(value))
        .then(nw.lit("green"))
        .otherwise(nw.when(red.holds(value)).then(nw.lit("red")).otherwise(nw.lit("yellow")))
    )
    return nw.when(value.is_null()).then(nw.lit("unknown")).otherwise(told)


def _part(asked: Frame, values: Frame, part: Part, position: int) -> Frame:
    measured = values.filter(nw.col("metric") == part.metric.slug).select(*KEYS, "value", "reason")
    rows = asked.join(measured, on=list(KEYS), how="left")
    unsaid = nw.col("value").is_null() & nw.col("reason").is_null()
    told = rows.with_columns(
        measure=nw.lit(part.measure),
        position=nw.lit(position),
        weight=nw.lit(part.weight),
        reason=nw.when(unsaid).then(nw.lit(NOT_MEASURED)).otherwise(nw.col("reason")),
        band=band(nw.col("value"), part.green, part.red),
    )
    judged = told.with_columns(
        points=nw.when(nw.col("band") == "green")
        .then(nw.lit(POINTS["green"]))
        .otherwise(
            nw.when(nw.col("band") == "yellow")
            .then(nw.lit(POINTS["yellow"]))
            .otherwise(nw.when(nw.col("band") == "red").then(nw.lit(POINTS["red"])))
        )
    )
    return judged.select(*KEYS, "measure", "position", "weight", "value", "reason", "band", "points")
