"""From what happened to spells: from which day until which an account was a customer.

Each gives one row a spell: account_id, since, onset_on, left_on. `left_on` is the first day on which it counts as gone, null
while it is a customer; `onset_on` is the day on which leaving began, which for a silence is its first day.
An account is a customer at the end of a day when since <= day < left_on.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

SCHEMA = {"account_id": pl.Int64, "since": pl.Date, "onset_on": pl.Date, "left_on": pl.Date}
OPEN_ENDED = date(9999, 12, 31)


def by_silence(active: pl.DataFrame, *, days: int, until: date) -> pl.DataFrame:
    """Spells that end with `days` silent days; `active` holds account_id and day, one row an active day.

    A customer active on d and silent on d+1 … d+days has left on d+days. What is silent but not so long by `until` is
    still a customer.
    """
    ordered = active.filter(pl.col("day") <= until).unique().sort("account_id", "day")
    gap = pl.col("day").diff().over("account_id").dt.total_days()
    numbered = ordered.with_columns(spell=(gap > days).fill_null(False).cum_sum().over("account_id"))
    spells = numbered.group_by("account_id", "spell").agg(since=pl.col("day").min(), last=pl.col("day").max())
    left = pl.col("last") + pl.duration(days=days)
    gone = left <= until
    return _told(
        spells.with_columns(
            left_on=pl.when(gone).then(left),
            onset_on=pl.when(gone).then(pl.col("last") + pl.duration(days=1)),
        )
    )


def by_contracts(contracts: pl.DataFrame, *, grace_days: int, until: date) -> pl.DataFrame:
    """Spells that end with the last of contracts that follow each other within the grace.

    `contracts` holds account_id, start_date, end_date: the first day it no longer holds, null for open-ended. An end counts
    once its grace is over by `until`: before that another contract may still begin.
    """
    whole = contracts.with_columns(end=pl.col("end_date").fill_null(OPEN_ENDED)).filter(
        pl.col("end") > pl.col("start_date")
    )
    ordered = whole.sort("account_id", "start_date", "end")
    reached = pl.col("end").cum_max().shift(1).over("account_id")
    apart = (pl.col("start_date") - reached).dt.total_days() > grace_days
    numbered = ordered.with_columns(spell=apart.fill_null(False).cum_sum().over("account_id"))
    spells = numbered.group_by("account_id", "spell").agg(
        since=pl.col("start_date").min(), end=pl.col("end").max()
    )
    gone = (pl.lit(until) - pl.col("end")).dt.total_days() >= grace_days
    left = pl.when(gone).then(pl.col("end"))
    return _told(spells.with_columns(left_on=left, onset_on=left).filter(pl.col("since") <= until))


def by_word(*, begun: pl.DataFrame, told: pl.DataFrame, contracts: pl.DataFrame, until: date) -> pl.DataFrame:
    """Spells that end when a source says so; a contract that begins later makes it a customer again.

    `begun` holds account_id and day (since when it is one), `told` account_id and day, `contracts` as above.
    """
    ends, starts = _days(told, "day"), _days(contracts, "start_date")
    rows = [
        (account, *spell)
        for account, since in begun.select("account_id", "day").iter_rows()
        for spell in _turns(since, ends.get(account, ()), starts.get(account, ()))
        if spell[0] <= until
    ]
    found = pl.DataFrame(rows, schema=["account_id", "since", "left_on"], orient="row")
    gone = pl.col("left_on").cast(pl.Date)
    seen = pl.when(gone <= until).then(gone)
    return _told(
        found.with_columns(pl.col("account_id").cast(pl.Int64), pl.col("since").cast(pl.Date)).with_columns(
            left_on=seen, onset_on=seen
        )
    )


def _turns(since: date, ends: Iterable[date], starts: Iterable[date]) -> Iterator[tuple[date, date | None]]:
    """Since when and until when, again and again."""
    begin: date | None = since
    for end in sorted(ends):
        if begin is None or end <= begin:
            continue
        yield begin, end
        begin = min((day for day in starts if day > end), default=None)
    if begin is not None:
        yield begin, None


def _days(frame: pl.DataFrame, name: str) -> dict[int, list[date]]:
    listed = frame.group_by("account_id").agg(pl.col(name).alias("days"))
    return dict(listed.iter_rows())


def _told(spells: pl.DataFrame) -> pl.DataFrame:
    return spells.select([pl.col(name).cast(kind) for name, kind in SCHEMA.items()]).sort(
        "account_id", "since"
    )


def departures(spells: pl.DataFrame) -> pl.DataFrame:
    """The spells that ended: account_id, since, onset_on, left_on."""
    return spells.filter(pl.col("left_on").is_not_null())


def at_risk(spells: pl.DataFrame, days: Iterable[date]) -> pl.DataFrame:
    """Every account on every day on which it was a customer: account_id, as_of, since, onset_on, left_on."""
    asked = pl.DataFrame({"as_of": list(days)}, schema={"as_of": pl.Date})
    still = pl.col("left_on").is_null() | (pl.col("as_of") < pl.col("left_on"))
    rows = spells.join(asked, how="cross").filter((pl.col("since") <= pl.col("as_of")) & still)
    return rows.select("account_id", "as_of", "since", "onset_on", "left_on").sort("account_id", "as_of")
