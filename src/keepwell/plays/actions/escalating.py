"""Clocks that ran out are told along the path, each step once; and whoever was told of an incident stands in a row."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from keepwell.access.actions import audit, live
from keepwell.access.models import User
from keepwell.access.scopes import Scope, system
from keepwell.kernel import errors
from keepwell.plays import models, practice
from keepwell.plays.actions import notifications
from keepwell.plays.actions.telling import tell as tell_ledger
from keepwell.plays.practice import Practice
from keepwell.plays.queries import incidents, practices
from keepwell.plays.queries import notifications as ways

CLOCK = system(through="clock")
NOTICES = {
    "called": "incident-opened",
    "again": "incident-opened",
    "overdue": "escalated",
    "by_hand": "escalated",
}
WHAT_LENGTH = 500


def look(*, at: datetime) -> int:
    """Tell the next step of the path of every clock that ran out; gives how many steps were told.

    Each step is a transaction of its own that takes its clock first: whatever breaks off is told by the next look, and
    what was told is not told again. A worker that was down for a day tells each step it missed, in their order.
    """
    waiting = models.IncidentClock.objects.filter(incident__open=True, met_at=None, next_step_at__lte=at)
    count = 0
    for number in list(
        waiting.filter(round=F("incident__round")).order_by("next_step_at", "pk").values_list("pk", flat=True)
    ):
        while _told_step(number, at):
            count += 1
    return count


def _told_step(clock_id: int, at: datetime) -> bool:
    with transaction.atomic():
        clock = (
            models.IncidentClock.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("incident__account", "incident__practice")
            .filter(pk=clock_id, met_at=None, next_step_at__lte=at, incident__open=True)
            .first()
        )
        if clock is None:
            return False
        said = practices.read(clock.incident.practice)
        step = clock.step
        if step >= len(said.path):
            models.IncidentClock.objects.filter(pk=clock_id).update(next_step_at=None)
            return False
        models.IncidentClock.objects.filter(pk=clock_id, step=step).update(
            step=step + 1, next_step_at=_next(clock, said, step + 1)
        )
        _escalate(clock, said, step, at)
    return True


def _next(clock: models.IncidentClock, said: Practice, step: int) -> datetime | None:
    if step >= len(said.path):
        return None
    return clock.due_at + timedelta(hours=said.path[step].after_hours)


def _escalate(clock: models.IncidentClock, said: Practice, step: int, at: datetime) -> None:
    incident, late = clock.incident, practice.CLOCKS[clock.kind].lower()
    due = f"{clock.due_at:%d %b at %H:%M} UTC"
    tell(
        incident,
        roles=said.path[step].tells,
        stand_ins=said.stand_ins,
        kind="overdue",
        clock=clock.kind,
        step=step + 1,
        mark=f"{clock.round}:{clock.kind}:{step + 1}",
        what=f"{incident.account.name}: the {late} was due on {due} and is not there. {incident.title}",
        at=at,
    )
    tell_ledger(
        account=incident.account.key,
        name="incident.escalated",
        of="incident",
        number=incident.pk,
        at=at,
        mark=f"{clock.round}:{clock.kind}:{step + 1}",
        feature=clock.kind,
    )
    live.announce("incidents")
    audit.record(
        by=CLOCK,
        at=at,
        deed="incident.escalate",
        subject=f"account:{incident.account.key}",
        incident=incident.pk,
        clock=clock.kind,
        step=step + 1,
    )


def by_hand(*, incident_id: int, words: str, by: Scope, at: datetime) -> tuple[str, ...]:
    """Go straight to the executive with an incident, before any clock runs out; gives who was told."""
    by.require("work.do")
    incidents.find(incident_id=incident_id, seen_by=by)
    if not words.strip() or len(words) > WHAT_LENGTH - 100:
        raise errors.Invalid(
            "Say in 1 to %(what_length)s letters what you need of the executive.",
            what_length=WHAT_LENGTH - 100,
        )
    with transaction.atomic():
        incident = (
            models.Incident.objects.select_for_update(of=("self",))
            .select_related("account", "practice")
            .get(pk=incident_id)
        )
        if not incident.open:
            raise errors.Conflict("This incident is closed.")
        said = practices.read(incident.practice)
        told = tell(
            incident,
            roles=(practice.STRAIGHT_TO,),
            stand_ins=said.stand_ins,
            kind="by_hand",
            mark=at.isoformat(),
            what=f"{incident.account.name}: {words.strip()}",
            at=at,
            by=by,
        )
        tell_ledger(
            account=incident.account.key,
            name="incident.escalated",
            of="incident",
            number=incident.pk,
            at=at,
            again=True,
            feature="by_hand",
        )
        live.announce("incidents")
        audit.record(
            by=by,
            at=at,
            deed="incident.escalate",
            subject=f"account:{incident.account.key}",
            incident=incident.pk,
        )
    return tuple(str(user) for user in told)


def tell(
    incident: models.Incident,
    *,
    roles: Iterable[str],
    stand_ins: Mapping[str, tuple[str, ...]],
    kind: str,
    mark: str,
    what: str,
    at: datetime,
    clock: str = "",
    step: int = 0,
    by: Scope | None = None,
) -> tuple[User, ...]:
    """Tell whoever answers for the roles, once a `mark`, as they want to hear of it; that nobody does stands in a row too.

    Within the transaction of the deed. Six queries.
    """
    found = practices.answering(account_id=incident.account_id, roles=roles, stand_ins=stand_ins)
    users = {one.user.pk: one.user for one in found if one.user is not None}
    knows = {by.user_id if by else None, incident.opened_by_id if kind == "called" else None}
    mails = {
        pk for pk, (_, by_mail) in ways.ways(kind=NOTICES[kind], user_ids=list(users)).items() if by_mail
    }
    told_by_mail: set[int] = set()
    rows = []
    for one in found:
        number = one.user.pk if one.user else None
        sends = number in mails - knows - told_by_mail and bool(one.user and one.user.email)
        if number is not None and sends:
            told_by_mail.add(number)
        rows.append(
            models.IncidentTelling(
                incident=incident,
                key=f"{kind}:{mark}:{one.role}:{number or ''}"[:100],
                kind=kind,
                clock=clock,
                step=step,
                role=one.role,
                as_role=one.as_role,
                user=one.user,
                what=what[:WHAT_LENGTH],
                at=at,
                by_id=by.user_id if by else None,
                mail_state="queued" if sends else "",
                mail_next_at=at if sends else None,
            )
        )
    models.IncidentTelling.objects.bulk_create(rows, ignore_conflicts=True)
    key = f"incident:{incident.pk}" if kind == "called" else f"incident:{incident.pk}:{kind}:{mark}"
    notifications.tell(
        kind=NOTICES[kind],
        user_ids=[pk for pk in users if pk not in knows],
        key=key,
        what=what,
        subject=f"incident:{incident.pk}",
        account_id=incident.account_id,
        at=at,
    )
    live.announce("today", users=list(users))
    return tuple(users.values())
