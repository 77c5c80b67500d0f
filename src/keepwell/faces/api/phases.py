"""Phases over the REST API: which segments are phases in which order, and the phase of an account with its history."""

from datetime import date
from typing import Literal

from django.http import HttpResponse
from ninja import Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.ledger.queries import accounts
from keepwell.segments.actions import phases as deeds
from keepwell.segments.queries import phases

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class PhasesIn(Schema):
    """The segments that are phases, in order: an account is in the first whose condition holds."""

    phases: list[str]


class PhaseOut(Schema):
    """A phase, and how many present customers of those that the token's owner may see are in it now."""

    phase: str
    title: str
    accounts: int


class SpanOut(Schema):
    """An account was in a phase from a day on until another (null: still): by a rule, by hand, or as it came in."""

    phase: str
    title: str
    since: date | None
    until: date | None
    by: Literal["rule", "hand", "import"]
    because: list[str]
    who: str


class PhaseOverrideIn(Schema):
    """In which phase somebody says that an account is, and why."""

    phase: str
    reason: str


@router.get("/phases", response={200: list[PhaseOut], 401: Problem})
def list_phases(request: Asked) -> list[PhaseOut]:
    """The phases in their order, with how many accounts are in each."""
    return [PhaseOut.from_orm(row) for row in phases.counts(seen_by=request.auth)]


@router.put("/phases", response={200: list[PhaseOut], **PROBLEMS})
def put_phases(request: Asked, told: PhasesIn) -> list[PhaseOut]:
    """Say which segments are phases, in which order; an empty list takes the rules away."""
    deeds.declare(slugs=told.phases, by=request.auth, at=clock.now())
    tasks.nudge()
    return list_phases(request)


@router.get("/phases/{path:account}", response={200: list[SpanOut], 401: Problem, 404: Problem})
def get_phases(request: Asked, account: str) -> list[SpanOut]:
    """In which phases an account was, the present one first."""
    found = accounts.find(key=account, seen_by=request.auth)
    return [SpanOut.from_orm(row) for row in phases.history(account_id=found.id, seen_by=request.auth)]


@router.post("/phases/{path:account}", response={201: list[SpanOut], **PROBLEMS})
def override_phase(request: Asked, account: str, told: PhaseOverrideIn) -> Status[list[SpanOut]]:
    """Say in which phase an account is, whatever the rules say."""
    deeds.override(account=account, phase=told.phase, reason=told.reason, by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(201, get_phases(request, account))


@router.delete("/phases/{path:account}", response={204: None, **PROBLEMS})
def end_phase(request: Asked, account: str) -> HttpResponse:
    """Let the rules say it again."""
    deeds.end(account=account, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)
