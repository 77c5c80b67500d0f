"""How an account uses the product, straight from the ledger."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import end_of, start_of
from keepwell.ledger import frames, lake
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class UsageWeek:
    """Seven days: events, and distinct people (None when no event of that week names a person)."""

    first_day: date
    events: int
    people: int | None


def by_week(
    *, account_id: int, seen_by: Scope, until: date, weeks: int, known_by: datetime | None = None
) -> tuple[UsageWeek, ...]:
    """The whole weeks that end with a day, ascending, silent ones too. Reads one account's share of the lake once."""
    firsts = [until - timedelta(days=7 * back - 1) for back in range(weeks, 0, -1)]
    may_see, known_by = accounts.known_until(account_id=account_id, seen_by=seen_by, known_by=known_by)
    if not may_see:
        return ()
    used = frames.events(
        since=start_of(firsts[0]), until=end_of(until), known_by=known_by, accounts=[account_id], kind="usage"
    ).to_native()
    place = (pl.col("at").dt.date() - firsts[0]).dt.total_days() // 7
    rows = used.select(place.alias("week"), pl.col("person").replace("", None)).collect()
    told = {week: (events, people) for week, events, people in _counts(rows, "week").iter_rows()}
    return tuple(UsageWeek(first, *told.get(place, (0, 0))) for place, first in enumerate(firsts))


def features(*, limit: int = 500) -> tuple[str, ...]:
    """Every feature that any account ever used, most used first: what a person chooses core features from."""
    raw = lake.scan().filter(pl.col("kind") == "usage")
    used = frames.resolved(raw).group_by("feature").agg(n=pl.len())
    return tuple(
        used.sort("n", "feature", descending=[True, False]).limit(limit).collect()["feature"].to_list()
    )


def _counts(rows: pl.DataFrame, by: str, *more: pl.Expr) -> pl.DataFrame:
    people = pl.when(pl.col("person").is_not_null().any()).then(pl.col("person").drop_nulls().n_unique())
    return rows.group_by(by).agg(pl.len().alias("n"), people.alias("people"), *more)
