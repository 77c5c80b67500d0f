"""What is declared of the journey of customers, over the API: read, previewed, declared."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.queries import journey_preview, journeys

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 422: Problem}
Stands = Literal["ready", "stalled", "under_way"]


class JourneyDeclarationOut(Schema):
    """A declared journey: in force while `ended_at` is null; as usual where nobody declared one."""

    definition: dict[str, Any]
    declared_at: datetime | None
    declared_by: str
    ended_at: datetime | None


class JourneyDeclarationIn(Schema):
    """The criteria of phases and what first value is, as in a practice pack's journey.toml."""

    definition: dict[str, Any]


class Pair(Schema):
    """A figure by what holds, and by what is previewed."""

    before: int
    after: int


class NamedAccountOut(Schema):
    """An account that is named for the others, the one with the largest ARR first."""

    key: str
    name: str


class PhasePreviewOut(Schema):
    """A phase with who is in it today: ready (its end holds), longer than expected, there though its beginning fails."""

    phase: str
    title: str
    now: int
    ready: Pair
    stalled: Pair
    early: Pair


class OnwardOut(Schema):
    """Accounts of a phase that are ready, and the phase that follows ("" where none does)."""

    phase: str
    to: str
    before: int
    after: int
    first: list[NamedAccountOut]


class TurnedOut(Schema):
    """Accounts of a phase that would stand otherwise."""

    phase: str
    before: Stands
    after: Stands
    accounts: int
    first: list[NamedAccountOut]


class JourneyPreviewOut(Schema):
    """What a declaration would say of the accounts of today; nothing is written."""

    accounts: int
    phases: list[PhasePreviewOut]
    onward: list[OnwardOut]
    turned: list[TurnedOut]


@router.get("/journey/declarations", response={200: list[JourneyDeclarationOut], 401: Problem})
def list_journeys(request: Asked) -> list[dict[str, Any]]:
    """What is in force, then what was declared before."""
    return [{**vars(one), "definition": one.journey.written} for one in journeys.everything()]


@router.put("/journey/declarations", response={200: list[JourneyDeclarationOut], **PROBLEMS})
def declare_journey(request: Asked, given: JourneyDeclarationIn) -> list[dict[str, Any]]:
    """Say by what phases begin and end from now on, and what first value is."""
    deeds.declare(definition=given.definition, by=request.auth, at=clock.now())
    return list_journeys(request)


@router.post("/journey/declarations/preview", response={200: JourneyPreviewOut, **PROBLEMS})
def preview_journey(request: Asked, given: JourneyDeclarationIn) -> dict[str, Any]:
    """What it would say of the accounts of today beside what is in force; nothing is written."""
    request.auth.require("config.change")
    found = journey_preview.find(definition=given.definition, seen_by=request.auth, day=clock.now().date())
    told = [
        {**vars(one), **{name: _pair(getattr(one, name)) for name in ("ready", "stalled", "early")}}
        for one in found.phases
    ]
    return {**vars(found), "phases": told}


def _pair(told: tuple[int, int]) -> dict[str, int]:
    return {"before": told[0], "after": told[1]}
