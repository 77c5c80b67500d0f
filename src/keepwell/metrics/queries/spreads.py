"""Where the values of a metric lie over present customers, and how their middle moved: counted in SQL over what is stored.

What is not stored is answered from the lake, and told in the same form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl
from django.db import connection
from django.db.models import F, QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import Grid
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.metrics import models
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import values

BINS, WEEKS, SAMPLED = 24, 26, 5000
Order = Literal["name", "value", "arr"]
_FIELDS: Mapping[Order, str] = {"name": "account__name", "value": "value", "arr": "account__arr_reporting"}
_TOLD = """
    FROM metrics_metricvalue v JOIN ledger_account a ON a.id = v.account_id
    WHERE v.metric = %s AND NOT a.former AND a.merged_into_id IS NULL AND (%s OR a.id = ANY(%s))
"""
_QUARTERS = "percentile_cont(ARRAY[0.02, 0.25, 0.5, 0.75, 0.98]) WITHIN GROUP (ORDER BY v.value)"
_EDGES = f"SELECT count(*), count(v.value), {_QUARTERS} {_TOLD} AND v.as_of = %s"
_BINS = f"""
    SELECT least(greatest(width_bucket(v.value, %s, %s, {BINS}), 1), {BINS}), count(*) {_TOLD}
    AND v.as_of = %s AND v.value IS NOT NULL GROUP BY 1
"""
# Knuth's multiplicative hash is a fixed shuffle of ids, so that a sample is no matter of age.
_WEEKS = f"""
    WITH asked AS (
        SELECT a.id FROM ledger_account a WHERE NOT a.former AND a.merged_into_id IS NULL AND (%s OR a.id = ANY(%s))
        ORDER BY a.id * 2654435761 %% 4294967296, a.id LIMIT {SAMPLED}
    )
    SELECT v.as_of, count(*), count(v.value), {_QUARTERS} FROM asked
    JOIN metrics_metricvalue v ON v.account_id = asked.id AND v.metric = %s AND v.as_of = ANY(%s)
    GROUP BY v.as_of ORDER BY v.as_of
"""  # noqa: S608


@dataclass(frozen=True)
class Spread:
    """Values on a day: how many are known, the quarters, and counts in bins of equal width from `low` to `high`.

    The outermost two percent on either side count in the last bins, so that one outlier does not squeeze the rest.
    """

    as_of: date
    accounts: int
    known: int
    low: float = 0.0
    lower: float = 0.0
    median: float = 0.0
    upper: float = 0.0
    high: float = 0.0
    counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Week:
    """The quarters of a stored day; None where nothing was known."""

    as_of: date
    accounts: int
    known: int
    lower: float | None
    median: float | None
    upper: float | None


@dataclass(frozen=True)
class Standing:
    """One account's value on a day, or why there is none."""

    key: str
    name: str
    arr: Money | None
    value: float | None
    reason: str | None


def today(*, metric: str, seen_by: Scope) -> Spread | None:
    """Where the stored values lie on the current day; None where nothing is stored. Three queries, or four."""
    as_of = _as_of()
    if as_of is None:
        return None
    everything, ids = _seen(seen_by)
    with connection.cursor() as cursor:
        cursor.execute(_EDGES, [metric, everything, ids, as_of])
        count, known, quarters = cursor.fetchone()
        if not count:
            return None
        if not known:
            return Spread(as_of, count, 0)
        low, high = quarters[0], quarters[4]
        cursor.execute(_BINS, [low, high if high > low else low + 1.0, metric, everything, ids, as_of])
        found = dict(cursor.fetchall())
    counts = tuple(found.get(place, 0) for place in range(1, BINS + 1))
    return _spread(as_of, count, known, quarters, counts)


def weeks(*, metric: str, seen_by: Scope) -> tuple[Week, ...]:
    """The quarters on the last stored Sundays and on the current day, ascending; of more than 5,000 accounts those of a fixed
    sample of that many. Two queries, or three.
    """
    as_of = _as_of()
    if as_of is None:
        return ()
    sunday = as_of - timedelta(days=as_of.weekday() + 1)
    everything, ids = _seen(seen_by)
    days = [*(sunday - timedelta(weeks=back) for back in range(WEEKS)), as_of]
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, [everything, ids, metric, days])
        return tuple(
            Week(day, count, known, *((quarters or [None] * 5)[1:4]))
            for day, count, known, quarters in cursor.fetchall()
        )


def standings(
    *, metric: str, seen_by: Scope, order: Order = "name", descending: bool = False, limit: int | None = None
) -> tuple[Standing, ...]:
    """The stored values of the current day by account; what is unknown stands last. Two queries."""
    as_of = _as_of()
    if as_of is None:
        return ()
    by = F(_FIELDS[order])
    first = by.desc(nulls_last=True) if descending else by.asc(nulls_last=True)
    rows = _values(metric, as_of, seen_by).select_related("account").order_by(first, "account__key")
    return tuple(
        Standing(
            row.account.key, row.account.name, accounts.arr_reporting(row.account), row.value, row.reason
        )
        for row in rows[:limit]
    )


@dataclass(frozen=True)
class PartSpread:
    """One part of a metric on the current day: of how many accounts it is known, its middle and its sum."""

    metric: Metric
    accounts: int
    known: int
    median: float | None
    total: float | None


_PARTS = f"""
    SELECT v.metric, count(*), count(v.value), percentile_cont(0.5) WITHIN GROUP (ORDER BY v.value), sum(v.value)
    {_TOLD.replace("v.metric = %s", "v.metric = ANY(%s)")} AND v.as_of = %s GROUP BY v.metric
"""


def parts(*, metric: Metric, seen_by: Scope) -> tuple[PartSpread, ...]:
    """Where the stored parts of a metric lie on the current day, in their order. Two queries, or three; none without parts."""
    if not metric.parts or (as_of := _as_of()) is None:
        return ()
    everything, ids = _seen(seen_by)
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [[part.slug for part in metric.parts], everything, ids, as_of])
        found = {slug: row for slug, *row in cursor.fetchall()}
    return tuple(PartSpread(part, *found[part.slug]) for part in metric.parts if part.slug in found)


def by_part(
    *, metric: Metric, as_of: date, is_stored: bool, seen_by: Scope
) -> dict[str, tuple[Standing, ...]]:
    """Each account's value of a metric and of its parts, by slug: stored ones of the current day, or computed as of a day."""
    slugs = [metric.slug, *(part.slug for part in metric.parts)]
    if is_stored:
        return {slug: standings(metric=slug, seen_by=seen_by) for slug in slugs}
    found = values.evaluate(metrics=slugs, grid=Grid(last=as_of), known_by=None)
    return {slug: _of(found.filter(pl.col("metric") == slug), seen_by) for slug in slugs}


def computed(*, metric: str, as_of: date, seen_by: Scope) -> tuple[Standing, ...]:
    """The values of present customers as of a day, from the lake, by name."""
    return _of(values.evaluate(metrics=[metric], grid=Grid(last=as_of), known_by=None), seen_by)


def tried(*, definition: Mapping[str, Any], as_of: date, seen_by: Scope) -> tuple[Standing, ...]:
    """What a metric that is not saved would say of present customers as of a day, by name."""
    seen_by.require("config.change")
    return _of(values.tried(definition=definition, as_of=as_of), seen_by)


def spread(found: Sequence[Standing], *, as_of: date) -> Spread:
    """Where values lie that are not stored."""
    known = pl.Series([row.value for row in found if row.value is not None], dtype=pl.Float64)
    if known.is_empty():
        return Spread(as_of, len(found), 0)
    at = [known.quantile(share, "linear") or 0.0 for share in (0.02, 0.25, 0.5, 0.75, 0.98)]
    width = (at[4] - at[0]) or 1.0
    counts = [0] * BINS
    for value in known:
        counts[min(max(int((value - at[0]) / width * BINS), 0), BINS - 1)] += 1
    return _spread(as_of, len(found), len(known), at, tuple(counts))


def ordered(found: Sequence[Standing], order: Order, *, descending: bool) -> tuple[Standing, ...]:
    """The same in another order, as `standings` has it."""

    def said(row: Standing) -> Any:
        return row.name if order == "name" else row.value if order == "value" else row.arr and row.arr.amount

    known = sorted((row for row in found if said(row) is not None), key=said, reverse=descending)
    return (*known, *(row for row in found if said(row) is None))


def _spread(
    as_of: date, count: int, known: int, quarters: Sequence[float], counts: tuple[int, ...]
) -> Spread:
    low, lower, median, upper, high = quarters
    return Spread(as_of, count, known, low, lower, median, upper, high, counts)


def _of(found: pl.DataFrame, seen_by: Scope) -> tuple[Standing, ...]:
    told = {row["account_id"]: row for row in found.iter_rows(named=True)}
    present = accounts.visible(seen_by=seen_by).filter(former=False, merged_into=None, pk__in=list(told))
    return tuple(
        Standing(
            row.key, row.name, accounts.arr_reporting(row), told[row.pk]["value"], told[row.pk]["reason"]
        )
        for row in present.order_by("name", "key")
    )


def _values(metric: str, as_of: date, seen_by: Scope) -> "QuerySet[models.MetricValue]":
    present = accounts.visible(seen_by=seen_by).filter(former=False, merged_into=None)
    return models.MetricValue.objects.filter(metric=metric, as_of=as_of, account__in=present)


def _seen(seen_by: Scope) -> tuple[bool, list[int]]:
    if seen_by.everything:
        return True, []
    return False, list(accounts.visible(seen_by=seen_by).values_list("pk", flat=True))


def _as_of() -> date | None:
    return models.Extent.objects.values_list("as_of", flat=True).first()
