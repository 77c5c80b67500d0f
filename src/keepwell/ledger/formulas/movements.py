"""Movements of ARR: every change of what an account has signed, by day. Frames in, frame out.

The ARR of a contract is a step function of days: what its last terms before the end of a day say, while it runs
(`start_date` ≤ day < `end_date`; without an end it runs on). An account that said that it left ends what had begun by
then. A movement is the step of an account's ARR in one currency on one day, so that movements of a span add up to the
change of ARR over it: renewals that replace a contract on the day it ends move only by the difference.
"""

from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]

CONTRACT = ("account_id", "contract")
MONEY = ("account_id", "currency", "day")
KINDS = ("new", "expansion", "contraction", "churn", "reactivation")


def steps(contracts: Frame, departures: Frame) -> Frame:
    """Steps of single contracts: account_id, contract, currency, day, amount, known_at.

    `contracts` has account_id, contract, at, known_at, arr, currency, start_date, end_date (one row an event);
    `departures` account_id, at, known_at. A step is known when the later of the facts that make it was known.
    """
    earning = spans(contracts, departures).filter(nw.col("arr") != 0)
    rises = earning.select(*CONTRACT, "currency", "known_at", day=nw.col("begins"), amount=nw.col("arr"))
    falls = earning.filter(~nw.col("ends").is_null()).select(
        *CONTRACT, "currency", known_at=nw.col("end_known_at"), day=nw.col("ends"), amount=-nw.col("arr")
    )
    both = nw.concat([rises, falls.select(*rises.collect_schema().names())], how="vertical")
    summed = both.group_by(*CONTRACT, "currency", "day").agg(
        amount=nw.col("amount").sum().round(2), known_at=nw.col("known_at").max()
    )
    return summed.filter(nw.col("amount") != 0)


def movements(steps: Frame) -> Frame:
    """Movements of accounts: account_id, currency, day, kind, amount, known_at, from the steps of their contracts.

    An account that had no ARR is `new`, or, if it ever had one, a `reactivation`; one that has none left has a `churn`;
    else what goes up is an `expansion` and what goes down a `contraction`, each in its own currency.
    """
    moved = (
        steps.group_by(*MONEY)
        .agg(amount=nw.col("amount").sum().round(2), known_at=nw.col("known_at").max())
        .filter(nw.col("amount") != 0)
    )
    # Amounts of several currencies are added here only to tell something from nothing.
    days = moved.group_by("account_id", "day").agg(change=nw.col("amount").sum())
    days = days.with_columns(after=_running("change").round(2))
    days = days.with_columns(before=(nw.col("after") - nw.col("change")).round(2))
    days = days.with_columns(peak=nw.col("before").cum_max().over("account_id", order_by="day"))
    began = nw.when(nw.col("peak") > 0).then(nw.lit("reactivation")).otherwise(nw.lit("new"))
    changed = nw.when(nw.col("amount") > 0).then(nw.lit("expansion")).otherwise(nw.lit("contraction"))
    stood, stands = nw.col("before") > 0, nw.col("after") > 0
    kind = (
        nw.when(~stood & stands)
        .then(began)
        .otherwise(nw.when(stood & ~stands).then(nw.lit("churn")).otherwise(changed))
    )
    return moved.join(days, on=["account_id", "day"], how="inner").select(
        *MONEY, "amount", "known_at", kind=kind
    )


def _running(column: str) -> nw.Expr:
    return nw.col(column).cum_sum().over("account_id", order_by="day")


def spans(contracts: Frame, departures: Frame) -> Frame:
    """From when until when each contract ran on which terms, and since when both are known; frames as in `steps`.

    account_id, contract, currency, arr, end_date (as stated), begins, ends (null: still), known_at, end_known_at.
    """
    states = _days(contracts).with_columns(
        next_day=nw.col("from_day").shift(-1).over(*CONTRACT, order_by="from_day"),
        next_known=nw.col("known_at").shift(-1).over(*CONTRACT, order_by="from_day"),
    )
    left = _left(states, departures)
    found = states.join(left, on=[*CONTRACT, "from_day"], how="left").with_columns(
        begins=nw.max_horizontal("from_day", "start_date"),
        ends=nw.min_horizontal("next_day", "end_date", "left_day"),
    )
    by_end = nw.when(nw.col("ends") == nw.col("end_date")).then("known_at").otherwise("left_known")
    ended_by = nw.when(nw.col("ends") == nw.col("next_day")).then("next_known").otherwise(by_end)
    return found.with_columns(end_known_at=nw.max_horizontal("known_at", ended_by)).filter(
        nw.col("ends").is_null() | (nw.col("begins") < nw.col("ends"))
    )


def _days(contracts: Frame) -> Frame:
    """The last terms of each contract on each day that states some; what is stated twice at once is told by its terms."""
    told = contracts.with_columns(
        from_day=nw.col("at").dt.date(),
        start_date=nw.when(nw.col("start_date").is_null())
        .then(nw.col("at").dt.date())
        .otherwise(nw.col("start_date")),
        arr=nw.col("arr").fill_null(0.0),
        currency=nw.col("currency").fill_null(""),
        order_end=nw.when(nw.col("end_date").is_null())
        .then(nw.col("at").dt.date())
        .otherwise(nw.col("end_date")),
    )
    place = nw.col("arr").cum_count(reverse=True)
    order = ["at", "known_at", "start_date", "order_end", "currency", "arr"]
    return told.with_columns(place=place.over(*CONTRACT, "from_day", order_by=order)).filter(
        nw.col("place") == 1
    )


def _left(states: Frame, departures: Frame) -> Frame:
    """The first day on or after its start that the account of a contract said it left; and since when that is known."""
    gone = departures.select("account_id", left_day=nw.col("at").dt.date(), left_known=nw.col("known_at"))
    gone = gone.group_by("account_id", "left_day").agg(left_known=nw.col("left_known").min())
    later = states.select(*CONTRACT, "from_day", "start_date").join(gone, on="account_id", how="inner")
    place = nw.col("left_known").cum_count().over(*CONTRACT, "from_day", order_by="left_day")
    first = later.filter(nw.col("left_day") >= nw.col("start_date")).with_columns(place=place)
    return first.filter(nw.col("place") == 1).select(*CONTRACT, "from_day", "left_day", "left_known")
