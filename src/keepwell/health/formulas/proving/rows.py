"""The rows of a replay: accounts on days, what was to become of them, and which of them can be judged."""

from datetime import date

import numpy as np
import polars as pl

from keepwell.health.formulas.proving.arrays import Bools, Floats, Ints


def labelled(at_risk: pl.DataFrame, *, horizon_days: int, settled_on: date) -> pl.DataFrame:
    """With `left`: whether the account departs within the horizon after the day; null where that is not certain yet.

    A day is judged once its whole horizon lies behind `settled_on`, also where the account has left before: judging only
    those that left would favour departures. `at_risk` is that of `metrics.formulas.spells`.
    """
    due = pl.col("as_of") + pl.duration(days=horizon_days)
    left = pl.col("left_on").is_not_null() & (pl.col("left_on") <= due)
    return at_risk.with_columns(left=pl.when(due <= settled_on).then(left))


def judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Those whose outcome is certain."""
    return rows.filter(pl.col("left").is_not_null())


def floats(rows: pl.DataFrame, column: str) -> Floats:
    """A column as numbers, NaN where it is not known."""
    return rows[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def left(rows: pl.DataFrame) -> Bools:
    """Who left within the horizon."""
    return rows["left"].to_numpy().astype(bool)


def accounts(rows: pl.DataFrame) -> Ints:
    """Whose row it is."""
    return rows["account_id"].to_numpy().astype(np.int64)


def days(rows: pl.DataFrame) -> Ints:
    """Which day, as a number."""
    return rows["as_of"].cast(pl.Int32).to_numpy().astype(np.int64)


def departed(rows: pl.DataFrame) -> int:
    """How many departures the judged rows foretell: one an account and spell."""
    told = rows.filter(pl.col("left")).select("account_id", "left_on")
    return int(told.unique().height)
