"""An account's numbers beside those of its peers and beside its own past (SPEC B7)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value

from keepwell.access.scopes import Scope
from keepwell.kernel import samples
from keepwell.kernel.errors import NotFound
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import catalogue, values
from keepwell.segments import models

FEWEST = 5
MOST = 1000
YEAR = timedelta(weeks=52)
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Beside:
    """Where a value lies: `percentile` 0 is the worst, 100 the best of `count`; `spread` are the 10, 25, 50, 75, 90 % points.

    Ties count half. The spread goes from small to large values, whichever way is better.
    """

    count: int
    percentile: float
    spread: tuple[float, ...]


@dataclass(frozen=True)
class PeerView:
    """One metric of an account now, beside its peers and its own last year; None where there are too few to tell."""

    metric: Metric
    value: float
    peers: Beside | None
    past: Beside | None


@dataclass(frozen=True)
class Peers:
    """The metrics of an account that are known; `count` peers, of whom at most 2,000 were asked (`is_sampled`)."""

    title: str
    count: int
    is_sampled: bool
    rows: tuple[PeerView, ...]


_OWN = (
    "SELECT metric, value FROM metrics_metricvalue WHERE account_id = %s AND as_of = %s AND value IS NOT NULL"
)
_BESIDE = """
    SELECT o.metric, o.value, count(*),
        sum(CASE WHEN v.value < o.value THEN 1.0 WHEN v.value = o.value THEN 0.5 ELSE 0 END),
        percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY v.value)
    FROM ({own}) o JOIN metrics_metricvalue v ON v.metric = o.metric AND v.value IS NOT NULL AND {whose}
    GROUP BY o.metric, o.value
"""
_PEERS = _BESIDE.format(own=_OWN, whose="v.as_of = %s AND v.account_id = ANY(%s)")
_PAST = _BESIDE.format(
    own=_OWN,
    whose="v.account_id = %s AND v.as_of >= %s AND v.as_of <= %s AND extract(isodow FROM v.as_of) = 7",
)


def of_account(*, account_id: int, seen_by: Scope, segment: str = "") -> Peers:
    """Beside the present members of a segment, or beside all present customers. Six queries whatever the size.

    Peers are compared in sum, whoever may see them; of fewer than five nothing is told. Of more than 2,000 that many are
    asked, always the same ones, so a percentile is then right to about one point.
    """
    covered = values.extent()
    if covered is None or not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        raise NotFound("There are no numbers of this account yet.")
    title, count, asked = _peers(segment)
    own = [account_id, covered.as_of]
    beside = _found(_PEERS, [list(SHARES), *own, covered.as_of, asked])
    past = _found(_PAST, [list(SHARES), *own, account_id, covered.as_of - YEAR, covered.as_of])
    known = {metric.slug: metric for metric in catalogue.answering()}
    rows = tuple(
        PeerView(metric, own_value, _beside(beside.get(slug), metric), _beside(past.get(slug), metric))
        for slug, metric in known.items()
        if (own_value := _value(slug, beside, past)) is not None
    )
    return Peers(title, count, count > MOST, rows)


def _peers(segment: str) -> tuple[str, int, list[int]]:
    """Who they are in words, how many, and those that are asked: of many the first in a shuffle."""
    if not segment:
        present = Account.objects.exclude(
            pk__in=Account.objects.filter(Q(former=True) | ~Q(merged_into=None)).values("pk")
        )
        return "all customers", present.count(), _steady(present, "id")
    found = models.Segment.objects.filter(slug=segment, retired_at=None).first()
    if found is None:
        raise NotFound('There is no segment "%(segment)s".', segment=segment)
    members = models.Membership.objects.filter(segment=found, state="member", until=None)
    return found.title, members.count(), _steady(members, "account_id")


def _steady(rows: "QuerySet[Any]", name: str) -> list[int]:
    """As `samples.steady`, shuffled where the rows are."""
    shuffled = rows.annotate(place=F(name) * Value(samples.SHUFFLE) % Value(samples.SPAN)).order_by(
        "place", name
    )
    return list(shuffled.values_list(name, flat=True)[:MOST])


_Row = tuple[float, int, float, list[float]]


def _found(statement: str, given: list[Any]) -> dict[str, _Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return {metric: rest for metric, *rest in cursor.fetchall()}


def _value(slug: str, *found: dict[str, _Row]) -> float | None:
    return next((rows[slug][0] for rows in found if slug in rows), None)


def _beside(row: _Row | None, metric: Metric) -> Beside | None:
    if row is None or row[1] < FEWEST:
        return None
    _, count, below, spread = row
    share = 100.0 * float(below) / count
    return Beside(count, round(share if metric.better == "up" else 100.0 - share, 1), tuple(spread))
