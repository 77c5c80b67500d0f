"""What a proof should find, counted anew with Polars from the files of the public sets; nothing of the product is used.

Days are whole. A window of n days ends with the asked day. AUC is the share of pairs in the right order (Mann-Whitney).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

STEP, MOST_DAYS = 28, 104
KEYS = ["account", "day"]


@dataclass(frozen=True)
class Counted:
    """How well a card told who would leave, on how many days of accounts, with how many departures."""

    auc: float
    rows: int
    departures: int


def grid(first: date, last: date) -> pl.DataFrame:
    """The days that are looked at: back from the last one, four weeks apart."""
    days = [last - timedelta(days=STEP * back) for back in range(MOST_DAYS)]
    return pl.DataFrame({"day": [day for day in days if day >= first]}, schema={"day": pl.Date})


def silences(use: pl.DataFrame, *, days: int, last: date) -> pl.DataFrame:
    """Spells of use that end with so many silent days: account, since, left (null while it goes on)."""
    active = use.select("account", "date").unique().sort("account", "date")
    apart = pl.col("date").diff().over("account") > pl.duration(days=days)
    spells = (
        active.with_columns(spell=apart.fill_null(False).cum_sum().over("account"))
        .group_by("account", "spell")
        .agg(since=pl.col("date").min(), until=pl.col("date").max() + pl.duration(days=days))
    )
    gone = pl.col("until") <= last
    return spells.select("account", "since", left=pl.when(gone).then(pl.col("until")))


def lapses(contracts: pl.DataFrame, *, grace: int, last: date) -> pl.DataFrame:
    """Spells of contracts that follow each other within the grace: account, since, left."""
    ordered = contracts.sort("account", "start_date")
    reached = pl.col("end_date").cum_max().shift(1).over("account")
    apart = (pl.col("start_date") - reached) > pl.duration(days=grace)
    spells = (
        ordered.with_columns(spell=apart.fill_null(False).cum_sum().over("account"))
        .group_by("account", "spell")
        .agg(since=pl.col("start_date").min(), until=pl.col("end_date").max())
    )
    gone = pl.col("until") + pl.duration(days=grace) <= last
    return spells.select("account", "since", left=pl.when(gone).then(pl.col("until")))


def at_risk(spells: pl.DataFrame, days: pl.DataFrame, *, horizon: int, settled: date) -> pl.DataFrame:
    """Customers on days whose outcome is certain: account, day, left, and whether `gone` within the horizon."""
    rows = spells.join(days, how="cross").filter(
        (pl.col("since") <= pl.col("day")) & (pl.col("left").is_null() | (pl.col("day") < pl.col("left")))
    )
    due = pl.col("day") + pl.duration(days=horizon)
    gone = pl.col("left").is_not_null() & (pl.col("left") <= due)
    return rows.with_columns(gone=gone).filter(due <= settled)


def within(
    use: pl.DataFrame,
    rows: pl.DataFrame,
    *,
    window: int,
    asked: pl.Expr,
    ago: int = 0,
    none: float | None = 0.0,
) -> pl.DataFrame:
    """An expression over each row's events of the window that ends so many days ago: account, day, value."""
    end = pl.col("day") - pl.duration(days=ago)
    dated = rows.select(KEYS).join(use, on="account")
    inside = dated.filter((pl.col("date") > end - pl.duration(days=window)) & (pl.col("date") <= end))
    found = rows.select(KEYS).join(inside.group_by(KEYS).agg(value=asked), on=KEYS, how="left")
    value = pl.col("value").cast(pl.Float64)
    return found.with_columns(value if none is None else value.fill_null(none))


def seats(contracts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The seats of the contracts that run on the day."""
    held = (pl.col("start_date") <= pl.col("day")) & (pl.col("day") < pl.col("end_date"))
    running = rows.select(KEYS).join(contracts, on="account").filter(held)
    found = running.group_by(KEYS).agg(value=pl.col("seats").sum().cast(pl.Float64))
    return rows.select(KEYS).join(found, on=KEYS, how="left")


def percent(of: pl.DataFrame, to: pl.DataFrame, *, more: bool = False) -> pl.DataFrame:
    """One value in percent of another, or by how many percent it is more; null where the other is not above 0."""
    both = of.join(to, on=KEYS, suffix="_to")
    over = pl.col("value") - pl.col("value_to") if more else pl.col("value")
    return both.select(*KEYS, value=pl.when(pl.col("value_to") > 0).then(over * 100 / pl.col("value_to")))


def recency(use: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Days since the last event up to the day."""
    before = rows.select(KEYS).join(use, on="account").filter(pl.col("date") <= pl.col("day"))
    last = before.group_by(KEYS).agg(last=pl.col("date").max())
    since = (pl.col("day") - pl.col("last")).dt.total_days().cast(pl.Float64)
    return rows.select(KEYS).join(last, on=KEYS, how="left").select(*KEYS, value=since)


def points(values: pl.DataFrame, *, healthy: pl.Expr, risky: pl.Expr) -> pl.DataFrame:
    """100, 50 or 0 for a value; null for none."""
    told = pl.when(healthy).then(100.0).when(risky).then(0.0).otherwise(50.0)
    return values.select(*KEYS, points=pl.when(pl.col("value").is_not_null()).then(told))


def score(rows: pl.DataFrame, parts: Sequence[tuple[int, pl.DataFrame]], *, least: float = 50.0) -> Counted:
    """Measures by their weight against what became of each row; unscored where less than `least` percent are known."""
    weighed = pl.concat([part.with_columns(weight=pl.lit(weight)) for weight, part in parts])
    known = pl.col("weight").sum()
    both = (
        weighed.drop_nulls("points")
        .group_by(KEYS)
        .agg(points=(pl.col("points") * pl.col("weight")).sum() / known, known=known)
    )
    judged = rows.join(both.filter(pl.col("known") >= least), on=KEYS)
    risk = judged.select("gone", rank=(-pl.col("points").round(4)).rank("average"))
    gone = risk.filter("gone")
    stayed = risk.height - gone.height
    auc = (float(gone["rank"].sum()) - gone.height * (gone.height + 1) / 2) / (gone.height * stayed)
    return Counted(auc, judged.height, judged.filter("gone").select("account", "left").unique().height)
