"""What is done about an open incident: the call that was held, the cause that was found, the plan that was made, notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from keepwell.access.actions import audit, live
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, figures
from keepwell.ledger.actions import notes
from keepwell.ledger.models import Note
from keepwell.plays import models
from keepwell.plays.actions import opening, tasks
from keepwell.plays.actions.telling import SOURCE, tell
from keepwell.plays.practice import Practice
from keepwell.plays.queries import incidents, practices

TEXT_LENGTH = 10_000


@dataclass(frozen=True)
class Findings:
    """Cause and plan of an incident as stated now or noted before; `fresh` are the kinds that are stated now."""

    cause_kind: str
    cause: str
    plan: str
    fresh: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What an incident cannot be closed without, in words."""
        asked = (
            ("cause", self.cause),
            ("which of the declared causes it is", self.cause_kind),
            ("plan", self.plan),
        )
        said = tuple(name for name, text in asked if not text)
        return tuple(name for name in said if not (name.startswith("which") and "cause" in said))


def known_cause(slug: str, said: Practice) -> str:
    """The slug of a declared cause; refuses another."""
    if slug not in said.causes:
        raise errors.Invalid(
            '"%(slug)s" is no declared cause. Use one of %(listed)s.',
            slug=slug,
            listed=", ".join(said.causes),
        )
    return slug


def locked(incident_id: int) -> models.Incident:
    """An incident for a deed on it. Within a transaction."""
    rows = models.Incident.objects.select_for_update(of=("self",)).select_related("account", "practice")
    return rows.get(pk=incident_id)


def _open(incident_id: int, by: Scope) -> models.Incident:
    by.require("work.do")
    incidents.find(incident_id=incident_id, seen_by=by)
    incident = locked(incident_id)
    if not incident.open:
        raise errors.Conflict("This incident is closed. Open it again to go on.")
    return incident


def call(
    *,
    incident_id: int,
    attended: Mapping[str, str],
    by: Scope,
    at: datetime,
    held_at: datetime | None = None,
    said: str = "",
) -> int:
    """Note that a call was held: by e-mail address who was there for each role that was called ("" or left out: nobody).

    The clock of the call stops once everybody whom there is was on one; gives the call's number.
    """
    when = held_at or at
    if when > at:
        raise errors.Invalid("A call is noted once it was held; this moment is still to come.")
    with transaction.atomic():
        incident = _open(incident_id, by)
        if when < incident.opened_at:
            raise errors.Invalid("This moment is before the incident was opened.")
        practice = practices.read(incident.practice)
        people = _people(attended, practice)
        made = models.IncidentCall.objects.create(
            incident=incident, round=incident.round, held_at=when, said=_text(said), by_id=by.user_id, at=at
        )
        models.IncidentAttendance.objects.bulk_create(
            models.IncidentAttendance(call=made, role=role, user=user) for role, user in people.items()
        )
        lacking = missing(incident, practice)
        if not lacking:
            _meet(incident, "call", by, at)
        _say(incident, "incident.called", "partly" if lacking else "complete", by, at)
    return made.pk


def _people(attended: Mapping[str, str], practice: Practice) -> dict[str, User]:
    found: dict[str, User] = {}
    for role, email in attended.items():
        if role not in practice.called:
            raise errors.Invalid(
                '"%(role)s" is not called. Called are %(listed)s.',
                role=role,
                listed=", ".join(practice.called),
            )
        if not email.strip():
            continue
        user = User.objects.filter(email__iexact=email.strip()).exclude(role="customer").first()
        if user is None:
            raise errors.Invalid('No colleague has the address "%(email)s".', email=email)
        found[role] = user
    if not found:
        raise errors.Invalid("Somebody must have been on the call: say who was there for which role.")
    return found


def missing(incident: models.Incident, practice: Practice) -> tuple[str, ...]:
    """The called roles that somebody answers for, who was on no call of this round. Three queries."""
    there = set(
        models.IncidentAttendance.objects.filter(
            call__incident=incident, call__round=incident.round
        ).values_list("role", flat=True)
    )
    answering = practices.answering(
        account_id=incident.account_id, roles=practice.called, stand_ins=practice.stand_ins
    )
    somebody = {one.role for one in answering if one.user is not None}
    return tuple(role for role in practice.called if role in somebody and role not in there)


def find_cause(*, incident_id: int, cause_kind: str, text: str, by: Scope, at: datetime) -> None:
    """Note why it happened: which of the declared causes, and in words."""
    with transaction.atomic():
        incident = _open(incident_id, by)
        known_cause(cause_kind, practices.read(incident.practice))
        if not text.strip():
            raise errors.Invalid("Say in words what brought it here, as far as you know now.")
        note_findings(incident, Findings(cause_kind, _text(text), "", ("cause",)), by=by, at=at)


def make_plan(*, incident_id: int, text: str, by: Scope, at: datetime) -> None:
    """Note what will be different, who does it, and by when."""
    with transaction.atomic():
        incident = _open(incident_id, by)
        if not text.strip():
            raise errors.Invalid("Say what will be different, who does it, and by when.")
        note_findings(incident, Findings("", "", _text(text), ("plan",)), by=by, at=at)


def stated(incident: models.Incident, *, cause: str, cause_kind: str, plan: str) -> Findings:
    """What is stated now, and what was noted before where nothing is. One query."""
    rows = models.IncidentFinding.objects.filter(incident=incident, round=incident.round).order_by("pk")
    last = {row.kind: row for row in rows}
    before, planned = last.get("cause"), last.get("plan")
    if cause_kind:
        known_cause(cause_kind, practices.read(incident.practice))
    kind = cause_kind or (before.cause_kind if before else "")
    words, ahead = (
        _text(cause) or (before.text if before else ""),
        _text(plan) or (planned.text if planned else ""),
    )
    fresh = []
    if words and (before is None or (before.text, before.cause_kind) != (words, kind)):
        fresh.append("cause")
    if ahead and (planned is None or planned.text != ahead):
        fresh.append("plan")
    return Findings(kind, words, ahead, tuple(fresh))


def note_findings(incident: models.Incident, found: Findings, *, by: Scope, at: datetime) -> None:
    """Keep what is stated now; its clocks stop. Within the transaction of the deed."""
    names = {"cause": "incident.cause_found", "plan": "incident.plan_made"}
    for kind in found.fresh:
        models.IncidentFinding.objects.create(
            incident=incident,
            round=incident.round,
            kind=kind,
            cause_kind=found.cause_kind if kind == "cause" else "",
            text=found.cause if kind == "cause" else found.plan,
            by_id=by.user_id,
            at=at,
        )
        _meet(incident, kind, by, at)
        _say(incident, names[kind], found.cause_kind if kind == "cause" else "", by, at)


def _meet(incident: models.Incident, kind: str, by: Scope, at: datetime) -> None:
    """Stop a clock, and do with it the tasks that serve it."""
    rows = models.IncidentClock.objects.filter(incident=incident, round=incident.round, kind=kind)
    rows.filter(met_at=None).update(met_at=at)
    due = opening.next_due(incident.pk, round=incident.round)
    if due is not None:
        models.Incident.objects.filter(pk=incident.pk).update(due_at=due)
    served = models.Task.objects.filter(incident=incident, clock=kind, completion=None)
    if numbers := list(served.values_list("pk", flat=True)):
        tasks.complete_all(task_ids=numbers, by=by, at=at)


def write(*, incident_id: int, text: str, by: Scope, at: datetime) -> str:
    """Write a note while working on an incident; it is one of the account's, and tells whom it mentions. Gives its key."""
    if not text.strip():
        raise errors.Invalid("A note says something.")
    with transaction.atomic():
        by.require("work.do")
        incidents.find(incident_id=incident_id, seen_by=by)
        incident = locked(incident_id)
        author = "" if by.user_id is None else User.objects.get(pk=by.user_id).email
        row = {
            "key": f"incident-{incident_id}-{uuid4().hex}",
            "account": incident.account.key,
            "text": _text(text),
            "author": author,
            "written_at": at,
        }
        notes.upsert(rows=[row], source=SOURCE, by=by, at=at, vouched=False)
        note = Note.objects.get(key=row["key"])
        models.IncidentNote.objects.create(incident=incident, note=note)
        live.announce("incidents")
    return note.key


def _text(text: str) -> str:
    said = text.strip()
    if len(said) > TEXT_LENGTH:
        raise errors.Invalid(
            "A text has at most %(text_length)s characters, not %(n)s.",
            text_length=figures.Whole(TEXT_LENGTH),
            n=figures.Whole(len(said)),
        )
    return said


def _say(incident: models.Incident, name: str, feature: str, by: Scope, at: datetime) -> None:
    tell(
        account=incident.account.key,
        name=name,
        of="incident",
        number=incident.pk,
        at=at,
        again=True,
        feature=feature,
    )
    live.announce("incidents")
    live.announce("today")
    audit.record(
        by=by,
        at=at,
        deed=name,
        subject=f"account:{incident.account.key}",
        incident=incident.pk,
        feature=feature,
    )
