"""All that is known of one incident while it is worked on: clocks, who is called, what was found, and what happened since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keepwell.access.queries import users
from keepwell.access.scopes import Scope
from keepwell.health.models import BandChange
from keepwell.plays import models
from keepwell.plays.practice import CLOCKS, Practice
from keepwell.plays.queries import incidents, practices
from keepwell.plays.queries.incidents import IncidentView


@dataclass(frozen=True)
class ClockView:
    """A clock: of what, in which time it is counted, when it runs out, whether it has what it waits for, steps told since."""

    kind: str
    title: str
    counts: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    step: int
    next_step_at: datetime | None


@dataclass(frozen=True)
class Seat:
    """A role that is called: who answers for it (nobody: empty), as which role, and who was there for it."""

    role: str
    name: str
    email: str
    as_role: str
    attended: str


@dataclass(frozen=True)
class TellingView:
    """Who was told what, when and why; the state of the mail about it."""

    at: datetime
    kind: str
    clock: str
    step: int
    role: str
    as_role: str
    name: str
    what: str
    by: str
    mail_state: str


@dataclass(frozen=True)
class Happening:
    """One thing that happened: `kind` says what, `who` did it, `text` are its words, `more` what belongs to it."""

    at: datetime
    kind: str
    who: str = ""
    text: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class WarRoom:
    """An incident with all that belongs to it; `cause` and `plan` as they are found now."""

    incident: IncidentView
    practice: Practice
    clocks: tuple[ClockView, ...]
    seats: tuple[Seat, ...]
    tellings: tuple[TellingView, ...]
    cause_kind: str
    cause: str
    plan: str
    happened: tuple[Happening, ...]


def find(*, incident_id: int, seen_by: Scope) -> WarRoom:
    """One incident; what one may not see does not exist. Some sixteen queries."""
    view = incidents.find(incident_id=incident_id, seen_by=seen_by)
    row = models.Incident.objects.select_related("practice").get(pk=incident_id)
    said = practices.read(row.practice)
    calls, found, told = _calls(row), _findings(row), _tellings(incident_id)
    last = {one.kind: one for one in found if one.round == row.round}
    cause, plan = last.get("cause"), last.get("plan")
    return WarRoom(
        incident=view,
        practice=said,
        clocks=_clocks(row),
        seats=_seats(row, said, calls),
        tellings=told,
        cause_kind=cause.cause_kind if cause else view.cause_kind,
        cause=cause.text if cause else view.cause,
        plan=plan.text if plan else view.plan,
        happened=_happened(view, said, calls, found, told),
    )


def tellings(*, incident_id: int, seen_by: Scope) -> tuple[TellingView, ...]:
    """Who was told of an incident, in that order. Four queries."""
    incidents.find(incident_id=incident_id, seen_by=seen_by)
    return _tellings(incident_id)


def _tellings(incident_id: int) -> tuple[TellingView, ...]:
    rows = models.IncidentTelling.objects.filter(incident=incident_id).select_related("user", "by")
    return tuple(
        TellingView(
            row.at,
            row.kind,
            row.clock,
            row.step,
            row.role,
            row.as_role,
            str(row.user) if row.user else "",
            row.what,
            str(row.by) if row.by else "",
            row.mail_state,
        )
        for row in rows.order_by("at", "pk")
    )


def _clocks(row: models.Incident) -> tuple[ClockView, ...]:
    rows = {one.kind: one for one in models.IncidentClock.objects.filter(incident=row, round=row.round)}
    return tuple(
        ClockView(
            kind,
            title,
            rows[kind].counts,
            rows[kind].started_at,
            rows[kind].due_at,
            rows[kind].met_at,
            rows[kind].step,
            rows[kind].next_step_at,
        )
        for kind, title in CLOCKS.items()
        if kind in rows
    )


@dataclass(frozen=True)
class _Call:
    row: models.IncidentCall
    there: tuple[tuple[str, str], ...]


def _calls(row: models.Incident) -> list[_Call]:
    found = list(
        models.IncidentCall.objects.filter(incident=row).select_related("by").order_by("held_at", "pk")
    )
    there: dict[int, list[tuple[str, str]]] = {}
    seats = models.IncidentAttendance.objects.filter(call__in=found).select_related("user").order_by("pk")
    for one in seats:
        there.setdefault(one.call_id, []).append((one.role, str(one.user)))
    return [_Call(call, tuple(there.get(call.pk, ()))) for call in found]


def _findings(row: models.Incident) -> list[models.IncidentFinding]:
    return list(models.IncidentFinding.objects.filter(incident=row).select_related("by").order_by("at", "pk"))


def _seats(row: models.Incident, said: Practice, calls: Sequence[_Call]) -> tuple[Seat, ...]:
    there = {role: name for call in calls if call.row.round == row.round for role, name in call.there}
    answering = practices.answering(account_id=row.account_id, roles=said.called, stand_ins=said.stand_ins)
    first: dict[str, practices.Answering] = {}
    for one in answering:
        first.setdefault(one.role, one)
    return tuple(
        Seat(
            role,
            str(one.user) if one.user else "",
            one.user.email if one.user else "",
            one.as_role,
            there.get(role, ""),
        )
        for role, one in first.items()
    )


def _happened(
    view: IncidentView,
    said: Practice,
    calls: Sequence[_Call],
    found: Sequence[models.IncidentFinding],
    told: Sequence[TellingView],
) -> tuple[Happening, ...]:
    """What happened, the latest first."""
    entries = [Happening(view.opened_at, "opened", view.opened_by, view.reason)]
    entries += _told(told)
    entries += [
        Happening(
            call.row.held_at,
            "call",
            _name(call.row.by),
            call.row.said,
            tuple(f"{role}:{name}" for role, name in call.there),
        )
        for call in calls
    ]
    entries += [
        Happening(
            one.at, one.kind, _name(one.by), one.text, (said.cause(one.cause_kind),) if one.cause_kind else ()
        )
        for one in found
    ]
    entries += [
        Happening(task.done_at, "task", task.done_by, task.title)
        for task in view.tasks
        if task.done_at is not None
    ]
    entries += [*_notes(view.id), *_closures(view.id), *_bands(view)]
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def _told(told: Sequence[TellingView]) -> list[Happening]:
    """Those who were told at one moment of one thing are one entry."""
    grouped: dict[tuple[datetime, str, str, int], list[TellingView]] = {}
    for one in told:
        grouped.setdefault((one.at, one.kind, one.clock, one.step), []).append(one)
    return [
        Happening(
            at,
            f"told_{kind}",
            rows[0].by,
            rows[0].what if kind == "by_hand" else clock,
            tuple(f"{one.role}:{one.name}" for one in rows),
        )
        for (at, kind, clock, _), rows in grouped.items()
    ]


def _notes(incident_id: int) -> list[Happening]:
    rows = list(
        models.IncidentNote.objects.filter(incident=incident_id)
        .select_related("note")
        .order_by("note__written_at")
    )
    names = users.names({row.note.author for row in rows if row.note.author}) if rows else {}
    return [
        Happening(row.note.written_at, "note", names.get(row.note.author, row.note.author), row.note.text)
        for row in rows
    ]


def _closures(incident_id: int) -> list[Happening]:
    entries = []
    rows = models.IncidentClosure.objects.filter(incident=incident_id).select_related("by", "ended_by")
    for row in rows.order_by("at"):
        entries.append(Happening(row.at, "closed", _name(row.by)))
        if row.ended_at is not None:
            entries.append(Happening(row.ended_at, "reopened", _name(row.ended_by), row.ended_because))
    return entries


def _bands(view: IncidentView) -> list[Happening]:
    """Where the account's health moved since."""
    rows = BandChange.objects.filter(account=view.account_id, at__gt=view.opened_at)
    if view.closed_at is not None:
        rows = rows.filter(at__lte=view.closed_at)
    return [
        Happening(
            row.at,
            "band",
            "",
            "" if row.points is None else f"{row.points:.0f}",
            (row.from_band, row.to_band),
        )
        for row in rows.order_by("at")[:50]
    ]


def _name(user: object) -> str:
    return str(user) if user else ""
