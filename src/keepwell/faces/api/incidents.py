"""Incidents over the REST API: opened, answered, escalated, closed; and how they are answered."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Path, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.drafting import autopsy_report
from keepwell.faces import clock, incident_files
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import IncidentOut, MoneyOut, Problem
from keepwell.faces.web.downloads import streamed
from keepwell.plays.actions import escalating, practices, responding
from keepwell.plays.actions import incidents as deeds
from keepwell.plays.queries import autopsies as departed
from keepwell.plays.queries import incidents, war_room
from keepwell.plays.queries import practices as declared

router = Router()
files = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FOUND = {401: Problem, 404: Problem, 422: Problem}
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]
FILE: dict[str, Any] = {
    "responses": {200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}
PDF: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file.",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class IncidentIn(Schema):
    """An incident that no rule saw, `about` one of the declared causes; `clock_hours` of the call, if not as declared."""

    account: Text
    title: Text
    note: Text = ""
    about: Text = deeds.OTHER
    clock_hours: float | None = None


class ClosureIn(Schema):
    """Why it happened and what is done about it: all are needed, unless they were noted before."""

    cause_kind: Text = ""
    cause: Text = ""
    plan: Text = ""


class CauseIn(Schema):
    """Which of the declared causes it is, and in words."""

    cause_kind: Text
    cause: Text


class CorrectivePlanIn(Schema):
    """What will be different, who does it, and by when."""

    plan: Text


class CallIn(Schema):
    """A call that was held: by role who was there, by e-mail address; `held_at` null: now."""

    attended: dict[str, Text]
    held_at: datetime | None = None
    said: Text = ""


class WordsIn(Schema):
    """What is said."""

    words: Text


class ClockOut(Schema):
    """A clock: `counts` is working or calendar time; `step` steps of the path were told since it ran out."""

    kind: str
    counts: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    step: int
    next_step_at: datetime | None


class SeatOut(Schema):
    """A role that is called: who answers for it (empty: nobody), as which role, and who was there for it."""

    role: str
    name: str
    email: str
    as_role: str
    attended: str


class TellingOut(Schema):
    """Who was told what, when and why; `mail_state` of the mail about it, empty for none."""

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


class HappeningOut(Schema):
    """One thing that happened."""

    at: datetime
    kind: str
    who: str
    text: str
    more: list[str]


class WarRoomOut(Schema):
    """An incident with all that belongs to it; `happened` has the latest first."""

    incident: IncidentOut
    clocks: list[ClockOut]
    called: list[SeatOut]
    told: list[TellingOut]
    cause_kind: str
    cause: str
    plan: str
    evidence: dict[str, Any]
    happened: list[HappeningOut]


class PracticeOut(Schema):
    """How incidents are answered: of a segment, or of all other accounts (empty)."""

    segment: str
    practice: dict[str, Any]
    declared_at: datetime | None
    declared_by: str


class PracticeIn(Schema):
    """How incidents are answered from now on; what is left out is as usual."""

    segment: Text = ""
    practice: dict[str, Any]


class AutopsyOut(Schema):
    """A departure looked back on; `missed` is none, late_response, put_aside, no_response, no_firing or no_rule.

    `findings.alarms` counts alarms that fired, reached somebody, were answered or only put aside; each of
    `findings.signals` names whom it reached (`told`) and who answered how (`answers`).
    """

    id: int
    account_key: str
    account_name: str
    left_on: str
    written_at: datetime
    arr: MoneyOut | None
    missed: str
    lead_days: int | None
    findings: dict[str, Any]


class LessonsOut(Schema):
    """What all autopsies that one may see teach together; the last four count alarms."""

    count: int
    signalled: int
    responded: int
    in_time: int
    median_lead_days: float | None
    missed: dict[str, int]
    fired: int
    delivered: int
    answered: int
    put_aside: int


class AutopsiesOut(Schema):
    """All autopsies that one may see, the latest departure first."""

    lessons: LessonsOut
    autopsies: list[AutopsyOut]


@router.get("", response={200: list[IncidentOut], 401: Problem, 422: Problem})
def list_incidents(request: Asked, closed: bool = False) -> list[IncidentOut]:
    """Open incidents, the shortest clock first; with `closed` the last closed ones instead."""
    found = (
        incidents.recently_closed(seen_by=request.auth)
        if closed
        else incidents.open_ones(seen_by=request.auth)
    )
    return [out(incident) for incident in found]


@router.get("/practices", response={200: list[PracticeOut], 401: Problem})
def list_practices(request: Asked) -> list[dict[str, Any]]:
    """How incidents are answered: of all accounts first, then of segments in their order."""
    return [
        {**vars(one), "practice": one.practice.written} for one in declared.everything(seen_by=request.auth)
    ]


@router.put("/practices", response={200: list[PracticeOut], **PROBLEMS})
def declare_practice(request: Asked, given: PracticeIn) -> list[dict[str, Any]]:
    """Say how incidents are answered from now on; a path that goes through a PM is refused."""
    practices.declare(definition=given.practice, segment=given.segment, by=request.auth, at=clock.now())
    return list_practices(request)


@router.get("/autopsies", response={200: AutopsiesOut, 401: Problem})
def list_autopsies(request: Asked) -> dict[str, Any]:
    """Who left, what could have been known of it, and what all of them teach."""
    found = departed.everything(seen_by=request.auth)
    return {"lessons": vars(departed.lessons(found)), "autopsies": [_autopsy(one) for one in found]}


@router.get("/autopsies/{int:autopsy_id}", response={200: AutopsyOut, **FOUND})
def get_autopsy(request: Asked, autopsy_id: Number) -> dict[str, Any]:
    """One departure."""
    return _autopsy(departed.find(autopsy_id=autopsy_id, seen_by=request.auth))


@router.get("/autopsies/{int:autopsy_id}/report.pdf", response=FOUND, openapi_extra=PDF)
def get_autopsy_report(request: Asked, autopsy_id: Number) -> HttpResponse:
    """One departure as a PDF."""
    found = departed.find(autopsy_id=autopsy_id, seen_by=request.auth)
    return HttpResponse(autopsy_report.pdf(found, at=clock.now()), content_type="application/pdf")


@router.get("/{int:incident_id}", response={200: IncidentOut, **FOUND})
def get_incident(request: Asked, incident_id: Number) -> IncidentOut:
    """One incident."""
    return out(incidents.find(incident_id=incident_id, seen_by=request.auth))


@router.get("/{int:incident_id}/war-room", response={200: WarRoomOut, **FOUND})
def get_war_room(request: Asked, incident_id: Number) -> dict[str, Any]:
    """One incident with its clocks, who is called, who was told, what was found, and what happened since."""
    found = war_room.find(incident_id=incident_id, seen_by=request.auth)
    return {
        "incident": out(found.incident),
        "clocks": [vars(one) for one in found.clocks],
        "called": [vars(one) for one in found.seats],
        "told": [vars(one) for one in found.tellings],
        "cause_kind": found.cause_kind,
        "cause": found.cause,
        "plan": found.plan,
        "evidence": found.incident.evidence,
        "happened": [{**vars(one), "more": list(one.more)} for one in found.happened],
    }


@router.post("", response={201: IncidentOut, **PROBLEMS})
def open_incident(request: Asked, given: IncidentIn) -> Status[IncidentOut]:
    """Open an incident by hand."""
    number = deeds.open_by_hand(**given.dict(), by=request.auth, at=clock.now())
    return Status(201, out(incidents.find(incident_id=number, seen_by=request.auth)))


@router.post("/{int:incident_id}/calls", response={201: WarRoomOut, **PROBLEMS})
def note_call(request: Asked, incident_id: Number, given: CallIn) -> Status[dict[str, Any]]:
    """Note that a call was held and who was there."""
    responding.call(incident_id=incident_id, **given.dict(), by=request.auth, at=clock.now())
    return Status(201, get_war_room(request, incident_id))


@router.post("/{int:incident_id}/cause", response={200: WarRoomOut, **PROBLEMS})
def note_cause(request: Asked, incident_id: Number, given: CauseIn) -> dict[str, Any]:
    """Note the root cause; its clock stops."""
    responding.find_cause(
        incident_id=incident_id,
        cause_kind=given.cause_kind,
        text=given.cause,
        by=request.auth,
        at=clock.now(),
    )
    return get_war_room(request, incident_id)


@router.post("/{int:incident_id}/plan", response={200: WarRoomOut, **PROBLEMS})
def note_plan(request: Asked, incident_id: Number, given: CorrectivePlanIn) -> dict[str, Any]:
    """Note the corrective plan; its clock stops."""
    responding.make_plan(incident_id=incident_id, text=given.plan, by=request.auth, at=clock.now())
    return get_war_room(request, incident_id)


@router.post("/{int:incident_id}/notes", response={201: WarRoomOut, **PROBLEMS})
def write_incident_note(request: Asked, incident_id: Number, given: WordsIn) -> Status[dict[str, Any]]:
    """Write a note; whom it mentions is told."""
    responding.write(incident_id=incident_id, text=given.words, by=request.auth, at=clock.now())
    return Status(201, get_war_room(request, incident_id))


@router.post("/{int:incident_id}/escalation", response={200: WarRoomOut, **PROBLEMS})
def escalate_incident(request: Asked, incident_id: Number, given: WordsIn) -> dict[str, Any]:
    """Go straight to the executive."""
    escalating.by_hand(incident_id=incident_id, words=given.words, by=request.auth, at=clock.now())
    return get_war_room(request, incident_id)


@router.post("/{int:incident_id}/closure", response={200: IncidentOut, **PROBLEMS})
def close_incident(request: Asked, incident_id: Number, given: ClosureIn) -> IncidentOut:
    """Close an incident with its cause and its plan."""
    deeds.close(incident_id=incident_id, **given.dict(), by=request.auth, at=clock.now())
    return out(incidents.find(incident_id=incident_id, seen_by=request.auth))


@router.delete("/{int:incident_id}/closure", response={200: IncidentOut, **PROBLEMS})
def reopen_incident(request: Asked, incident_id: Number) -> IncidentOut:
    """Take a closure back."""
    deeds.reopen(incident_id=incident_id, by=request.auth, at=clock.now())
    return out(incidents.find(incident_id=incident_id, seen_by=request.auth))


@files.get("/incidents.csv", openapi_extra=FILE, response={401: Problem})
def incidents_file(request: Asked) -> StreamingHttpResponse:
    """The open incidents and the last closed ones as a file."""
    return streamed("incidents", incident_files.INCIDENT_COLUMNS, incident_files.incidents(_all(request)))


@files.get("/autopsies.csv", openapi_extra=FILE, response={401: Problem})
def autopsies_file(request: Asked) -> StreamingHttpResponse:
    """All autopsies that one may see as a file."""
    found = departed.everything(seen_by=request.auth)
    return streamed("autopsies", incident_files.AUTOPSY_COLUMNS, incident_files.autopsies(found))


def _all(request: Asked) -> tuple[incidents.IncidentView, ...]:
    return (*incidents.open_ones(seen_by=request.auth), *incidents.recently_closed(seen_by=request.auth))


def _autopsy(one: departed.AutopsyView) -> dict[str, Any]:
    money = None if one.arr is None else {"amount": one.arr.amount, "currency": one.arr.currency}
    return {**vars(one), "left_on": one.left_on.isoformat(), "arr": money}


def out(incident: incidents.IncidentView) -> IncidentOut:
    """An incident as an answer shows it."""
    return IncidentOut(
        id=incident.id,
        account=incident.account_key,
        matter=incident.matter,
        title=incident.title,
        reason=incident.reason,
        opened_at=incident.opened_at,
        due_at=incident.due_at,
        open=incident.open,
        cause_kind=incident.cause_kind,
        cause=incident.cause,
        plan=incident.plan,
        closed_at=incident.closed_at,
    )
