"""Reads of office hours: the weekly slots, the coming and past hours, and the questions and people of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.formulas import slots


@dataclass(frozen=True)
class SlotView:
    """A weekly slot; `next_at` is None once it ended."""

    id: int
    title: str
    account_key: str
    account_name: str
    weekday: int
    clock: time
    zone: str
    minutes: int
    place: str
    host: str
    next_at: datetime | None


@dataclass(frozen=True)
class SessionView:
    """One week's hour; `questions` counts those that may be seen."""

    id: int
    slot: int
    title: str
    account_name: str
    host: str
    place: str
    starts_at: datetime
    minutes: int
    held_at: datetime | None
    held_by: str
    note: str
    attended: tuple[str, ...]
    questions: int


@dataclass(frozen=True)
class Question:
    """A ticket in an hour, and who asked."""

    triage: int
    ticket: str
    subject: str
    account_key: str
    account_name: str
    person_key: str
    person: str
    email: str
    came: bool
    resolved: bool


def slots_of(*, seen_by: Scope, at: datetime, ended: bool = False) -> tuple[SlotView, ...]:
    """Weekly slots of all accounts and of those that may be seen, the next first. One query."""
    rows = _visible(seen_by).filter(ended_at__isnull=not ended).select_related("account", "host")
    found = [_slot(row, at) for row in rows]
    return tuple(sorted(found, key=lambda slot: (slot.next_at or at, slot.id)))


def sessions(*, seen_by: Scope, at: datetime, limit: int = 30) -> tuple[SessionView, ...]:
    """Hours with questions and those that were held: what is to come or was not held first, then the latest. One query."""
    rows = _sessions(seen_by).filter(Q(questions__gt=0) | ~Q(held_at=None))
    waiting = rows.filter(held_at=None).order_by("starts_at", "pk")
    held = rows.exclude(held_at=None).order_by("-starts_at", "-pk")
    return tuple(map(_session, [*waiting[:limit], *held[:limit]]))


def find(*, session_id: int, seen_by: Scope) -> SessionView:
    """One hour. One query."""
    row = _sessions(seen_by).filter(pk=session_id).first()
    if row is None:
        raise errors.NotFound("There is no office hour %(number)s.", number=session_id)
    return _session(row)


def questions(*, session_id: int, seen_by: Scope) -> tuple[Question, ...]:
    """What is asked in an hour, of accounts that may be seen, by account. One query."""
    rows = models.Triage.objects.filter(
        session=session_id, undone_at=None, ticket__account__in=accounts.visible(seen_by=seen_by)
    )
    found = rows.select_related("ticket__account", "ticket__person", "session")
    return tuple(map(_question, found.order_by("ticket__account__name", "ticket__opened_at", "pk")))


def people(found: Sequence[Question]) -> tuple[Question, ...]:
    """Each person who asked once."""
    return tuple({each.person_key: each for each in reversed(found) if each.person_key}.values())[::-1]


def _visible(seen_by: Scope) -> "QuerySet[models.OfficeHour]":
    rows = models.OfficeHour.objects.all()
    if not (seen_by.everything or seen_by.owner_ids):
        return rows.none()
    return rows.filter(Q(account=None) | Q(account__in=accounts.visible(seen_by=seen_by)))


def _sessions(seen_by: Scope) -> "QuerySet[models.OfficeHourSession]":
    seen = Q(triage__undone_at=None, triage__ticket__account__in=accounts.visible(seen_by=seen_by))
    rows = models.OfficeHourSession.objects.filter(office_hour__in=_visible(seen_by))
    return rows.select_related("office_hour__account", "office_hour__host", "held_by").annotate(
        questions=Count("triage", filter=seen & Q(triage__isnull=False), distinct=True)
    )


def _slot(row: models.OfficeHour, at: datetime) -> SlotView:
    following = slots.following(weekday=row.weekday, clock=row.clock, zone=row.zone, after=at)
    return SlotView(
        row.pk,
        row.title,
        row.account.key if row.account else "",
        row.account.name if row.account else "",
        row.weekday,
        row.clock,
        row.zone,
        row.minutes,
        row.place,
        str(row.host) if row.host else "",
        following if row.ended_at is None else None,
    )


def _session(row: models.OfficeHourSession) -> SessionView:
    slot = row.office_hour
    return SessionView(
        row.pk,
        slot.pk,
        slot.title,
        slot.account.name if slot.account else "",
        str(slot.host) if slot.host else "",
        slot.place,
        row.starts_at,
        row.minutes or slot.minutes,
        row.held_at,
        str(row.held_by) if row.held_by else "",
        row.note,
        tuple(row.attended),
        vars(row)["questions"],
    )


def _question(row: models.Triage) -> Question:
    ticket, session = row.ticket, row.session
    person = ticket.person
    came = session is not None and person is not None and person.key in session.attended
    return Question(
        row.pk,
        ticket.key,
        ticket.subject,
        ticket.account.key,
        ticket.account.name or ticket.account.key,
        person.key if person else "",
        (person.name or person.key) if person else "",
        person.email if person else "",
        came,
        ticket.resolved_at is not None,
    )
