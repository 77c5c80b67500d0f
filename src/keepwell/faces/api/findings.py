"""What rows of facts add up to: overdue invoices on a day, the demand behind product gaps."""

from datetime import date
from typing import Annotated

from ninja import Query, Router

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import DemandOut, OverdueOut, Problem
from keepwell.kernel.moments import within_reach
from keepwell.ledger.queries import gaps, invoices

router = Router()


@router.get(
    "/overdue", response={200: list[OverdueOut], 401: Problem, 404: Problem, 422: Problem}, tags=["invoices"]
)
def list_overdue(
    request: Asked,
    on: date | None = None,
    account: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> list[OverdueOut]:
    """Invoices that were due before a day (today) and not paid by then, the longest first."""
    day = within_reach(on) if on else clock.today()
    found = invoices.overdue(on=day, seen_by=request.auth, account=account, limit=limit)
    return [OverdueOut.from_orm(row) for row in found]


@router.get("/demand", response={200: list[DemandOut], 401: Problem, 422: Problem}, tags=["gaps"])
def list_demand(request: Asked, gap: str = "") -> list[DemandOut]:
    """The demand behind each product gap that is not merged into another, most accounts first."""
    found = gaps.demand(seen_by=request.auth, keys=[gap] if gap else None)
    return [DemandOut.from_orm(row) for row in found]
