"""What happens while a success plan runs, over the REST API: readings, outcomes, steps, views of success."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.plans import PROBLEMS, Figure, Name, Number, Text, Visibility
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.outcomes.actions import opinions, progress
from keepwell.outcomes.queries import plans

router = Router()


class PlanReadingIn(Schema):
    """What an indicator stood at, and where that is seen."""

    value: Figure
    on: date
    evidence: Text


class PlanReachIn(Schema):
    """On which day an outcome was there, and where that is seen."""

    on: date
    evidence: Text = ""


class PlanDoneIn(Schema):
    """On which day a step was done."""

    on: date


class PlanOpinionIn(Schema):
    """What one of their people (by key) calls success, of the plan or of one outcome (by slug)."""

    person: Text
    text: Text
    said_on: date
    objective: Text = ""
    labels: dict[str, Visibility] = {}


class PlanOpinionOut(Schema):
    """What one of theirs calls success; settled when `resolution` says how."""

    id: int
    person: str
    objective: str
    text: str
    said_on: date
    resolution: str


class PlanResolutionIn(Schema):
    """How it was settled."""

    text: Text


@router.post("/accounts/{key}/plan/indicators/{slug}/readings", response={204: None, **PROBLEMS})
def read_plan_indicator(request: Asked, key: Name, slug: Name, told: PlanReadingIn) -> HttpResponse:
    """Note what an indicator that is bound to no metric stood at."""
    progress.read(account=key, indicator=slug, **told.dict(), by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.put("/accounts/{key}/plan/objectives/{slug}/reach", response={204: None, **PROBLEMS})
def reach_plan_objective(request: Asked, key: Name, slug: Name, told: PlanReachIn) -> HttpResponse:
    """Note that an outcome is there."""
    progress.reach(account=key, objective=slug, **told.dict(), by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.delete("/accounts/{key}/plan/objectives/{slug}/reach", response={204: None, **PROBLEMS})
def unreach_plan_objective(request: Asked, key: Name, slug: Name) -> HttpResponse:
    """Say that an outcome is not there after all."""
    progress.unreach(account=key, objective=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.put("/accounts/{key}/plan/steps/{slug}/completion", response={204: None, **PROBLEMS})
def finish_plan_step(request: Asked, key: Name, slug: Name, told: PlanDoneIn) -> HttpResponse:
    """Note that a step is done."""
    progress.finish(account=key, step=slug, on=told.on, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.delete("/accounts/{key}/plan/steps/{slug}/completion", response={204: None, **PROBLEMS})
def reopen_plan_step(request: Asked, key: Name, slug: Name) -> HttpResponse:
    """Say that a step is not done after all."""
    progress.reopen(account=key, step=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.get("/accounts/{key}/plan/views", response={200: list[PlanOpinionOut], 401: Problem, 404: Problem})
def list_plan_views(request: Asked, key: Name) -> list[PlanOpinionOut]:
    """What each of theirs calls success, unsettled views first."""
    found = plans.find(account=key, seen_by=request.auth, day=clock.now().date())
    return [PlanOpinionOut.from_orm(one) for one in found.opinions]


@router.post("/accounts/{key}/plan/views", response={201: PlanOpinionOut, **PROBLEMS})
def note_plan_view(request: Asked, key: Name, told: PlanOpinionIn) -> Any:
    """Note what one of theirs calls success."""
    number = opinions.note(account=key, **told.dict(), by=request.auth, at=clock.now())
    found = plans.find(account=key, seen_by=request.auth, day=clock.now().date())
    return Status(201, PlanOpinionOut.from_orm(next(one for one in found.opinions if one.id == number)))


@router.put("/accounts/{key}/plan/views/{opinion_id}/resolution", response={204: None, **PROBLEMS})
def settle_plan_view(request: Asked, key: Name, opinion_id: Number, told: PlanResolutionIn) -> HttpResponse:
    """Note how a view was settled."""
    opinions.resolve(account=key, opinion_id=opinion_id, text=told.text, by=request.auth, at=clock.now())
    return HttpResponse(status=204)
