"""How an account is served at a moment: what waits, how fast it is solved, how content they are. Counted in the tables."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.queries import accounts

QUARTER = timedelta(days=90)

_FIGURES = """
    SELECT count(*) FILTER (WHERE opened_at >= %(since)s),
        count(*) FILTER (WHERE opened_at >= %(before)s AND opened_at < %(since)s),
        count(*) FILTER (WHERE escalated_at >= %(since)s AND escalated_at < %(at)s),
        count(*) FILTER (WHERE escalated_at >= %(before)s AND escalated_at < %(since)s),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - opened_at) / 3600)
            FILTER (WHERE resolved_at >= %(since)s AND resolved_at < %(at)s),
        avg(first_contact_resolution::int) FILTER (WHERE opened_at >= %(since)s) * 100
    FROM ledger_ticket WHERE account_id = %(account)s AND opened_at < %(at)s
"""
_WEEKS = """
    SELECT floor(extract(epoch FROM opened_at - %(first)s) / 604800)::int, count(*) FROM ledger_ticket
    WHERE account_id = %(account)s AND opened_at >= %(first)s AND opened_at < %(at)s GROUP BY 1
"""


@dataclass(frozen=True)
class OpenTicket:
    """A ticket that waits."""

    key: str
    subject: str
    severity: str
    opened_at: datetime
    is_escalated: bool
    assignee: str


@dataclass(frozen=True)
class Served:
    """Over the ninety days before the moment, and over the ninety before those: `_before`."""

    opened: int
    opened_before: int
    escalated: int
    escalated_before: int
    median_hours: float | None
    first_contact_percent: float | None
    csat: float | None
    csat_answers: int
    csat_before: float | None


@dataclass(frozen=True)
class Waiting:
    """What waits: how many tickets, how many of them escalated, and the longest waiting of them."""

    count: int
    escalated: int
    longest: tuple[OpenTicket, ...]


def waiting(*, account_id: int, seen_by: Scope, at: datetime, limit: int = 12) -> Waiting:
    """The tickets that were open at a moment, the longest waiting first. Two queries."""
    seen = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    is_open = Q(resolved_at=None) | Q(resolved_at__gte=at)
    rows = models.Ticket.objects.filter(is_open, account__in=seen, opened_at__lt=at)
    flags = list(rows.order_by().values_list("escalated", flat=True))
    longest = tuple(
        OpenTicket(row.key, row.subject, row.severity, row.opened_at, row.escalated, row.assignee)
        for row in rows.order_by("-escalated", "opened_at", "pk")[:limit]
    )
    return Waiting(len(flags), sum(flags), longest)


def figures(*, account_id: int, seen_by: Scope, at: datetime) -> Served:
    """How an account was served before a moment. Three queries."""
    since = at - QUARTER
    given: dict[str, int | datetime] = {
        "account": account_id,
        "at": at,
        "since": since,
        "before": since - QUARTER,
    }
    if not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        return Served(0, 0, 0, 0, None, None, None, 0, None)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, given)
        opened, opened_before, escalated, escalated_before, median, first = cursor.fetchone()
    said = models.SurveyAnswer.objects.filter(
        account=account_id, kind="csat", answered_at__gte=since - QUARTER, answered_at__lt=at
    ).values_list("score", "answered_at")
    now = [score for score, answered in said if answered >= since]
    then = [score for score, answered in said if answered < since]
    return Served(
        opened=opened,
        opened_before=opened_before,
        escalated=escalated,
        escalated_before=escalated_before,
        median_hours=None if median is None else float(median),
        first_contact_percent=None if first is None else float(first),
        csat=sum(now) / len(now) if now else None,
        csat_answers=len(now),
        csat_before=sum(then) / len(then) if then else None,
    )


def by_week(*, account_id: int, seen_by: Scope, until: date, weeks: int) -> list[tuple[date, int]]:
    """Tickets opened in each of the last whole weeks that end with a day, by the week's first day. Two queries."""
    if not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        return []
    first = until - timedelta(days=7 * weeks - 1)
    given: dict[str, int | datetime] = {
        "account": account_id,
        "first": start_of(first),
        "at": start_of(until + timedelta(days=1)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, given)
        counts = dict(cursor.fetchall())
    return [(first + timedelta(days=7 * week), counts.get(week, 0)) for week in range(weeks)]
