"""Whom a scorecard judges, and where their values lie."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Max, Sum

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import values

BINS = 24
_DISTRIBUTION = """
    SELECT v.metric, v.value FROM metrics_metricvalue v JOIN ledger_account a ON a.id = v.account_id
    WHERE v.as_of = %s AND v.metric = ANY(%s) AND v.value IS NOT NULL AND NOT a.former
    ORDER BY v.metric, v.value
"""


@dataclass(frozen=True)
class Judged:
    """How many present customers a card judges in a band, and their ARR in the reporting currency."""

    card: str
    band: str
    accounts: int
    arr: Money | None


@dataclass(frozen=True)
class Distribution:
    """Where the values of a metric lie: counts in bins of equal width between `low` and `high`; `known` are all of them.

    The outermost two percent on either side count in the last bins, so that one outlier does not squeeze the rest.
    """

    metric: str
    low: float
    high: float
    counts: tuple[int, ...]
    known: int


def judged(*, seen_by: Scope) -> tuple[Judged, ...]:
    """Present customers by the card that judges them and the band of their score. One query."""
    standing = models.Standing.objects.filter(
        account__in=accounts.visible(seen_by=seen_by).filter(former=False)
    )
    rows = (
        standing.order_by()
        .values("score__version__scorecard__slug", "score__band")
        .annotate(
            n=Count("pk"), arr=Sum("account__arr_reporting"), currency=Max("account__reporting_currency")
        )
    )
    return tuple(
        Judged(
            row["score__version__scorecard__slug"],
            row["score__band"],
            row["n"],
            None if row["arr"] is None else Money(row["arr"], row["currency"]),
        )
        for row in rows
    )


def distributions(*, metrics: frozenset[str], day: date | None = None) -> dict[str, Distribution]:
    """Where the stored values of present customers lie on the current day, by metric. Two queries."""
    covered = values.extent()
    if covered is None or not metrics:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DISTRIBUTION, [day or covered.as_of, sorted(metrics)])
        found: dict[str, list[float]] = {}
        for metric, value in cursor.fetchall():
            found.setdefault(metric, []).append(value)
    return {metric: _binned(metric, sorted_) for metric, sorted_ in found.items()}


def _binned(metric: str, ascending: list[float]) -> Distribution:
    edge = len(ascending) // 50
    low, high = ascending[edge], ascending[-1 - edge]
    span = (high - low) or 1.0
    counts = [0] * BINS
    for value in ascending:
        counts[min(max(int((value - low) / span * BINS), 0), BINS - 1)] += 1
    return Distribution(metric, low, high, tuple(counts), len(ascending))
