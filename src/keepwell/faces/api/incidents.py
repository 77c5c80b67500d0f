"""Incidents over the REST API."""

from typing import Annotated

from ninja import Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import IncidentOut, Problem
from keepwell.plays.actions import incidents as deeds
from keepwell.plays.queries import incidents

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]


class IncidentIn(Schema):
    """An incident that no rule saw: its clock runs for so many hours from now on."""

    account: Text
    title: Text
    note: Text = ""
    clock_hours: float = deeds.CLOCK_HOURS


class ClosureIn(Schema):
    """Why it happened and what is done about it; both are needed."""

    cause: Text
    plan: Text


@router.get("", response={200: list[IncidentOut], 401: Problem, 422: Problem})
def list_incidents(request: Asked, closed: bool = False) -> list[IncidentOut]:
    """Open incidents, the shortest clock first; with `closed` the last closed ones instead."""
    found = (
        incidents.recently_closed(seen_by=request.auth)
        if closed
        else incidents.open_ones(seen_by=request.auth)
    )
    return [out(incident) for incident in found]


@router.get("/{int:incident_id}", response={200: IncidentOut, 401: Problem, 404: Problem, 422: Problem})
def get_incident(request: Asked, incident_id: int) -> IncidentOut:
    """One incident."""
    return out(incidents.find(incident_id=incident_id, seen_by=request.auth))


@router.post("", response={201: IncidentOut, **PROBLEMS})
def open_incident(request: Asked, given: IncidentIn) -> Status[IncidentOut]:
    """Open an incident by hand."""
    number = deeds.open_by_hand(**given.dict(), by=request.auth, at=clock.now())
    return Status(201, out(incidents.find(incident_id=number, seen_by=request.auth)))


@router.post("/{int:incident_id}/closure", response={200: IncidentOut, **PROBLEMS})
def close_incident(request: Asked, incident_id: int, given: ClosureIn) -> IncidentOut:
    """Close an incident with its cause and its plan."""
    deeds.close(incident_id=incident_id, **given.dict(), by=request.auth, at=clock.now())
    return out(incidents.find(incident_id=incident_id, seen_by=request.auth))


def out(incident: incidents.IncidentView) -> IncidentOut:
    """An incident as an answer shows it."""
    return IncidentOut(
        id=incident.id,
        account=incident.account_key,
        title=incident.title,
        reason=incident.reason,
        opened_at=incident.opened_at,
        due_at=incident.due_at,
        open=incident.open,
        cause=incident.cause,
        plan=incident.plan,
        closed_at=incident.closed_at,
    )
