"""Overrides over the REST API: where somebody says an account stands, whatever its score says."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpResponse
from ninja import Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Band, Problem
from keepwell.faces.jobs import tasks
from keepwell.health.actions import overrides as deeds
from keepwell.health.queries import overrides
from keepwell.ledger.queries import accounts

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class OverrideIn(Schema):
    """Where the account stands, why, and until which day: 90 days at most."""

    band: Literal["green", "yellow", "red"]
    reason: str
    expires_on: date
    points: float | None = None


class OverrideOut(Schema):
    """An override: it holds while `ended_at` is null. `score_points` and `score_band` are what the score said at first."""

    account: str
    name: str
    band: Band
    points: float | None
    reason: str
    by: str
    made_at: datetime
    expires_on: date
    score_points: float | None
    score_band: Band
    ended_at: datetime | None
    ended_by: str
    end_reason: str


@router.get("/overrides", response={200: list[OverrideOut], 401: Problem, 404: Problem})
def list_overrides(request: Asked, account: str | None = None) -> list[OverrideOut]:
    """Every override that holds, or every one that an account ever had."""
    if account is None:
        found = overrides.holding(seen_by=request.auth)
    else:
        one = accounts.find(key=account, seen_by=request.auth)
        found = overrides.of_account(account_id=one.id, seen_by=request.auth)
    return [OverrideOut.from_orm(row) for row in found]


@router.post("/overrides/{path:account}", response={201: OverrideOut, **PROBLEMS})
def override(request: Asked, account: str, told: OverrideIn) -> Status[OverrideOut]:
    """Say where an account stands."""
    made = deeds.override(
        account=account,
        band=told.band,
        points=told.points,
        reason=told.reason,
        expires_on=told.expires_on,
        by=request.auth,
        at=clock.now(),
    )
    tasks.nudge()
    return Status(201, OverrideOut.from_orm(overrides.view(made)))


@router.delete("/overrides/{path:account}", response={204: None, **PROBLEMS})
def end(request: Asked, account: str, reason: str = "") -> HttpResponse:
    """End an account's override before its day."""
    deeds.end(account=account, reason=reason, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)
