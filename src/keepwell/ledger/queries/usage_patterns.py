"""How an account uses the product: by feature and week, by weekday and hour, and by whom; from one read of the lake."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import DAY, end_of, start_of
from keepwell.ledger import frames
from keepwell.ledger.queries import accounts, people

WEEKS = 13
HOURS = 3
ACTIVE_DAYS = 28


@dataclass(frozen=True)
class FeatureWeeks:
    """One feature: its events by week, the latest last; people None when no event names one."""

    feature: str
    events: int
    people: int | None
    last_day: date
    weeks: tuple[int, ...]


@dataclass(frozen=True)
class Person:
    """Somebody who used it."""

    key: str
    name: str
    events: int
    days: int
    features: int
    last_day: date


@dataclass(frozen=True)
class Pattern:
    """Thirteen weeks that end with a day. `hours` has a row a weekday from Monday on, and in it a count for each three hours.

    `active` are the distinct people of the last 28 days, `weeks` the first day of each week.
    """

    weeks: tuple[date, ...]
    features: tuple[FeatureWeeks, ...]
    people: tuple[Person, ...]
    hours: tuple[tuple[int, ...], ...]
    active: int
    named: bool


def of_account(
    *, account_id: int, seen_by: Scope, until: date, known_by: datetime | None = None
) -> Pattern | None:
    """The pattern of the weeks that end with a day; None where nothing was used, or the account may not be seen."""
    may_see, known_by = accounts.known_until(account_id=account_id, seen_by=seen_by, known_by=known_by)
    if not may_see:
        return None
    first = until - timedelta(days=7 * WEEKS - 1)
    used = frames.events(
        since=start_of(first), until=end_of(until), known_by=known_by, accounts=[account_id], kind="usage"
    ).to_native()
    day = pl.col("at").dt.date()
    rows: pl.DataFrame = used.select(
        "feature",
        person=pl.col("person").replace("", None),
        day=day,
        week=(day - first).dt.total_days() // 7,
        weekday=pl.col("at").dt.weekday() - 1,
        hour=pl.col("at").dt.hour() // HOURS,
    ).collect()
    if rows.is_empty():
        return None
    recent = rows.filter(pl.col("day") > until - DAY * ACTIVE_DAYS)
    return Pattern(
        weeks=tuple(first + DAY * 7 * week for week in range(WEEKS)),
        features=_features(rows),
        people=_people(rows, seen_by),
        hours=_hours(rows),
        active=recent["person"].drop_nulls().n_unique(),
        named=rows["person"].null_count() < rows.height,
    )


def _features(rows: pl.DataFrame) -> tuple[FeatureWeeks, ...]:
    weekly: dict[str, dict[int, int]] = {}
    for feature, week, count in rows.group_by("feature", "week").len().iter_rows():
        weekly.setdefault(feature, {})[week] = count
    named = pl.col("person").drop_nulls()
    found = rows.group_by("feature").agg(
        n=pl.len(),
        people=pl.when(named.len() > 0).then(named.n_unique()),
        last=pl.col("day").max(),
    )
    ordered = found.sort("n", "feature", descending=[True, False]).iter_rows()
    return tuple(
        FeatureWeeks(name, n, people, last, tuple(weekly[name].get(week, 0) for week in range(WEEKS)))
        for name, n, people, last in ordered
    )


def _people(rows: pl.DataFrame, seen_by: Scope) -> tuple[Person, ...]:
    found = (
        rows.drop_nulls("person")
        .group_by("person")
        .agg(
            n=pl.len(),
            days=pl.col("day").n_unique(),
            features=pl.col("feature").n_unique(),
            last=pl.col("day").max(),
        )
        .sort("n", "person", descending=[True, False])
    )
    names = people.names(found["person"].to_list(), seen_by=seen_by)
    return tuple(Person(key, names.get(key, key), *rest) for key, *rest in found.iter_rows())


def _hours(rows: pl.DataFrame) -> tuple[tuple[int, ...], ...]:
    counts = {row[:2]: row[2] for row in rows.group_by("weekday", "hour").len().iter_rows()}
    return tuple(tuple(counts.get((weekday, hour), 0) for hour in range(24 // HOURS)) for weekday in range(7))
