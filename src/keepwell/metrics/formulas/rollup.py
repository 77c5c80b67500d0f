"""What accounts with others below them answer: own values along the links of a hierarchy. Frames in, frames out.

Own values: account_id, as_of, value, reason. Links: child, parent, since, until. `pairs` says who stood below whom, at any
depth, from which day until which: above, below, since, until.
"""

from typing import Literal

import polars as pl

NOTHING = "It is known neither of the account nor of any below it"
NO_WEIGHT = "Of no account, itself or below it, both this and the ARR are known"
KEYS = ["account_id", "as_of"]
DEEPEST = 50


def pairs(links: pl.DataFrame) -> pl.DataFrame:
    """Every account below another, at any depth, on the days on which all links between them hold."""
    step = links.select(above="parent", below="child", since="since", until="until")
    found, reached = [step], step
    for _ in range(DEEPEST):
        further = reached.join(step.rename({"above": "below", "below": "deeper"}), on="below", suffix="_")
        both = further.select(
            "above",
            below="deeper",
            since=pl.max_horizontal("since", "since_"),
            until=pl.min_horizontal("until", "until_"),
        )
        reached = both.filter(pl.col("since") < pl.col("until"))
        if reached.is_empty():
            break
        found.append(reached)
    return pl.concat(found)


def rolled(
    own: pl.DataFrame,
    pairs: pl.DataFrame,
    *,
    how: Literal["sum", "arr_weighted", "worst"],
    upward: bool,
    weights: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Own values with those of accounts that stand above others on the day in the place of their own.

    Only what is known counts: the sum of the known, their worst (the least where more is better), or Σ value × weight / Σ
    weight over those of which both are known and the weight is above 0. `weights`: account_id, as_of, weight. In the same
    order of rows; sums are rounded to nine decimals, so that their order cannot show.
    """
    beside = own.select(*KEYS).join(pairs, left_on="account_id", right_on="above")
    beside = beside.filter((pl.col("since") <= pl.col("as_of")) & (pl.col("as_of") < pl.col("until")))
    below = beside.select(*KEYS, member="below").unique()
    above = below.select(*KEYS).unique()
    members = pl.concat([below, above.with_columns(member="account_id")])
    told = members.join(own.select(member="account_id", as_of="as_of", value="value"), on=["member", "as_of"])
    if how == "arr_weighted" and weights is not None:
        weighed = weights.select(member="account_id", as_of="as_of", weight="weight")
        told = told.join(weighed, on=["member", "as_of"], how="left")
    known = told.filter(pl.col("value").is_not_null())
    answers = known.group_by(KEYS).agg(_rolled=_answer(how, upward=upward).round(9))
    joined = own.join(
        above.with_columns(_above=pl.lit(value=True)), on=KEYS, how="left", maintain_order="left"
    )
    joined = joined.join(answers, on=KEYS, how="left", maintain_order="left")
    has, value = pl.col("_above").is_not_null(), pl.col("_rolled")
    why = pl.lit(NO_WEIGHT if how == "arr_weighted" else NOTHING)
    return joined.with_columns(
        value=pl.when(has).then(value).otherwise(pl.col("value")),
        reason=pl.when(has).then(pl.when(value.is_null()).then(why)).otherwise(pl.col("reason")),
    ).drop("_above", "_rolled")


def _answer(how: str, *, upward: bool) -> pl.Expr:
    value = pl.col("value")
    if how == "worst":
        return value.min() if upward else value.max()
    if how == "sum":
        return value.sum()
    weight = pl.when(pl.col("weight") > 0).then(pl.col("weight"))
    total = weight.sum()
    return pl.when(total > 0).then((value * weight).sum() / total)
