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
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.metrics import models
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import values

BINS, WEEKS, SAMPLED = 24, 26, 1000
Order = Literal["name", "value", "arr"]
_FIELDS: Mapping[Order, str] = {"name": "account__name", "value": "value", "arr": "account__arr_reporting"}
# Who is no customer is named, for the others are many: so the index by value alone is read.
_PRESENT = """
    {0} NOT IN (SELECT id FROM ledger_account WHERE former OR merged_into_id IS NOT NULL)
    AND (%(everything)s OR {0} = ANY(%(ids)s))
"""
_TOLD = f"""
    FROM metrics_metricvalue v WHERE v.metric = ANY(%(metrics)s) AND v.as_of = %(as_of)s AND {_PRESENT.format("v.account_id")}
"""
# Each value once with how often it is told: quarters lie between two ranks, bins between the outermost quarters.
_SPREAD = f"""
    WITH told AS MATERIALIZED (SELECT v.value, count(*) AS n {_TOLD} GROUP BY v.value),
    ranked AS MATERIALIZED (SELECT value, n, sum(n) OVER (ORDER BY value) AS until FROM told WHERE value IS NOT NULL),
    places AS (
        SELECT p, (p * (k.known - 1))::numeric AS at FROM unnest(%(shares)s::float8[]) AS p,
            (SELECT max(until) AS known FROM ranked) k
    ),
    quarters AS MATERIALIZED (
        SELECT p, l.value + (r.value - l.value) * (at - floor(at))::float8 AS value FROM places,
            LATERAL (SELECT min(value) AS value FROM ranked WHERE until > floor(at)) l,
            LATERAL (SELECT min(value) AS value FROM ranked WHERE until > ceil(at)) r
    ),
    edges AS (SELECT min(value) AS low, max(value) + (max(value) = min(value))::int AS high FROM quarters),
    bins AS (
        SELECT least(greatest(width_bucket(value, low, high, {BINS}), 1), {BINS}) AS bin, sum(n)::int AS n
        FROM ranked, edges GROUP BY 1
    )
    SELECT (SELECT sum(n)::int FROM told), (SELECT max(until)::int FROM ranked), ARRAY(SELECT value FROM quarters ORDER BY p),
        ARRAY(SELECT bin FROM bins ORDER BY bin), ARRAY(SELECT n FROM bins ORDER BY bin)
"""  # noqa: S608
_SHARES = [0.02, 0.25, 0.5, 0.75, 0.98]
# Knuth's multiplicative hash is a fixed shuffle of ids, so that a sample is no matter of age.
_SAMPLE = f"""
    SELECT id FROM ledger_account WHERE id * 2654435761 %% 4294967296 <= %(until)s AND {_PRESENT.format("id")}
    ORDER BY id * 2654435761 %% 4294967296, id LIMIT {SAMPLED}
"""  # noqa: S608
_WEEKS = """
    SELECT v.as_of, count(*), count(v.value), percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY v.value)
    FROM metrics_metricvalue v WHERE v.account_id = ANY(%s) AND v.metric = %s AND v.as_of = ANY(%s)
    GROUP BY v.as_of ORDER BY v.as_of
"""


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
    """Where the stored values lie on the current day; None where nothing is stored. Two queries, or three."""
    as_of = _as_of()
    if as_of is None:
        return None
    asked = _seen(seen_by) | {"metrics": [metric], "as_of": as_of, "shares": _SHARES}
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, asked)
        count, known, quarters, bins, ns = cursor.fetchone()
    if not count:
        return None
    if not known:
        return Spread(as_of, count, 0)
    found = dict(zip(bins, ns, strict=True))
    counts = tuple(found.get(place, 0) for place in range(1, BINS + 1))
    return _spread(as_of, count, known, quarters, counts)


def weeks(*, metric: str, seen_by: Scope) -> tuple[Week, ...]:
    """The quarters on the last stored Sundays and on the current day, ascending; of more than 1,000 accounts those of a fixed
    sample of that many. Three queries, or four.
    """
    as_of = _as_of()
    if as_of is None:
        return ()
    sunday = as_of - timedelta(days=as_of.weekday() + 1)
    days = [*(sunday - timedelta(weeks=back) for back in range(WEEKS)), as_of]
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, [_SHARES, sample(_seen(seen_by)), metric, days])
        return tuple(
            Week(day, count, known, *((quarters or [None] * 5)[1:4]))
            for day, count, known, quarters in cursor.fetchall()
        )


EVERYBODY: Mapping[str, Any] = {"everything": True, "ids": []}


def sample(whose: Mapping[str, Any] = EVERYBODY) -> list[int]:
    """At most 1,000 present customers, always the same: those that come first in a shuffle. Two queries.

    Twice as many as are wanted are put in order.
    """
    everybody = Account.objects.count() if whose["everything"] else len(whose["ids"])
    until = 2**32 if everybody <= 4 * SAMPLED else 2**32 * 2 * SAMPLED // everybody
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, {**whose, "until": until})
        return [row[0] for row in cursor.fetchall()]


def standings(
    *, metric: str, seen_by: Scope, order: Order = "name", descending: bool = False, limit: int | None = None
) -> tuple[Standing, ...]:
    """The stored values of the current day by account; what is unknown stands last. Two queries, by value three."""
    as_of = _as_of()
    if as_of is None:
        return ()
    rows = _values(metric, as_of, seen_by).select_related("account")
    if order != "value":
        by = F(_FIELDS[order])
        first = by.desc(nulls_last=True) if descending else by.asc(nulls_last=True)
        return tuple(map(_standing, rows.order_by(first, "account__key")[:limit]))
    sign = "-" if descending else ""
    known = list(rows.exclude(value=None).order_by(f"{sign}value", f"{sign}account_id")[:limit])
    unknown = rows.filter(value=None).order_by("account__key")
    left = None if limit is None else limit - len(known)
    return tuple(map(_standing, [*known, *(() if left == 0 else unknown[:left])]))


def _standing(row: models.MetricValue) -> Standing:
    account = row.account
    return Standing(account.key, account.name, accounts.arr_reporting(account), row.value, row.reason)


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
    {_TOLD} GROUP BY v.metric
"""


def parts(*, metric: Metric, seen_by: Scope) -> tuple[PartSpread, ...]:
    """Where the stored parts of a metric lie on the current day, in their order. Two queries, or three; none without parts."""
    if not metric.parts or (as_of := _as_of()) is None:
        return ()
    asked = {"metrics": [part.slug for part in metric.parts], "as_of": as_of}
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, _seen(seen_by) | asked)
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
    rows = models.MetricValue.objects.filter(
        metric=metric, as_of=as_of, account__former=False, account__merged_into=None
    )
    return rows if seen_by.everything else rows.filter(account__in=accounts.visible(seen_by=seen_by))


def _seen(seen_by: Scope) -> dict[str, Any]:
    if seen_by.everything:
        return {**EVERYBODY}
    return {"everything": False, "ids": [*accounts.visible(seen_by=seen_by).values_list("pk", flat=True)]}


def _as_of() -> date | None:
    return models.Extent.objects.values_list("as_of", flat=True).first()
