"""Office hours over the REST API: weekly slots, and each hour with its questions."""

from datetime import datetime, time
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.plays.actions import office_hours as deeds
from keepwell.plays.queries import office_hours

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]


class SlotOut(Schema):
    """A weekly slot, of one account or (empty key) of all; `weekday` 0 is Monday."""

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


class SlotIn(Schema):
    """A weekly slot to be held from now on; `host` by e-mail address."""

    title: Short
    weekday: int
    clock: time
    zone: Short = "UTC"
    minutes: int = 60
    place: Short = ""
    account: Short = ""
    host: Short = ""


class OfficeHourOut(Schema):
    """One week's hour; `attended` are keys of people."""

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
    attended: list[str]
    questions: int


class QuestionOut(Schema):
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


class HeldIn(Schema):
    """How an hour went; `attended` are keys of people."""

    attended: list[Short]
    minutes: int | None = None
    note: Text = ""


class OfficeHourHeldOut(Schema):
    """How many tickets it concerned."""

    tickets: int


@router.get("/slots", response={200: list[SlotOut], **PROBLEMS})
def list_slots(request: Asked) -> list[SlotOut]:
    """Weekly slots, the next first."""
    found = office_hours.slots_of(seen_by=request.auth, at=clock.now())
    return [SlotOut.from_orm(one) for one in found]


@router.post("/slots", response={201: SlotOut, **PROBLEMS})
def make_slot(request: Asked, given: SlotIn) -> Status[SlotOut]:
    """Hold an hour every week from now on."""
    said = given.dict()
    said["clock"] = given.clock.replace(tzinfo=None)
    number = deeds.make(wanted=deeds.Wanted(**said), by=request.auth, at=clock.now())
    found = office_hours.slots_of(seen_by=request.auth, at=clock.now())
    return Status(201, next(SlotOut.from_orm(one) for one in found if one.id == number))


@router.delete("/slots/{int:slot_id}", response={204: None, **PROBLEMS})
def end_slot(request: Asked, slot_id: Number) -> HttpResponse:
    """Hold it no more."""
    deeds.end(office_hour_id=slot_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.get("", response={200: list[OfficeHourOut], **PROBLEMS})
def list_office_hours(request: Asked) -> list[OfficeHourOut]:
    """Hours with questions and those that were held."""
    found = office_hours.sessions(seen_by=request.auth, at=clock.now())
    return [OfficeHourOut.from_orm(one) for one in found]


@router.get("/{int:session_id}/questions", response={200: list[QuestionOut], **PROBLEMS})
def list_questions(request: Asked, session_id: Number) -> list[QuestionOut]:
    """What is asked in one, and by whom."""
    office_hours.find(session_id=session_id, seen_by=request.auth)
    found = office_hours.questions(session_id=session_id, seen_by=request.auth)
    return [QuestionOut.from_orm(one) for one in found]


@router.post("/{int:session_id}/held", response={200: OfficeHourHeldOut, **PROBLEMS})
def hold_office_hour(request: Asked, session_id: Number, given: HeldIn) -> OfficeHourHeldOut:
    """It took place: its tickets are resolved, and who came is noted once."""
    count = deeds.hold(
        session_id=session_id, attended=given.attended, minutes=given.minutes, note=given.note, by=request.auth,
        at=clock.now(),
    )  # fmt: skip
    tasks.nudge()
    return OfficeHourHeldOut(tickets=count)


@router.post("/{int:session_id}/move", response={200: OfficeHourHeldOut, **PROBLEMS})
def move_office_hour(request: Asked, session_id: Number) -> OfficeHourHeldOut:
    """It did not take place: its questions go into the next one."""
    return OfficeHourHeldOut(tickets=deeds.move_on(session_id=session_id, by=request.auth, at=clock.now()))
