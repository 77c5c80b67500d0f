"""From days to asked days: which rows a window holds, and who is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from keepwell.metrics.formulas import calendar
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.daily import Daily

KEYS = ("account_id", "as_of")


@dataclass(frozen=True)
class Asked:
    """The question that a formula answers: which days, from which facts, with which settings.

    `spine` has one row per account and asked day on which the account was known: account_id, as_of, whether
    it had been `used` and whether anybody had been `named` by then. `reason` is what an unknown answer says.
    """

    days: Sequence[date]
    daily: Daily
    spine: Frame
    parameters: Mapping[str, Any]
    reason: str


def spine(daily: Daily, days: Sequence[date]) -> Frame:
    """Every account on every asked day from its first event on: accounts × days rows at most."""
    known = daily.accounts.join(calendar.asked(daily.accounts, days), how="cross").filter(
        nw.col("first_day") <= nw.col("as_of")
    )
    return known.select(
        *KEYS,
        used=(nw.col("first_used") <= nw.col("as_of")).fill_null(False),
        named=(nw.col("first_named") <= nw.col("as_of")).fill_null(False),
    )


def rolled(rows: Frame, days: Sequence[date], window_days: int) -> Frame:
    """Each row once for every asked day whose window holds it; that day is its `as_of`.

    A window of n days holds the n whole days that end with the asked day. On a weekly grid a row is repeated
    n / 7 times, on a single day once.
    """
    return rows.join(calendar.windows(rows, days, window_days), on="day")


def answers(rows: Frame, *, known: nw.Expr, value: nw.Expr, reason: str | nw.Expr) -> Frame:
    """One answer a row: the value where it is known, else the reason why it is not."""
    why = nw.lit(reason) if isinstance(reason, str) else reason
    return rows.select(
        *KEYS,
        value=nw.when(known).then(value.cast(nw.Float64)),
        reason=nw.when(~known).then(why),
    )
