"""How a metric went over a span of days: by how much it changed, its lowest and its highest. Frames in, frame out."""

from datetime import timedelta

import polars as pl

from keepwell.metrics.conditions.tree import Leaf
from keepwell.metrics.conditions.vocabulary import Subject

CHANGE, MOVE, LOWEST, HIGHEST = "change.", "move.", "lowest.", "highest."
PREFIXES = (CHANGE, MOVE, LOWEST, HIGHEST)
COMPARING = (CHANGE, MOVE)  # what asks two days, not those between
KEYS = ["account_id", "as_of"]
SLACK = timedelta(days=7)  # stored days lie a week apart where they are older


def subjects(slug: str, title: str, unit: str) -> tuple[Subject, ...]:
    """The questions about one metric: its change in percent of what it was, in its own unit, its lowest, its highest."""
    own = "percentage points" if unit == "%" else unit
    low = title if title.isupper() else title[:1].lower() + title[1:]
    return (
        Subject(CHANGE + slug, f"{title} change", "number", "%", windowed=True, change=True),
        Subject(MOVE + slug, f"{title} change", "number", own, windowed=True, change=True),
        Subject(LOWEST + slug, f"Lowest {low}", "number", unit, windowed=True),
        Subject(HIGHEST + slug, f"Highest {low}", "number", unit, windowed=True),
    )


def metric_of(slug: str) -> tuple[str, str] | None:
    """The prefix and the metric of such a question; None of any other."""
    for prefix in PREFIXES:
        if slug.startswith(prefix):
            return prefix, slug.removeprefix(prefix)
    return None


def answered(asked: pl.DataFrame, history: pl.DataFrame, leaf: Leaf) -> pl.DataFrame:
    """`asked` (account_id, as_of) with the answer to one such question; null where it cannot be told.

    `history` has account_id, as_of, metric and value on stored days. A change compares with the last stored day at or
    before the beginning of the span, a week earlier at most; one from zero is no percentage. An extreme is told only where
    the history reaches that far back, over the days on which the metric was known.
    """
    found = metric_of(leaf.subject.slug)
    assert found is not None
    assert leaf.in_days is not None
    prefix, metric = found
    told = history.filter((pl.col("metric") == metric) & pl.col("value").is_not_null())
    told = told.select(*KEYS, "value").sort("as_of")
    if prefix in COMPARING:
        return _changed(asked, told, leaf, relative=prefix == CHANGE)
    return _extreme(asked, told, leaf, lowest=prefix == LOWEST)


def _changed(asked: pl.DataFrame, told: pl.DataFrame, leaf: Leaf, *, relative: bool) -> pl.DataFrame:
    span = timedelta(days=leaf.in_days or 1)
    rows = asked.join(told.rename({"value": "_now"}), on=KEYS, how="left")
    rows = rows.with_columns(_began=pl.col("as_of") - span).sort("_began")
    before = told.rename({"as_of": "_then", "value": "_was"})
    rows = rows.join_asof(
        before, left_on="_began", right_on="_then", by="account_id", tolerance=SLACK, check_sortedness=False
    )
    by = pl.col("_now") - pl.col("_was")
    if relative:
        by = pl.when(pl.col("_was") != 0).then(by / pl.col("_was").abs() * 100)
    return rows.with_columns(by.alias(leaf.column)).drop("_now", "_began", "_then", "_was", strict=False)


def _extreme(asked: pl.DataFrame, told: pl.DataFrame, leaf: Leaf, *, lowest: bool) -> pl.DataFrame:
    days = leaf.in_days or 1
    value = pl.col("value").min() if lowest else pl.col("value").max()
    first = told.group_by("account_id").agg(_first=pl.col("as_of").min())
    moments = asked.select(KEYS).unique()
    inside = (
        moments.join(told.rename({"as_of": "_day"}), on="account_id")
        .filter(
            (pl.col("_day") <= pl.col("as_of")) & (pl.col("_day") > pl.col("as_of") - timedelta(days=days))
        )
        .group_by(KEYS)
        .agg(_extreme=value)
        .join(first, on="account_id")
        .filter(pl.col("_first") <= pl.col("as_of") - timedelta(days=days) + SLACK)
    )
    return asked.join(inside.select(*KEYS, pl.col("_extreme").alias(leaf.column)), on=KEYS, how="left")
