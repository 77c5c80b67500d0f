"""How near a customer is to what their contracts allow: what conditions may ask of limits other than seats.

A limit is measured by the measure of the same name: `api_calls=100000` by the measure `api_calls`.
"""

from collections.abc import Collection, Sequence

import polars as pl

from keepwell.hooks import specs
from keepwell.hooks.columns import Column, Columns
from keepwell.ledger.models import Contract
from keepwell.metrics.queries import values

USED = "limit.used"
KEYS = ["account_id", "as_of"]
SCHEMA = {
    "account_id": pl.Int64, "metric": pl.String, "allowed": pl.Float64, "start": pl.Date, "end": pl.Date,
}  # fmt: skip


class Limits:
    """The most used limit of an account's contracts of the day, in percent of what is allowed."""

    declared: Sequence[Column] = (Column(USED, "Most used limit of a contract", "number", "%"),)

    def on_days(self, asked: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
        """Two queries. Unknown where no contract of the day has a limit whose measure is known.

        Contracts are as they stand now; the same limit in two contracts of a day adds up.
        """
        if USED not in names:
            return asked
        allowed = _allowed(asked["account_id"].unique().to_list())
        if allowed.is_empty():
            return asked.with_columns(pl.lit(None, pl.Float64).alias(USED))
        since = dict(asked.group_by("account_id").agg(pl.col("as_of").min()).iter_rows())
        told = values.stored(since=since, metrics=sorted(allowed["metric"].unique()))
        on = asked.select(KEYS).join(allowed, on="account_id")
        there = on.filter(
            (pl.col("start") <= pl.col("as_of"))
            & (pl.col("end").is_null() | (pl.col("end") > pl.col("as_of")))
        )
        each = there.group_by(*KEYS, "metric").agg(pl.col("allowed").sum())
        used = each.join(told.select(*KEYS, "metric", "value"), on=[*KEYS, "metric"])
        most = used.group_by(KEYS).agg((100 * pl.col("value") / pl.col("allowed")).max().alias(USED))
        return asked.join(most, on=KEYS, how="left")


def metrics() -> frozenset[str]:
    """The names of all limits of contracts: what measures them is stored, where a rule asks. One query."""
    held = Contract.objects.exclude(limits={}).values_list("limits", flat=True).distinct()
    return frozenset(name for limits in held for name in limits)


def _allowed(accounts: Collection[int]) -> pl.DataFrame:
    rows = Contract.objects.filter(account__in=accounts).exclude(limits={})
    told = rows.values_list("account", "limits", "start_date", "end_date")
    return pl.DataFrame(
        [
            (account, name, float(amount), start, end)
            for account, limits, start, end in told
            for name, amount in limits.items()
            if amount > 0
        ],
        schema=SCHEMA,
        orient="row",
    )


@specs.impl
def columns() -> Sequence[Columns]:
    """What this stage lets conditions ask."""
    return (Limits(),)
