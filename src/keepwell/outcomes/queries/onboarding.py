"""How long customers take until their first value, against the weeks that are declared; who is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Q

from keepwell.access.scopes import Scope
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Milestone
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.accounts import Owner
from keepwell.metrics.models import MetricValue
from keepwell.metrics.queries import values
from keepwell.outcomes import models
from keepwell.outcomes.formulas import survival
from keepwell.outcomes.formulas.survival import Estimate
from keepwell.outcomes.journey import FirstValue
from keepwell.outcomes.queries import journey_book, journeys

State = Literal["late", "soon", "waiting", "there", "there_late", "left"]
STATES: tuple[State, ...] = ("late", "soon", "waiting", "there_late", "there", "left")
WEEKS = (26, 52, 104)
SOON = 14


@dataclass(frozen=True)
class Newcomer:
    """A customer who began within the looked-at weeks. `days` until first value, or so far where it is not `reached`.

    `left` before it was reached: such a one counts for as long as it was a customer.
    """

    key: str
    name: str
    arr: Money | None
    owner: str
    since: date
    days: int
    reached: bool
    state: State
    due: date


@dataclass(frozen=True)
class Onboarding:
    """Everybody who began within the weeks, and how long it takes; `undated` have no first day and are not counted."""

    first_value: FirstValue
    since: date
    day: date
    time: Estimate
    newcomers: tuple[Newcomer, ...]
    undated: int

    def count(self, state: State) -> int:
        """How many stand so."""
        return sum(1 for one in self.newcomers if one.state == state)


def onboarding(*, of: Whose, seen_by: Scope, day: date, weeks: int = 52) -> Onboarding:
    """The book's newcomers, the latest ones to be late first. Some ten queries."""
    if weeks not in WEEKS:
        raise Invalid(
            "%(weeks)s weeks are not told. Use one of %(listed)s.",
            weeks=weeks,
            listed=", ".join(map(str, WEEKS)),
        )
    said, begun = journeys.in_force().first_value, day - timedelta(weeks=weeks)
    rows = journey_book.chosen(of, seen_by=seen_by)
    fresh = list(rows.filter(since__gt=begun, since__lte=day).order_by("pk"))
    reached = _reached(said, fresh, day)
    owners = accounts.owners({row.pk for row in fresh})
    gone = journeys.left_on(account_ids=[row.pk for row in fresh])
    found = [
        _newcomer(row, reached.get(row.pk), said, day, gone.get(row.pk), _manager(owners.get(row.pk, ())))
        for row in fresh
    ]
    return Onboarding(
        said,
        begun,
        day,
        survival.estimate((one.days, one.reached) for one in found),
        tuple(sorted(found, key=lambda one: (STATES.index(one.state), -one.days, one.key))),
        rows.filter(since=None, former=False).count(),
    )


def _manager(owners: Sequence[Owner]) -> str:
    return next((one.name for one in owners if one.role == "csm"), "")


def _newcomer(
    row: Account, reached: int | None, said: FirstValue, day: date, left: date | None, owner: str
) -> Newcomer:
    assert row.since is not None
    gone = left if left is not None and left <= day else None
    days = reached if reached is not None else ((gone or day) - row.since).days
    return Newcomer(
        row.key, row.name or row.key, accounts.arr_reporting(row), owner, row.since, days, reached is not None,
        _state(days, is_there=reached is not None, is_gone=gone is not None, limit=said.weeks * 7),
        row.since + timedelta(weeks=said.weeks),
    )  # fmt: skip


def _state(days: int, *, is_there: bool, is_gone: bool, limit: int) -> State:
    if is_there:
        return "there" if days <= limit else "there_late"
    if is_gone:
        return "left"
    if days > limit:
        return "late"
    return "soon" if days > limit - SOON else "waiting"


def _reached(said: FirstValue, rows: list[Account], day: date) -> dict[int, int]:
    """The days until first value of those that have it by the day."""
    began = {row.pk: row.since for row in rows if row.since is not None}
    found = dict(_measured(said.metric, began) if said.metric else _milestones(said.milestone, began))
    return {pk: days for pk, days in found.items() if 0 <= days <= (day - began[pk]).days}


def _measured(metric: str, began: dict[int, date]) -> Iterable[tuple[int, int]]:
    """What the metric says on the last stored day."""
    covered = values.extent()
    if covered is None:
        return
    rows = MetricValue.objects.filter(metric=metric, as_of=covered.as_of, account__in=began)
    for pk, value in rows.exclude(value=None).values_list("account", "value"):
        yield pk, int(value or 0)


def _milestones(name: str, began: dict[int, date]) -> Iterable[tuple[int, int]]:
    """The first milestone of this name that is done: of the delivery, by title or phase, or of the success plan."""
    stones = Milestone.objects.filter(Q(title__iexact=name) | Q(phase__iexact=name), account__in=began)
    steps = models.PlanStepCompletion.objects.filter(
        Q(step__title__iexact=name) | Q(step__slug__iexact=name),
        step__plan__account__in=began,
        step__kind="milestone",
        step__dropped_at=None,
    )
    done = [
        *stones.exclude(done_date=None).values_list("account", "done_date"),
        *steps.values_list("step__plan__account", "on"),
    ]
    first: dict[int, date] = {}
    for pk, on in done:
        if on is not None:
            first[pk] = min(on, first.get(pk, on))
    for pk, on in first.items():
        yield pk, max(0, (on - began[pk]).days)
