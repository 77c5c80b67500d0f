"""Deeds on office hours: weekly slots, and each week's hour with its questions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from keepwell.access.actions import audit, live
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.actions import tickets, touchpoints
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.actions import tasks
from keepwell.plays.actions.telling import SOURCE
from keepwell.plays.formulas import slots

EARLY = timedelta(hours=1)
MOST_MINUTES = 480


@dataclass(frozen=True)
class Wanted:
    """A weekly slot: `account` a key, empty for all accounts; `host` an address, empty for nobody."""

    title: str
    weekday: int
    clock: time
    zone: str
    minutes: int = 60
    place: str = ""
    account: str = ""
    host: str = ""


def make(*, wanted: Wanted, by: Scope, at: datetime) -> int:
    """Hold an hour every week from now on; gives its number."""
    by.require("work.do")
    _checked(wanted)
    account = _account(wanted.account, by) if wanted.account else None
    host = tasks.owner(wanted.host, account=account) if account else _colleague(wanted.host)
    with transaction.atomic():
        row = models.OfficeHour.objects.create(
            account=account, title=wanted.title.strip(), weekday=wanted.weekday, clock=wanted.clock,
            zone=wanted.zone, minutes=wanted.minutes, place=wanted.place.strip(), host=host, made_at=at,
        )  # fmt: skip
        audit.record(by=by, at=at, deed="office_hour.make", subject=f"office_hour:{row.pk}")
    return row.pk


def end(*, office_hour_id: int, by: Scope, at: datetime) -> None:
    """Hold it no more; hours with questions stay until they are held or their questions moved on."""
    by.require("work.do")
    with transaction.atomic():
        if not visible(by).filter(pk=office_hour_id, ended_at=None).update(ended_at=at):
            raise errors.NotFound("There is no office hour %(number)s.", number=office_hour_id)
        audit.record(by=by, at=at, deed="office_hour.end", subject=f"office_hour:{office_hour_id}")


def resume(*, office_hour_id: int, by: Scope, at: datetime) -> None:
    """Hold it again."""
    by.require("work.do")
    with transaction.atomic():
        if not visible(by).filter(pk=office_hour_id).exclude(ended_at=None).update(ended_at=None):
            raise errors.NotFound("There is no office hour %(number)s.", number=office_hour_id)
        audit.record(by=by, at=at, deed="office_hour.resume", subject=f"office_hour:{office_hour_id}")


def next_session(*, account_id: int, at: datetime) -> models.OfficeHourSession:
    """The next hour of an account's own slots, else of those of all accounts; made if it is the first to ask for it."""
    here = models.OfficeHour.objects.filter(ended_at=None)
    rows = list(here.filter(account=account_id)) or list(here.filter(account=None))
    if not rows:
        raise errors.Conflict("There is no office hour yet. Set one up under Office hours, then try again.")
    starts = {
        row.pk: slots.following(weekday=row.weekday, clock=row.clock, zone=row.zone, after=at) for row in rows
    }
    row = min(rows, key=lambda each: (starts[each.pk], each.pk))
    session, _ = models.OfficeHourSession.objects.get_or_create(office_hour=row, starts_at=starts[row.pk])
    return session


def hold(
    *,
    session_id: int,
    attended: Collection[str],
    by: Scope,
    at: datetime,
    minutes: int | None = None,
    note: str = "",
) -> int:
    """It took place: its tickets are resolved and each account has a touchpoint with who came; gives how many tickets.

    Once: who comes second is refused.
    """
    session = _session(session_id, by)
    if session.starts_at > at + EARLY:
        raise errors.Conflict("This office hour is still to come.")
    length = session.office_hour.minutes if minutes is None else minutes
    if not 1 <= length <= MOST_MINUTES:
        raise errors.Invalid("An office hour takes 1 to %(most)s minutes.", most=MOST_MINUTES)
    with transaction.atomic():
        fresh = models.OfficeHourSession.objects.filter(pk=session_id, held_at=None)
        came = sorted(set(attended))
        if not fresh.update(held_at=at, held_by=by.user_id, attended=came, minutes=length, note=note.strip()):
            raise errors.Conflict("Somebody else noted this office hour already.")
        rows = _asked(session, by)
        _resolve(rows, by, at)
        _touched(session, rows, set(came), length, note.strip(), by, at)
        audit.record(
            by=by, at=at, deed="office_hour.hold", subject=f"session:{session_id}", tickets=len(rows)
        )
        live.announce("triage")
    return len(rows)


def move_on(*, session_id: int, by: Scope, at: datetime) -> int:
    """It did not take place: its questions go into the next one; gives how many."""
    session = _session(session_id, by)
    if session.held_at is not None:
        raise errors.Conflict("This office hour was held.")
    with transaction.atomic():
        rows = _asked(session, by)
        for row in rows:
            following = next_session(account_id=row.ticket.account_id, at=max(at, session.starts_at))
            models.Triage.objects.filter(pk=row.pk).update(session=following)
        audit.record(
            by=by, at=at, deed="office_hour.move", subject=f"session:{session_id}", tickets=len(rows)
        )
    return len(rows)


def visible(by: Scope) -> "QuerySet[models.OfficeHour]":
    """Slots of all accounts, and of those that the asker may see."""
    rows = models.OfficeHour.objects.all()
    seen = accounts.visible(seen_by=by)
    return rows.filter(account=None) | rows.filter(account__in=seen)


def _session(session_id: int, by: Scope) -> models.OfficeHourSession:
    by.require("work.do")
    here = models.OfficeHourSession.objects.select_related("office_hour")
    found = here.filter(pk=session_id, office_hour__in=visible(by)).first()
    if found is None:
        raise errors.NotFound("There is no office hour %(number)s.", number=session_id)
    return found


def _asked(session: models.OfficeHourSession, by: Scope) -> list[models.Triage]:
    """The questions of an hour; only who sees all of them may say how it went."""
    rows = list(
        models.Triage.objects.select_related("ticket__account", "ticket__person")
        .filter(session=session, undone_at=None)
        .order_by("pk")
    )
    seen = set(
        accounts.visible(seen_by=by)
        .filter(pk__in={row.ticket.account_id for row in rows})
        .values_list("pk", flat=True)
    )
    if hidden := sum(row.ticket.account_id not in seen for row in rows):
        raise errors.Conflict(
            "%(n)s of its questions are of accounts that you may not see. Ask somebody who may.", n=hidden
        )
    return rows


def _resolve(rows: Collection[models.Triage], by: Scope, at: datetime) -> None:
    told = [{"key": row.ticket.key, "resolved_at": at} for row in rows if row.ticket.resolved_at is None]
    if told:
        tickets.upsert(rows=told, source=SOURCE, by=by, at=at, vouched=False)


def _touched(
    session: models.OfficeHourSession,
    rows: Collection[models.Triage],
    came: set[str],
    minutes: int,
    note: str,
    by: Scope,
    at: datetime,
) -> None:
    """One touchpoint for each account of which somebody came, or of which nobody knows who asked; its key says which hour."""
    theirs: dict[str, list[models.Triage]] = {}
    for row in rows:
        theirs.setdefault(row.ticket.account.key, []).append(row)
    told = []
    for account, asked in theirs.items():
        invited = sorted({row.ticket.person.key for row in asked if row.ticket.person})
        there = [key for key in invited if key in came]
        if invited and not there:
            continue  # nobody of theirs came: nobody spoke with them
        told.append(
            {
                "key": f"office-hour-{session.pk}-{asked[0].ticket.account_id}", "account": account,
                "kind": "meeting", "subject": session.office_hour.title, "held_at": session.starts_at,
                "minutes": float(minutes), "initiative": "proactive", "invited": invited, "attended": there,
                "notes": note,
            }
        )  # fmt: skip
    if told:
        touchpoints.upsert(rows=told, source=SOURCE, by=by, at=at, vouched=False)


def _checked(wanted: Wanted) -> None:
    if not 1 <= len(wanted.title.strip()) <= 200:
        raise errors.Invalid("An office hour needs a title of 1 to 200 characters.")
    if wanted.weekday not in range(7):
        raise errors.Invalid("A weekday is 0 (Monday) to 6 (Sunday), not %(day)s.", day=wanted.weekday)
    if not 1 <= wanted.minutes <= MOST_MINUTES:
        raise errors.Invalid("An office hour takes 1 to %(most)s minutes.", most=MOST_MINUTES)
    try:
        ZoneInfo(wanted.zone)
    except (KeyError, ValueError, OSError):
        raise errors.Invalid(
            '"%(zone)s" is no time zone. Use one like Europe/Berlin.', zone=wanted.zone
        ) from None


def _account(key: str, by: Scope) -> Account:
    found = accounts.visible(seen_by=by).filter(key=key).first()
    if found is None:
        raise errors.NotFound('There is no account "%(account)s".', account=key)
    return found


def _colleague(email: str) -> User | None:
    if not email.strip():
        return None
    found = User.objects.filter(email__iexact=email.strip(), is_active=True).exclude(role="customer").first()
    if found is None:
        raise errors.Invalid('Nobody who may sign in has the address "%(email)s".', email=email)
    return found
