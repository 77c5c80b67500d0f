"""Scores over the REST API."""

from datetime import date

from ninja import Router

from keepwell.faces import asked, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem, ScoreList, ScoreOut

router = Router()


@router.get("", response={200: ScoreList, 401: Problem, 404: Problem, 422: Problem})
def list_scores(
    request: Asked, as_of: date | None = None, known_at: date | None = None, account: str | None = None
) -> ScoreList:
    """Scores as of a day (today), from what is known now or was known at the end of another day; the lowest first."""
    day = as_of or clock.today()
    rows = asked.scores(
        as_of=day, known_at=known_at, accounts=[account] if account else None, seen_by=request.auth
    )
    return ScoreList(as_of=day, items=[ScoreOut.from_orm(row) for row in rows])
