"""What a business review is about, for its customer: their plan, their use, their service, where they stand among others.

Nothing here is ours alone: of the plan what is shared, of the rest what the customer did or said themselves. Scores of health,
sentiments, notes and money have no place in it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts, contracts, service, usage, usage_patterns
from keepwell.ledger.queries.service import Served
from keepwell.ledger.queries.usage import UsageWeek
from keepwell.ledger.queries.usage_patterns import Pattern
from keepwell.metrics.queries import facts
from keepwell.outcomes.queries import plans, shared
from keepwell.outcomes.queries.shared import SharedPlan
from keepwell.segments.queries import peers

WEEKS = 13
FEWEST_PEERS = 20  # among fewer, a customer may guess who they are


@dataclass(frozen=True)
class Standing:
    """A figure of use beside those of other customers: `percentile` 0 is the worst, 100 the best of `count`."""

    title: str
    sentence: str
    unit: str
    value: float
    percentile: float
    count: int


@dataclass(frozen=True)
class Open:
    """What waits for an answer at the end of the period: tickets, and those of them that were escalated."""

    tickets: int
    escalated: int


@dataclass(frozen=True)
class Brief:
    """The facts of a period that ends with `until`, whose last moment is that of every figure.

    `weeks` are the thirteen that end with it, `before` the thirteen before those; `use` is None where nothing was used.
    `seats` are those bought by the contracts that ran, None where none states them.
    """

    account_key: str
    account_name: str
    since: date
    until: date
    plan: SharedPlan | None
    weeks: tuple[UsageWeek, ...]
    before: tuple[UsageWeek, ...]
    use: Pattern | None
    seats: int | None
    served: Served
    open: Open
    standings: tuple[Standing, ...]


def find(*, account: str, seen_by: Scope, since: date, until: date, today: date) -> Brief:
    """The brief of an account; refuses a period that is not over or not there. Two reads of its share of the lake."""
    if not since <= until <= today:
        raise Invalid(
            "The period %(since)s to %(until)s does not end by today. Give two days that are over.",
            since=since,
            until=until,
        )
    found = accounts.find(key=account, seen_by=seen_by)
    asked: dict[str, Any] = {"account_id": found.id, "seen_by": seen_by}
    weeks = usage.by_week(**asked, until=until, weeks=2 * WEEKS)
    plan = plans.perhaps(account=account, seen_by=seen_by, day=until)
    waiting = service.waiting(**asked, at=end_of(until), limit=0)
    return Brief(
        account_key=account,
        account_name=found.name,
        since=since,
        until=until,
        plan=None if plan is None else shared.of(plan),
        weeks=weeks[WEEKS:],
        before=weeks[:WEEKS],
        use=usage_patterns.of_account(**asked, until=until),
        seats=_seats(found.id, seen_by, until),
        served=service.figures(**asked, at=end_of(until)),
        open=Open(waiting.count, waiting.escalated),
        standings=_standings(found.id, seen_by) if today - until < timedelta(days=14) else (),
    )


def _seats(account_id: int, seen_by: Scope, day: date) -> int | None:
    running = [
        one.seats
        for one in contracts.of_account(account_id=account_id, seen_by=seen_by)
        if one.start_date <= day and (one.end_date is None or one.end_date > day) and one.seats is not None
    ]
    return sum(running) if running else None


def _standings(account_id: int, seen_by: Scope) -> tuple[Standing, ...]:
    """Of use alone: what else others did is theirs. Among today's customers, so only of a period that has just ended."""
    beside = peers.of_account(account_id=account_id, seen_by=seen_by)
    return tuple(
        Standing(
            row.metric.title,
            row.metric.sentence,
            row.metric.unit,
            row.value,
            row.peers.percentile,
            row.peers.count,
        )
        for row in beside.rows
        if row.peers is not None and row.peers.count >= FEWEST_PEERS and facts.looks_at_use(row.metric)
    )
