"""From metric values to parts, and from parts to a score that says what it is blind to."""

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw

from keepwell.health.card import Card, Case, Part
from keepwell.health.formulas.scales import POINTS, banded
from keepwell.metrics.conditions import frames

Frame = nw.LazyFrame[Any]
KEYS = ("account_id", "as_of")
PARTS = (
    *KEYS, "measure", "position", "group", "share", "weight", "value", "reason", "band", "points", "state", "exception",
)  # fmt: skip
NOT_MEASURED = "Not measured on this day"
AGE_UNKNOWN = "It is not known how old this is"
COUNTS_AS = {"green": "counts as healthy", "yellow": "counts as watch", "red": "counts as at risk"}
LEFT_OUT = "left out, its weight goes to the others"


def parts(values: Frame, card: Card, facts: Frame | None = None) -> Frame:
    """Every part of every account and day: the columns of `PARTS`.

    `values` holds account_id, as_of, metric, value, reason; `facts`, which only exceptions need, the columns that the
    card asks for beside the keys. `weight` is the part's share of the whole in percent, `share` its group's. `state` is
    "judged", "unknown" (no points), "assumed" (the card gives points to what is unknown), "left_out" or "exempt" (both
    weigh nothing); `exception` numbers the exception that was used from 1, 0 is none.
    """
    asked = values.select(*KEYS).unique()
    if facts is not None:
        asked = asked.join(facts.select(*KEYS, *sorted(card.excepted_by)), on=list(KEYS), how="left")
    return nw.concat([_part(asked, values, card, place) for place in range(len(card.parts))])


def composite(judged: Frame, card: Card) -> Frame:
    """One score per account and day: account_id, as_of, points, band, known_weight, low, high; from `parts`.

    A group's points = Σ points × weight / Σ weight over its parts that have points, 0 (all red) to 100 (all green); the
    score is the same mean over the groups. A card without groups is one group. known_weight is the share of the weight
    whose values are known, in percent; points that the card assumes are in the score, but not known. low and high are
    what the score would be if every unknown part were red or green: a missing weight widens the bracket and is never
    handed to the other parts unseen. Below the least known weight points are null and the band is unknown. Rounded to
    four decimals, so that the order in which an engine adds up cannot show.
    """
    scored = ~nw.col("points").is_null()
    weighed = judged.with_columns(
        gained=nw.when(scored).then(nw.col("points") * nw.col("weight")).otherwise(nw.lit(0.0)),
        seen=nw.when(scored).then(nw.col("weight")).otherwise(nw.lit(0.0)),
        known=nw.when(nw.col("state") == "judged").then(nw.col("weight")).otherwise(nw.lit(0.0)),
    )
    sums = weighed.group_by(*KEYS, "group").agg(
        *(nw.col(name).sum() for name in ("gained", "seen", "known", "weight")), share=nw.col("share").max()
    )
    score = _over_groups(sums)
    telling = (nw.col("told") > 0) & (nw.col("seen_weight") >= card.least_known_percent)
    told = score.with_columns(points=nw.when(telling).then((nw.col("won") / nw.col("told")).round(4)))
    return told.with_columns(band=banded(nw.col("points"), card.green, card.red)).select(
        *KEYS, "points", "band", "known_weight", "low", "high"
    )


def _over_groups(sums: Frame) -> Frame:
    """The groups' means weighed by their shares; a group in which nothing weighs anything takes no part."""
    weighs, seen = nw.col("weight") > 0, nw.col("seen") > 0
    within = nw.when(weighs).then(nw.col("weight")).otherwise(nw.lit(1.0))
    blind = nw.col("weight") - nw.col("seen")
    shares = sums.with_columns(
        whole=nw.when(weighs).then(nw.col("share")).otherwise(nw.lit(0.0)),
        told=nw.when(seen).then(nw.col("share")).otherwise(nw.lit(0.0)),
        won=nw.when(seen).then(nw.col("share") * nw.col("gained") / nw.col("seen")).otherwise(nw.lit(0.0)),
        least=nw.col("share") * nw.col("gained") / within,
        most=nw.col("share") * (nw.col("gained") + blind * 100.0) / within,
        knows=nw.col("share") * nw.col("known") / within,
        sees=nw.col("share") * nw.col("seen") / within,
    )
    summed = shares.group_by(*KEYS).agg(
        *(nw.col(name).sum() for name in ("whole", "told", "won", "least", "most", "knows", "sees"))
    )
    some, whole = (
        nw.col("whole") > 0,
        nw.when(nw.col("whole") > 0).then(nw.col("whole")).otherwise(nw.lit(1.0)),
    )
    return summed.with_columns(
        known_weight=(nw.col("knows") * 100.0 / whole).round(4),
        seen_weight=(nw.col("sees") * 100.0 / whole).round(4),
        low=(nw.col("least") / whole).round(4),
        high=nw.when(some).then((nw.col("most") / whole).round(4)).otherwise(nw.lit(100.0)),
    )


def _part(asked: Frame, values: Frame, card: Card, place: int) -> Frame:
    part = card.parts[place]
    rows = asked.join(_measured(values, part), on=list(KEYS), how="left")
    unsaid = nw.col("value").is_null() & nw.col("reason").is_null()
    told = rows.with_columns(
        reason=nw.when(unsaid).then(nw.lit(NOT_MEASURED)).otherwise(nw.col("reason")),
        exception=_exception(part.cases),
    )
    judged = _trusted(told, values, part).with_columns(
        measure=nw.lit(part.measure),
        position=nw.lit(place),
        group=nw.lit(part.group),
        share=nw.lit(card.share(part)),
        weight=_chosen(part, lambda of: nw.lit((of.weight or part.weight) * card.share(part) / 100.0)),
        points=_chosen(part, lambda of: (of.scale or part.scale).points(nw.col("value"))),
        band=_chosen(part, lambda of: (of.scale or part.scale).band(nw.col("value"))),
        state=nw.when(nw.col("value").is_null()).then(nw.lit("unknown")).otherwise(nw.lit("judged")),
    )
    return _exempted(_supplied(judged, part), part).select(*PARTS)


def _measured(values: Frame, part: Part) -> Frame:
    return values.filter(nw.col("metric") == part.metric.slug).select(*KEYS, "value", "reason")


def _trusted(rows: Frame, values: Frame, part: Part) -> Frame:
    """Values that are too old, or of which nobody knows how old they are, become unknown."""
    if part.since is None:
        return rows
    ages = values.filter(nw.col("metric") == part.since.slug).select(*KEYS, age="value")
    known, aged = ~nw.col("value").is_null(), ~nw.col("age").is_null()
    fresh = (aged & (nw.col("age") <= float(part.stale_after_days or 0))).fill_null(False)
    stale = nw.lit(f"The last fact is more than {part.stale_after_days} days old")
    why = nw.when(aged).then(stale).otherwise(nw.lit(AGE_UNKNOWN))
    return rows.join(ages, on=list(KEYS), how="left").with_columns(
        value=nw.when(fresh).then(nw.col("value")),
        reason=nw.when(known & ~fresh).then(why).otherwise(nw.col("reason")),
    )


def _exception(cases: tuple[Case, ...]) -> nw.Expr:
    """The number of the first exception that holds, from 1; 0 for none."""
    found: nw.Expr = nw.lit(0)
    for number, case in reversed(list(enumerate(cases, 1))):
        found = nw.when(frames.holds(case.when)).then(nw.lit(number)).otherwise(found)
    return found


def _chosen(part: Part, give: Callable[[Part | Case], nw.Expr]) -> nw.Expr:
    """What the part gives, or the exception that is used."""
    found = give(part)
    for number, case in enumerate(part.cases, 1):
        found = nw.when(nw.col("exception") == number).then(give(case)).otherwise(found)
    return found


def _supplied(rows: Frame, part: Part) -> Frame:
    """What the card does about an unknown value."""
    if part.missing == "blind":
        return rows
    unknown = nw.col("state") == "unknown"
    means = LEFT_OUT if part.missing == "leave_out" else COUNTS_AS[part.missing]
    said = nw.concat_str([nw.col("reason"), nw.lit(f": {means}")])
    settled = rows.with_columns(reason=nw.when(unknown).then(said).otherwise(nw.col("reason")))
    if part.missing == "leave_out":
        return _changed(settled, unknown, {"weight": 0.0, "state": "left_out"})
    points = POINTS[part.missing]
    return _changed(settled, unknown, {"points": points, "band": part.missing, "state": "assumed"})


def _exempted(rows: Frame, part: Part) -> Frame:
    """Parts that do not apply weigh nothing and give no points."""
    for number, case in enumerate(part.cases, 1):
        if not case.applies:
            gone = nw.when(nw.col("exception") != number)
            emptied = rows.with_columns(value=gone.then(nw.col("value")), points=gone.then(nw.col("points")))
            reason = f"Does not apply: {case.why}" if case.why else "Does not apply"
            rows = _changed(
                emptied,
                nw.col("exception") == number,
                {"weight": 0.0, "band": "unknown", "state": "exempt", "reason": reason},
            )
    return rows


def _changed(rows: Frame, where: nw.Expr, to: Mapping[str, Any]) -> Frame:
    return rows.with_columns(
        **{name: nw.when(where).then(nw.lit(value)).otherwise(nw.col(name)) for name, value in to.items()}
    )
