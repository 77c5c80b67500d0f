"""Incidents over the REST API."""

from ninja import Router

from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import IncidentOut, Problem
from keepwell.plays.queries import incidents

router = Router()


@router.get("", response={200: list[IncidentOut], 401: Problem, 422: Problem})
def list_incidents(request: Asked, closed: bool = False) -> list[IncidentOut]:
    """Open incidents, the shortest clock first; with `closed` the last closed ones instead."""
    found = (
        incidents.recently_closed(seen_by=request.auth)
        if closed
        else incidents.open_ones(seen_by=request.auth)
    )
    return [_out(incident) for incident in found]


@router.get("/{int:incident_id}", response={200: IncidentOut, 401: Problem, 404: Problem, 422: Problem})
def get_incident(request: Asked, incident_id: int) -> IncidentOut:
    """One incident."""
    return _out(incidents.find(incident_id=incident_id, seen_by=request.auth))


def _out(incident: incidents.IncidentView) -> IncidentOut:
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
