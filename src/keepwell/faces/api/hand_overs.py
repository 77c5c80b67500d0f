"""Hand-overs over the REST API: make one, read its pack, accept it; and what breaks if somebody leaves."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Path, Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.drafting import hand_over_report
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.incidents import PDF
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.kernel.errors import NotFound
from keepwell.plays.actions import hand_overs as deeds
from keepwell.plays.queries import continuity, hand_overs
from keepwell.plays.queries.hand_overs import HandOverView, Pack

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FOUND = {401: Problem, 404: Problem, 422: Problem}
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]
User = Annotated[int, Query(ge=1, le=2**62, description="Whose accounts: the number of a colleague.")]
Kind = Literal["sales_to_cs", "pm_to_csm", "csm_to_csm"]


class HandOverIn(Schema):
    """An account and the e-mail address of who takes it; `assign`: from today they are its CSM."""

    account: Text
    kind: Kind = "csm_to_csm"
    to: Text
    note: Text = ""
    assign: bool = False


class HandOverOut(Schema):
    """A hand-over; open while `accepted_at` is null."""

    id: int
    kind: Kind
    account_key: str
    account_name: str
    giver: str
    receiver: str
    receiver_email: str
    note: str
    made_at: datetime
    accepted_at: datetime | None
    accepted_note: str


class HandOverNoteIn(Schema):
    """A note."""

    note: Text = ""


class PackPersonOut(Schema):
    """One of the customer's people."""

    key: str
    name: str
    title: str
    roles: list[str]
    stance: str
    status: str


class PackWorkOut(Schema):
    """Something that is open: a task, an incident, a playbook that runs."""

    what: Literal["task", "incident", "run"]
    id: int
    title: str
    due_at: datetime | None


class PackTalkOut(Schema):
    """A conversation, held or planned."""

    at: datetime
    kind: str
    subject: str
    notes: str
    next_step: str


class PackOut(Schema):
    """What the next one has to know of the account as it is now; the cadence stands under its own address."""

    handover: HandOverOut
    arr: MoneyOut | None
    renewal_date: date | None
    points: float | None
    band: str
    why: str
    people: list[PackPersonOut]
    open: list[PackWorkOut]
    planned: list[PackTalkOut]
    spoken: list[PackTalkOut]


class ContinuityOut(Schema):
    """An account of a colleague, and what breaks if they leave today."""

    key: str
    name: str
    arr: MoneyOut | None
    others: int
    tasks: int
    incidents: int
    runs: int
    threads: int
    written: bool | None
    meetings: int
    breaks: list[str]


@router.get("", response={200: list[HandOverOut], **FOUND})
def list_handovers(request: Asked, whose: Literal["mine", "given", "all"] = "all") -> list[HandOverView]:
    """Hand-overs to the token's owner, by them, or all that they may see; open ones first."""
    return list(hand_overs.page(whose=whose, seen_by=request.auth))


@router.post("", response={201: HandOverOut, **PROBLEMS})
def make(request: Asked, given: HandOverIn) -> Status[HandOverView]:
    """Hand an account to a colleague who may see it, or does from today on."""
    number = deeds.make(
        account=given.account,
        wanted=deeds.Wanted(given.kind, given.to, given.note, given.assign),
        by=request.auth,
        at=clock.now(),
    )
    return Status(201, hand_overs.find(pack_id=number, seen_by=request.auth))


@router.get("/continuity", response={200: list[ContinuityOut], **FOUND})
def check(request: Asked, of: User | None = None) -> list[dict[str, Any]]:
    """What breaks if a colleague leaves today, account by account; without a number the token's owner."""
    user_id = of or request.auth.user_id
    if user_id is None:
        raise NotFound("There is nobody like that whose accounts you may see.")
    found = continuity.check(user_id=user_id, seen_by=request.auth, now=clock.now())
    return [{**vars(one), "breaks": list(one.breaks)} for one in found.rows]


@router.get("/{number}", response={200: PackOut, **FOUND})
def show(request: Asked, number: Number) -> dict[str, Any]:
    """One, with all that the next one has to know."""
    found, pack = _pack(request, number)
    points, band = pack.score.stands if pack.score is not None else (None, "unknown")
    return {
        "handover": found,
        "arr": pack.account.arr or pack.account.arr_reporting,
        "renewal_date": pack.account.renewal_date,
        "points": points,
        "band": band,
        "why": pack.reason,
        "people": [{**vars(one), "roles": list(one.roles)} for one in pack.people],
        "open": [
            *(
                {"what": "incident", "id": one.id, "title": one.title, "due_at": one.due_at}
                for one in pack.incidents
            ),
            *({"what": "task", "id": one.id, "title": one.title, "due_at": one.due_at} for one in pack.tasks),
            *({"what": "run", "id": one.id, "title": one.title, "due_at": None} for one in pack.runs),
        ],
        "planned": [vars(one) for one in pack.planned],
        "spoken": [vars(one) for one in pack.spoken],
    }


@router.get("/{number}/pack.pdf", openapi_extra=PDF)
def as_pdf(request: Asked, number: Number) -> HttpResponse:
    """The same as a PDF."""
    found, pack = _pack(request, number)
    return HttpResponse(hand_over_report.pdf(found, pack, at=clock.now()), content_type="application/pdf")


@router.put("/{number}/note", response={200: HandOverOut, **PROBLEMS})
def reword(request: Asked, number: Number, given: HandOverNoteIn) -> HandOverView:
    """Say the note anew while it is open."""
    deeds.reword(pack_id=number, note=given.note, by=request.auth, at=clock.now())
    return hand_overs.find(pack_id=number, seen_by=request.auth)


@router.post("/{number}/acceptance", response={201: HandOverOut, **PROBLEMS})
def accept(request: Asked, number: Number, given: HandOverNoteIn) -> Status[HandOverView]:
    """The receiver has taken the account over."""
    deeds.accept(pack_id=number, note=given.note, by=request.auth, at=clock.now())
    return Status(201, hand_overs.find(pack_id=number, seen_by=request.auth))


@router.delete("/{number}", response={204: None, **PROBLEMS})
def withdraw(request: Asked, number: Number) -> Status[None]:
    """Take an open one back."""
    deeds.withdraw(pack_id=number, by=request.auth, at=clock.now())
    return Status(204, None)


def _pack(request: Asked, number: int) -> tuple[HandOverView, Pack]:
    found = hand_overs.find(pack_id=number, seen_by=request.auth)
    return found, hand_overs.pack(account=found.account_key, seen_by=request.auth, now=clock.now())
