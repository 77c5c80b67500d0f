"""What a business review is about, for its customer: their plan and its value, what was agreed last time, their use, their
service, where they stand among others.

Nothing here is ours alone: of the plan, its value and the last review what is shared, of the rest what the customer did or said
themselves. Scores of health, sentiments, notes and what they pay have no place in it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts, contracts, service, usage, usage_patterns
from keepwell.ledger.queries.service import Served
from keepwell.ledger.queries.usage import UsageWeek
from keepwell.ledger.queries.usage_patterns import Pattern
from keepwell.metrics.queries import facts
from keepwell.outcomes.queries import plans, shared, shared_gaps, shared_reviews, shared_value, value
from keepwell.outcomes.queries.plans import PlanView
from keepwell.outcomes.queries.shared import SharedPlan
from keepwell.outcomes.queries.shared_gaps import SharedGap
from keepwell.outcomes.queries.shared_reviews import SharedReview
from keepwell.outcomes.queries.shared_value import SharedModel
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
    `seats` are those bought by the contracts that ran, None where none states them. `value` are the value models whose quarters
    were over by `until`, `last` is the last review that was held by then, `gaps` what they had asked for; of all three is told
    what is known on the day `today`.
    """

    account_key: str
    account_name: str
    since: date
    until: date
    today: date
    plan: SharedPlan | None
    value: tuple[SharedModel, ...]
    last: SharedReview | None
    gaps: tuple[SharedGap, ...]
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
        today=today,
        plan=None if plan is None else shared.of(plan),
        value=_value(account, plan, seen_by, until),
        gaps=shared_gaps.of_account(account=account, seen_by=seen_by, until=until),
        last=shared_reviews.last(account=account, seen_by=seen_by, until=until, today=today),
        weeks=weeks[WEEKS:],
        before=weeks[:WEEKS],
        use=usage_patterns.of_account(**asked, until=until),
        seats=_seats(found.id, seen_by, until),
        served=service.figures(**asked, at=end_of(until)),
        open=Open(waiting.count, waiting.escalated),
        standings=_standings(found.id, seen_by) if today - until < timedelta(days=14) else (),
    )


def _value(account: str, plan: PlanView | None, seen_by: Scope, until: date) -> tuple[SharedModel, ...]:
    """Of quarters that ended with the period; what was counted or confirmed of them since is told too."""
    if plan is None:
        return ()
    found = shared_value.of(value.find(account=account, seen_by=seen_by, day=until), plan)
    over = [
        replace(one, statements=tuple(each for each in one.statements if each.quarter.until <= until))
        for one in found.models
    ]
    return tuple(one for one in over if one.statements)


def _seats(account_id: int, seen_by: Scope, day: date) -> int | None:
    running = [
        one.seats
        for one in contracts.of_account(account_id=account_id, seen_by=seen_by)
        if one.start_date <= day and (one.end_date is None or one.end_date > day) and one.seats is not None
    ]
    return sum(running) if running else None


def _standings(account_id: int, seen_by: Scope) -> tuple[Standing, ...]:
    """Of use alone: what else others did is theirs. Among today's customers, so only of a period that has just ended."""
    try:
        beside = peers.of_account(account_id=account_id, seen_by=seen_by)
    except NotFound:
        return ()  # nothing was measured yet
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
