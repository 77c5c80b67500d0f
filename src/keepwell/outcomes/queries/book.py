"""The plans of a book of accounts: who has none, a draft, an agreed one, one that is stale."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from keepwell.access.scopes import Scope
from keepwell.kernel import paging
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models
from keepwell.outcomes.formulas.judging import STALE_DAYS
from keepwell.outcomes.queries.columns import STATES

AT_ONCE = 500
RANKED = ("stale", "draft", "none", "agreed")


@dataclass(frozen=True)
class PlanRow:
    """An account with the state of its plan."""

    key: str
    name: str
    arr: Money | None
    renewal_date: date | None
    state: str
    objectives: int
    reached: int
    overdue: int
    version: int | None
    confirmed_at: datetime | None
    owner: str


def page(
    *,
    seen_by: Scope,
    day: date,
    state: str = "",
    search: str = "",
    mine: int | None = None,
    offset: int = 0,
    limit: int = 100,
) -> tuple[PlanRow, ...]:
    """Accounts whose customer has not left: stale plans first, then drafts, none, agreed; by ARR within. Three queries."""
    rows = _asked(seen_by, day, state, search, mine)
    order = Case(*(When(state=slug, then=place) for place, slug in enumerate(RANKED)))
    ordered = rows.order_by(order, F("arr_reporting").desc(nulls_last=True), "pk")
    part = list(ordered.values_list("pk", flat=True)[offset : offset + limit])
    counted = {row.pk: row for row in _counted(_stated(Account.objects.filter(pk__in=part), day), day)}
    found: list[Any] = [counted[pk] for pk in part]
    owners = accounts.owners({row.pk for row in found})
    return tuple(
        _row(row, next((o.name for o in owners.get(row.pk, ()) if o.role == "csm"), "")) for row in found
    )


def each(
    *, seen_by: Scope, day: date, state: str = "", search: str = "", mine: int | None = None
) -> Iterator[PlanRow]:
    """All of them, in constant memory."""
    asked: dict[str, Any] = {"seen_by": seen_by, "day": day, "state": state, "search": search, "mine": mine}
    return paging.each(lambda offset: page(**asked, offset=offset, limit=AT_ONCE))


def tally(*, seen_by: Scope, day: date, mine: int | None = None) -> dict[str, int]:
    """How many accounts have a plan in which state. One query."""
    rows = _asked(seen_by, day, "", "", mine).order_by().values("state").annotate(n=Count("pk"))
    counted = dict(rows.values_list("state", "n"))
    return {state: counted.get(state, 0) for state in STATES}


def _asked(seen_by: Scope, day: date, state: str, search: str, mine: int | None) -> "QuerySet[Any]":
    if state and state not in STATES:
        raise Invalid('"%(said)s" is not known. Use one of %(listed)s.', said=state, listed=", ".join(STATES))
    present = accounts.visible(seen_by=seen_by, owner_id=mine).filter(former=False, merged_into=None)
    said = _stated(present, day)
    if state:
        said = said.filter(state=state)
    found: QuerySet[Any] = (
        said.filter(Q(name__icontains=search) | Q(key__icontains=search)) if search else said
    )
    return found


def _stated(rows: "QuerySet[Account]", day: date) -> "QuerySet[Any]":
    """Accounts with the state of their plan."""
    fresh = day - timedelta(days=STALE_DAYS)
    versions = models.PlanVersion.objects.filter(plan=OuterRef("plan__pk"))
    found: QuerySet[Any] = rows.annotate(
        state=Case(
            When(plan=None, then=Value("none")),
            When(~Exists(versions), then=Value("draft")),
            When(plan__confirmed_at__date__gte=fresh, then=Value("agreed")),
            default=Value("stale"),
            output_field=CharField(),
        )
    )
    return found


def _counted(rows: "QuerySet[Any]", day: date) -> Any:
    objectives = models.Objective.objects.filter(plan=OuterRef("plan__pk"), dropped_at=None).order_by()
    steps = models.PlanStep.objects.filter(
        plan=OuterRef("plan__pk"), dropped_at=None, completion=None, due_date__lt=day
    ).order_by()
    last = models.PlanVersion.objects.filter(plan=OuterRef("plan__pk")).order_by("-number")
    many = objectives.values("plan").annotate(n=Count("pk"))
    return rows.annotate(
        n_objectives=Subquery(many.values("n")),
        n_reached=Subquery(many.filter(reach__isnull=False).values("n")),
        n_overdue=Subquery(steps.values("plan").annotate(n=Count("pk")).values("n")),
        version=Subquery(last.values("number")[:1]),
        plan_confirmed=F("plan__confirmed_at"),
    )


def _row(row: Any, owner: str) -> PlanRow:
    return PlanRow(
        key=row.key,
        name=row.name or row.key,
        arr=accounts.arr_reporting(row),
        renewal_date=row.renewal_date,
        state=row.state,
        objectives=row.n_objectives or 0,
        reached=row.n_reached or 0,
        overdue=row.n_overdue or 0,
        version=row.version,
        confirmed_at=row.plan_confirmed,
        owner=owner,
    )
