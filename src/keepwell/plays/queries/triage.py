"""Reads of the inbox: tickets that wait for triage, by kind, and what was made of those that do not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from keepwell.access.scopes import Scope
from keepwell.kernel import errors, paging
from keepwell.kernel.money import Money
from keepwell.ledger.models import Ownership, Ticket
from keepwell.ledger.queries import accounts
from keepwell.plays import models, triage

STATES = ("waiting", "triaged")
WHOSE = ("all", "mine")
AT_ONCE = 500


@dataclass(frozen=True)
class TicketView:
    """An open ticket; `kind` is one of the known kinds or "unknown", `said` the word of its source."""

    key: str
    subject: str
    kind: str
    said: str
    severity: str
    escalated: bool
    opened_at: datetime
    account_key: str
    account_name: str
    arr: Money | None
    person: str
    email: str
    assignee: str
    triager: str


@dataclass(frozen=True)
class TriageView:
    """What was made of a ticket; `is_final` once it cannot be taken back."""

    id: int
    deed: str
    ticket: str
    subject: str
    account_key: str
    account_name: str
    kind: str
    article: str
    session: int | None
    gap: str
    to: str
    note: str
    letter: str
    by: str
    at: datetime
    is_final: bool


@dataclass(frozen=True)
class Asked:
    """Which tickets are asked for."""

    state: str = "waiting"
    whose: str = "all"
    kind: str = ""
    account: str = ""
    search: str = ""
    escalated: bool = False


def read(
    *,
    state: str = "waiting",
    whose: str = "all",
    kind: str = "",
    account: str = "",
    search: str = "",
    escalated: bool = False,
) -> Asked:
    """What was asked for in words; refuses what is not known."""
    kinds = ("", triage.UNKNOWN, *triage.KINDS)
    for said, known in ((state, STATES), (whose, WHOSE), (kind, kinds)):
        if said not in known:
            raise errors.Invalid(
                '"%(said)s" is not known. Use one of %(listed)s.',
                said=said,
                listed=", ".join(each for each in known if each),
            )
    return Asked(state, whose, kind, account, search, escalated)


def page(*, asked: Asked, seen_by: Scope, offset: int = 0, limit: int = 100) -> tuple[TicketView, ...]:
    """Tickets that wait: those of unknown kind first, of each kind the escalated ones, then the oldest. One query.

    Which they are is asked of the index of open tickets alone, before anything is joined.
    """
    rows = _asked(asked, seen_by)
    if asked.kind:
        rows = rows.filter(of_kind=asked.kind)
    order = Case(*(When(of_kind=kind, then=place) for place, kind in enumerate(_kinds())), default=0)
    told = (order, "-escalated", "opened_at", "pk")
    part = rows.order_by(*told).values("pk")[offset : offset + limit]
    csm = Ownership.objects.filter(account=OuterRef("account"), role="csm", until=None)
    found: QuerySet[Any] = _of_kind(Ticket.objects.filter(pk__in=part)).select_related("account", "person")
    shown = found.annotate(
        triager_name=Subquery(csm.values("user__name")[:1]),
        triager_email=Subquery(csm.values("user__email")[:1]),
    )
    return tuple(map(_view, shown.order_by(*told)))


def each(*, asked: Asked, seen_by: Scope) -> Iterator[TicketView]:
    """All of them, in constant memory."""
    return paging.each(lambda offset: page(asked=asked, seen_by=seen_by, offset=offset, limit=AT_ONCE))


def counts(*, asked: Asked, seen_by: Scope) -> Mapping[str, int]:
    """How many wait, by kind, whichever kind is asked for. One query."""
    found = dict(_asked(asked, seen_by).order_by().values_list("of_kind").annotate(count=Count("*")))
    return {kind: found.get(kind, 0) for kind in _kinds()}


def done(*, asked: Asked, seen_by: Scope, offset: int = 0, limit: int = 100) -> tuple[TriageView, ...]:
    """What was made of tickets, the latest first. One query."""
    rows = models.Triage.objects.filter(
        undone_at=None, ticket__account__in=_accounts(asked, seen_by)
    ).exclude(deed="kind")
    if asked.account:
        rows = rows.filter(ticket__account__key=asked.account)
    if asked.search:
        rows = rows.filter(_search(asked.search, "ticket__"))
    joined = rows.select_related("ticket__account", "article", "gap", "session", "to", "by", "answer")
    told = models.GapTelling.objects.exclude(state="no_address")
    found: QuerySet[Any] = joined.annotate(told=Exists(told.filter(request__gap=OuterRef("gap"))))
    return tuple(map(_triage_view, found.order_by("-at", "-pk")[offset : offset + limit]))


def waiting(*, seen_by: Scope) -> "QuerySet[Ticket]":
    """Open tickets that nobody settled, of accounts that may be seen, as a query to build on inside the stages."""
    settled = models.Triage.objects.filter(ticket=OuterRef("pk"), undone_at=None).exclude(deed="kind")
    rows = Ticket.objects.filter(resolved_at=None)
    if not seen_by.everything:
        rows = rows.filter(account__in=accounts.visible(seen_by=seen_by))
    return rows.filter(~Exists(settled))


def _kinds() -> tuple[str, ...]:
    return (triage.UNKNOWN, *triage.KINDS)


def _accounts(asked: Asked, seen_by: Scope) -> "QuerySet[Any]":
    owner = seen_by.user_id if asked.whose == "mine" else None
    return accounts.visible(seen_by=seen_by, owner_id=owner)


def _asked(asked: Asked, seen_by: Scope) -> "QuerySet[Any]":
    rows: QuerySet[Any] = waiting(seen_by=seen_by)
    if asked.whose == "mine":
        rows = rows.filter(account__in=_accounts(asked, seen_by))
    if asked.account:
        rows = rows.filter(account__key=asked.account)
    if asked.escalated:
        rows = rows.filter(escalated=True)
    if asked.search:
        rows = rows.filter(_search(asked.search))
    return _of_kind(rows)


def _of_kind(rows: "QuerySet[Ticket]") -> "QuerySet[Any]":
    known = When(kind__in=list(triage.KINDS), then=F("kind"))
    found: QuerySet[Any] = rows.annotate(of_kind=Case(known, default=Value(triage.UNKNOWN)))
    return found


def _search(text: str, prefix: str = "") -> Q:
    names = ("subject", "key", "account__name", "person__name")
    found = Q()
    for name in names:
        found |= Q(**{f"{prefix}{name}__icontains": text})
    return found


def _view(row: Any) -> TicketView:
    return TicketView(
        key=row.key,
        subject=row.subject,
        kind=row.of_kind,
        said=row.kind if row.of_kind == triage.UNKNOWN else "",
        severity=row.severity,
        escalated=row.escalated,
        opened_at=row.opened_at,
        account_key=row.account.key,
        account_name=row.account.name or row.account.key,
        arr=accounts.arr_reporting(row.account),
        person=(row.person.name or row.person.key) if row.person else "",
        email=row.person.email if row.person else "",
        assignee=row.assignee,
        triager=row.triager_name or row.triager_email or "",
    )


def _triage_view(row: Any) -> TriageView:
    held = row.session is not None and row.session.held_at is not None
    letter = row.unwritten or ("" if row.answer is None else row.answer.state)
    return TriageView(
        id=row.pk,
        deed=row.deed,
        ticket=row.ticket.key,
        subject=row.ticket.subject,
        account_key=row.ticket.account.key,
        account_name=row.ticket.account.name or row.ticket.account.key,
        kind=row.ticket.kind,
        article=row.article.title if row.article else "",
        session=row.session_id,
        gap=row.gap.title if row.gap else "",
        to=str(row.to) if row.to else "",
        note=row.note,
        letter=letter,
        by=str(row.by) if row.by else "",
        at=row.at,
        is_final=held or (row.deed == "gap" and row.told),
    )
