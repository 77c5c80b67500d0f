"""What a person and the company decided about how Keepwell looks and counts, over the REST API."""

from typing import Annotated, Any

from ninja import Body, Router

from keepwell.access.actions import decisions as deeds
from keepwell.access.queries import decisions, users
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.kernel.errors import Forbidden

router = Router()
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 422: Problem}


@router.get("/company", response={200: dict[str, Any], **REFUSALS})
def company(request: Asked) -> dict[str, Any]:
    """What the company decided, or the defaults: name, fiscal year, working days, holidays, time zone, language."""
    del request
    return decisions.company().said


@router.patch("/company", response={200: dict[str, Any], **REFUSALS})
def decide(request: Asked, said: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Decide some of it; the rest stays."""
    deeds.decide(said=said, by=request.auth, at=clock.now())
    return decisions.company().said


@router.get("/preferences", response={200: dict[str, Any], **REFUSALS})
def preferences(request: Asked) -> dict[str, Any]:
    """What the token's person prefers, or the defaults."""
    if request.auth.user_id is None:
        raise Forbidden("Only a person has preferences. Use a person's token.")
    return decisions.of(users.preferences(request.auth.user_id))


@router.patch("/preferences", response={200: dict[str, Any], **REFUSALS})
def prefer(request: Asked, said: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Prefer some of it; the rest stays. Needs a token that may write."""
    request.auth.require("work.do")
    return decisions.of(deeds.prefer(said=said, by=request.auth, at=clock.now()))
