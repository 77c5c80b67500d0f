"""Runs of playbooks over the REST API: start one, read it, pause it, do its steps, cancel it and take that back."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.playbooks import (
    MOST,
    PROBLEMS,
    RunIdOut,
    RunIn,
    RunOut,
    RunPage,
    RunStepOut,
    RunWithSteps,
    StepDeedIn,
    WhyIn,
)
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.plays.actions import runs as deeds
from keepwell.plays.queries import runs

router = Router()


@router.post("/runs", response={201: RunIdOut, **PROBLEMS})
def start_run(request: Asked, told: RunIn) -> Status[RunIdOut]:
    """Start a playbook for an account."""
    run = deeds.start(**told.dict(), by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(201, RunIdOut(id=run))


@router.get("/runs", response={200: RunPage, 401: Problem, 422: Problem})
def list_runs(
    request: Asked,
    state: str = "",
    playbook: str = "",
    account: str = "",
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> RunPage:
    """Runs, the latest first; `state` open or over."""
    asked = runs.read(state=state, playbook=playbook, account=account)
    found = runs.page(asked=asked, seen_by=request.auth, before=before, limit=limit)
    return RunPage(items=[_out(one) for one in found], next=found[-1].id if len(found) == limit else None)


@router.get("/runs/{int:run_id}", response={200: RunWithSteps, 401: Problem, 404: Problem})
def get_run(request: Asked, run_id: int) -> RunWithSteps:
    """One run with its steps."""
    run = _out(runs.find(run_id=run_id, seen_by=request.auth))
    steps = runs.steps(run_id=run_id, seen_by=request.auth)
    return RunWithSteps(**run.dict(), steps=[RunStepOut.from_orm(step) for step in steps])


@router.post("/runs/{int:run_id}/pause", response={204: None, **PROBLEMS})
def pause_run(request: Asked, run_id: int, told: WhyIn) -> HttpResponse:
    """Let it rest."""
    deeds.pause(run_id=run_id, because=told.because, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.delete("/runs/{int:run_id}/pause", response={204: None, **PROBLEMS})
def resume_run(request: Asked, run_id: int) -> HttpResponse:
    """Let it go on; what was due moves by as long as it rested."""
    deeds.go_on(run_id=run_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/runs/{int:run_id}/cancellation", response={204: None, **PROBLEMS})
def cancel_run(request: Asked, run_id: int, told: WhyIn) -> HttpResponse:
    """End it before its time."""
    deeds.cancel(run_id=run_id, because=told.because, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.delete("/runs/{int:run_id}/cancellation", response={204: None, **PROBLEMS})
def take_cancellation_back(request: Asked, run_id: int) -> HttpResponse:
    """Let a cancelled run go on where it was."""
    deeds.take_back(run_id=run_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/runs/{int:run_id}/steps/{slug}", response={204: None, **PROBLEMS})
def do_run_step(request: Asked, run_id: int, slug: str, told: StepDeedIn) -> HttpResponse:
    """Complete or approve a step, refuse an approval, or skip a step."""
    asked: dict[str, Any] = {"run_id": run_id, "step": slug, "by": request.auth, "at": clock.now()}
    if told.deed == "complete":
        deeds.complete(**asked, note=told.because)
    else:
        (deeds.skip if told.deed == "skip" else deeds.refuse)(**asked, because=told.because)
    tasks.nudge()
    return HttpResponse(status=204)


def _out(run: runs.RunView) -> RunOut:
    return RunOut(**{**vars(run), "account": run.account_key, "name": run.account_name})
