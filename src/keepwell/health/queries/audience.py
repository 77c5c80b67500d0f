"""Whom a scorecard judges, and where their values lie."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.health.queries import portfolio
from keepwell.kernel.money import Money
from keepwell.ledger.queries import rates
from keepwell.metrics.queries import spreads, values

BINS = 24
_DISTRIBUTION = """
    SELECT v.metric, array_agg(v.value ORDER BY v.value) FROM metrics_metricvalue v
    WHERE v.account_id = ANY(%s) AND v.metric = ANY(%s) AND v.as_of = %s AND v.value IS NOT NULL GROUP BY v.metric
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
    """Where the values of a metric lie: counts in bins of equal width between `low` and `high`; `known` of those `asked`.

    The outermost two percent on either side count in the last bins, so that one outlier does not squeeze the rest.
    """

    metric: str
    low: float
    high: float
    counts: tuple[int, ...]
    known: int
    asked: int


def judged(*, seen_by: Scope) -> tuple[Judged, ...]:
    """Present customers by the card that judges them and the band of their score. Three queries."""
    slugs = {str(pk): slug for pk, slug in models.Scorecard.objects.values_list("pk", "slug")}
    currency = rates.reporting()
    return tuple(
        Judged(
            slugs[card],
            band,
            worth.accounts,
            None if worth.accounts == worth.unpriced else Money(Decimal(worth.cents) / 100, currency),
        )
        for (card, band), worth in portfolio.sums("card", seen_by=seen_by).items()
        if card in slugs
    )


def distributions(*, metrics: frozenset[str], day: date | None = None) -> dict[str, Distribution]:
    """Where the stored values of present customers lie on the current day, by metric; of many, of a sample. Four queries."""
    covered = values.extent()
    if covered is None or not metrics:
        return {}
    asked = spreads.sample()
    with connection.cursor() as cursor:
        cursor.execute(_DISTRIBUTION, [asked, sorted(metrics), day or covered.as_of])
        return {metric: _binned(metric, found, len(asked)) for metric, found in cursor.fetchall()}


def _binned(metric: str, ascending: list[float], asked: int) -> Distribution:
    edge = len(ascending) // 50
    low, high = ascending[edge], ascending[-1 - edge]
    span = (high - low) or 1.0
    counts = [0] * BINS
    for value in ascending:
        counts[min(max(int((value - low) / span * BINS), 0), BINS - 1)] += 1
    return Distribution(metric, low, high, tuple(counts), len(ascending), asked)
