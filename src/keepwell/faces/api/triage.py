"""Triage over the REST API: the inbox, deeds on tickets, and what they changed."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.kernel.errors import Invalid
from keepwell.plays.actions import triage as deeds
from keepwell.plays.actions import triage_ways as ways
from keepwell.plays.queries import effects, triage

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Key = Annotated[str, StringConstraints(max_length=220, pattern=r"^[^\x00]*$")]
Whose = Literal["all", "mine"]
Kind = Literal["", "unknown", "defect", "question", "training_request", "product_gap"]


class WaitingTicketOut(Schema):
    """A ticket that waits for triage; `said` is its source's word where its kind is not known."""

    key: str
    subject: str
    kind: str
    said: str
    severity: str
    escalated: bool
    opened_at: datetime
    account_key: str
    account_name: str
    arr: MoneyOut | None
    person: str
    email: str
    assignee: str
    triager: str


class TriageOut(Schema):
    """What was made of a ticket; `letter` is the state of the letter with the answer, `is_final` once it stands."""

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


class TriageIn(Schema):
    """What to make of tickets: a `kind` is set, or they are answered with an `article`, put into the next office hour, merged
    into a `gap` (its key, or a new one with a `title`), or handed to the account's PM or to whom `to` names."""

    tickets: list[Key]
    deed: Literal["kind", "article", "office_hour", "gap", "pm"]
    kind: Key = ""
    article: int | None = None
    gap: Key = ""
    title: Key = ""
    to: Key = ""
    note: Text = ""


class TriageDoneOut(Schema):
    """The numbers of what was done, and of how many tickets nobody could be written to."""

    ids: list[int]
    unwritten: int


class TriageUndoIn(Schema):
    """The numbers of what is to be taken back."""

    ids: list[int]


class TriageUndoneOut(Schema):
    """How many tickets are as they were, and how many letters had gone out."""

    undone: int
    letters_gone: int


class TriageStartIn(Schema):
    """From which day on an account's tickets are triaged; `pm_had_all` says that the PM had all of them before."""

    account: Key
    began_on: date
    pm_had_all: bool = False


class PmLoadOut(Schema):
    """Tickets a week that reach the PM; `change` is −0.7 for 70 % fewer, with its 95 % interval; `why` it cannot be told."""

    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    why: str
    ready_on: date | None


class ContentOut(Schema):
    """The share of CSAT answers of 4 or 5, null below five answers."""

    before: float | None
    before_answers: int
    after: float | None
    after_answers: int


class LoadWeekOut(Schema):
    """Tickets of one week that reached the PM, and those of which nobody says."""

    begins: date
    is_before: bool
    reached: int
    unsaid: int


class TriageEffectOut(Schema):
    """What triage changed for one account."""

    account_key: str
    account_name: str
    began_on: date
    pm_had_all: bool
    declared: bool
    load: PmLoadOut
    content: ContentOut
    weeks: list[LoadWeekOut]
    waiting: int


@router.get("/tickets", response={200: list[WaitingTicketOut], **PROBLEMS})
def list_waiting_tickets(
    request: Asked,
    whose: Whose = "all",
    kind: Kind = "",
    account: Key = "",
    search: Key = "",
    escalated: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[WaitingTicketOut]:
    """Tickets that wait for triage: unknown kinds first, of each kind the escalated ones, then the oldest."""
    asked = triage.read(whose=whose, kind=kind, account=account, search=search, escalated=escalated)
    found = triage.page(asked=asked, seen_by=request.auth, offset=offset, limit=limit)
    return [WaitingTicketOut.from_orm(one) for one in found]


@router.get("/deeds", response={200: list[TriageOut], **PROBLEMS})
def list_triaged(
    request: Asked,
    whose: Whose = "all",
    account: Key = "",
    search: Key = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[TriageOut]:
    """What was made of tickets, the latest first."""
    asked = triage.read(state="triaged", whose=whose, account=account, search=search)
    found = triage.done(asked=asked, seen_by=request.auth, offset=offset, limit=limit)
    return [TriageOut.from_orm(one) for one in found]


@router.post("/deeds", response={201: TriageDoneOut, **PROBLEMS})
def triage_tickets(request: Asked, given: TriageIn) -> Status[TriageDoneOut]:
    """Make something of tickets: all of them, or none where one is refused."""
    done = _done(request, given)
    tasks.nudge()
    return Status(201, TriageDoneOut(ids=list(done.ids), unwritten=done.unwritten))


def _done(request: Asked, given: TriageIn) -> deeds.Done:
    by, at, keys = request.auth, clock.now(), given.tickets
    if given.deed == "kind":
        return deeds.set_kind(tickets=keys, kind=given.kind, by=by, at=at)
    if given.deed == "article":
        if given.article is None or not 0 < given.article < 2**62:
            raise Invalid("Choose the article that answers it.")
        return ways.answer(tickets=keys, article=given.article, note=given.note, by=by, at=at)
    if given.deed == "office_hour":
        return ways.into_office_hour(tickets=keys, note=given.note, by=by, at=at)
    if given.deed == "gap":
        return ways.into_gap(tickets=keys, gap=given.gap, title=given.title, note=given.note, by=by, at=at)
    return ways.to_pm(tickets=keys, to=given.to, note=given.note, by=by, at=at)


@router.post("/undo", response={200: TriageUndoneOut, **PROBLEMS})
def undo_triage(request: Asked, given: TriageUndoIn) -> TriageUndoneOut:
    """Take triage back: the tickets are as they were. A letter that is out stays out, and the answer says so."""
    if not given.ids or any(not 0 < number < 2**62 for number in given.ids):
        raise Invalid("Choose what to take back.")
    undone, gone = deeds.undo(ids=given.ids, by=request.auth, at=clock.now())
    tasks.nudge()
    return TriageUndoneOut(undone=undone, letters_gone=gone)


@router.put("/starts", response={204: None, **PROBLEMS})
def begin_triage(request: Asked, given: TriageStartIn) -> HttpResponse:
    """Say when triage of an account began."""
    deeds.begin(
        account=given.account,
        began_on=given.began_on,
        pm_had_all=given.pm_had_all,
        by=request.auth,
        at=clock.now(),
    )
    return HttpResponse(status=204)


@router.get("/effect", response={200: list[TriageEffectOut], **PROBLEMS})
def list_triage_effects(request: Asked, account: Key = "") -> list[TriageEffectOut]:
    """The PM's load and CSAT before and after triage began, account by account."""
    now = clock.now()
    if account:
        return [_effect(effects.find(account=account, seen_by=request.auth, at=now))]
    return [_effect(one) for one in effects.everything(seen_by=request.auth, at=now)]


def _effect(one: effects.EffectView) -> TriageEffectOut:
    found = TriageEffectOut.from_orm(one)
    if found.load.high == float("inf"):
        found.load.high = None
    return found
