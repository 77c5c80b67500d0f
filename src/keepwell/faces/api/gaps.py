"""The one list of product gaps over the REST API; the rows themselves are written under records."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.outcomes.actions import gap_wordings
from keepwell.outcomes.queries import shared_gaps
from keepwell.plays.actions import gaps as deeds
from keepwell.plays.queries import gaps

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Key = Annotated[str, StringConstraints(max_length=220, pattern=r"^[^\x00]*$")]
Status = Literal["open", "planned", "shipped", "declined"]


class RankOut(Schema):
    """Points of 100: up to 60 for ARR, up to 40 for pain."""

    points: float
    arr: float
    pain: float


class GapOut(Schema):
    """A gap with what was merged into it; `unstated` of its accounts state no ARR."""

    key: str
    title: str
    description: str
    status: str
    shipped_at: datetime | None
    rank: RankOut
    arr: MoneyOut | None
    accounts: int
    unstated: int
    requests: int
    tickets: int
    people: int
    severity: str
    first_at: datetime | None
    untold: int
    merged: list[tuple[str, str]]


class GapRequestOut(Schema):
    """Who asked; `told` says how they are told: a state of their letter, same, no_address or by_hand."""

    key: str
    gap: str
    account_key: str
    account_name: str
    arr: MoneyOut | None
    person: str
    email: str
    asked_at: datetime
    note: str
    told_at: datetime | None
    told: str


class GapChange(Schema):
    """A status, or the key of the gap that it is the same as (empty: of none any more)."""

    gap: Key
    status: Status | None = None
    merged_into: Key | None = None


class GapWordingIn(Schema):
    """What customers who asked for a gap read of it; empty: nothing, it is ours alone."""

    gap: Key
    words: Text


class GapWordingOut(Schema):
    """What customers read of a gap; empty where it is ours alone."""

    gap: str
    words: str


class TellingIn(Schema):
    """What those who asked are to be told."""

    gap: Key
    text: Text


class GapTellingOut(Schema):
    """Letters on their way, and requests of whom no address is known."""

    letters: int
    unwritten: int


class ToldIn(Schema):
    """Keys of requests whose people were told otherwise."""

    requests: list[Key]


@router.get("", response={200: list[GapOut], **PROBLEMS})
def list_ranked_gaps(
    request: Asked, state: Literal["all", "open", "planned", "shipped", "declined"] = "all", search: Key = ""
) -> list[GapOut]:
    """Gaps, the one that comes first on top; counted over the accounts that the asker may see."""
    found = gaps.ranked(seen_by=request.auth, at=clock.now(), state=state, search=search)
    return [GapOut.from_orm(one) for one in found]


@router.get("/requests", response={200: list[GapRequestOut], **PROBLEMS})
def list_gap_requests(request: Asked, gap: Key) -> list[GapRequestOut]:
    """Who asked for a gap, or for one merged into it."""
    gaps.find(key=gap, seen_by=request.auth, at=clock.now())
    return [GapRequestOut.from_orm(one) for one in gaps.requests(key=gap, seen_by=request.auth)]


@router.patch("", response={204: None, **PROBLEMS})
def change_gap(request: Asked, given: GapChange) -> HttpResponse:
    """Say how it stands with a gap, or that it is the same as another."""
    by, at = request.auth, clock.now()
    if given.status is not None:
        deeds.set_status(gap=given.gap, status=given.status, by=by, at=at)
    if given.merged_into:
        deeds.merge(gap=given.gap, into=given.merged_into, by=by, at=at)
    elif given.merged_into == "":
        deeds.split(gap=given.gap, by=by, at=at)
    tasks.nudge()
    return HttpResponse(status=204)


@router.get("/wording", response={200: GapWordingOut, **PROBLEMS})
def get_gap_wording(request: Asked, gap: Key) -> GapWordingOut:
    """What customers who asked for a gap read of it in their decks."""
    gaps.find(key=gap, seen_by=request.auth, at=clock.now())
    return GapWordingOut(gap=gap, words=shared_gaps.wording(gap=gap, seen_by=request.auth))


@router.put("/wording", response={200: GapWordingOut, **PROBLEMS})
def word_gap(request: Asked, given: GapWordingIn) -> GapWordingOut:
    """Say what customers read of a gap, or with no words that they read nothing."""
    told: dict[str, Any] = {"gap": given.gap, "by": request.auth, "at": clock.now()}
    if given.words.strip():
        gap_wordings.write(words=given.words, **told)
    else:
        gap_wordings.drop(**told)
    return GapWordingOut(gap=given.gap, words=shared_gaps.wording(gap=given.gap, seen_by=request.auth))


@router.post("/telling", response={200: GapTellingOut, **PROBLEMS})
def tell_back(request: Asked, given: TellingIn) -> GapTellingOut:
    """Write to whoever asked for a shipped gap and was not told: each address one letter."""
    done = deeds.tell_back(gap=given.gap, text=given.text, by=request.auth, at=clock.now())
    tasks.nudge()
    return GapTellingOut(letters=done.letters, unwritten=done.unwritten)


@router.post("/told", response={204: None, **PROBLEMS})
def told_by_hand(request: Asked, given: ToldIn) -> HttpResponse:
    """Note that they were told otherwise."""
    deeds.told_by_hand(requests=given.requests, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)
