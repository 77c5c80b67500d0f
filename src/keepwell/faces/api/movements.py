"""Movements of ARR over the REST API."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.web.downloads import Echo, safe
from keepwell.kernel.moments import DAY, within_reach
from keepwell.ledger.queries import movements
from keepwell.ledger.queries.movements import MovementView

router = Router()

HEAD = ("account", "name", "kind", "day", "amount", "currency", "known_at", "contracts")


class MovementOut(Schema):
    """A step of an account's ARR in one currency; `contracts` are those that moved, `known_at` since when it was known."""

    account: str
    name: str
    kind: Literal["new", "expansion", "contraction", "churn", "reactivation"]
    day: date
    amount: MoneyOut
    known_at: datetime
    contracts: list[str]


class MovementPage(Schema):
    """Some movements by day; ask again with `after` = `next` until `next` is null."""

    items: list[MovementOut]
    next: str | None


class Span(Schema):
    """Which movements: since ≤ day < until (tomorrow when left out), as known at a moment (now when left out)."""

    account: str = ""
    since: date | None = None
    until: date | None = None
    known_at: datetime | None = None


@router.get("/movements", response={200: MovementPage, 401: Problem, 404: Problem, 422: Problem})
def list_movements(
    request: Asked,
    span: Query[Span],
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> MovementPage:
    """Every change of ARR as a movement; those of a span add up to the change of ARR over it."""
    found = _found(request, span, after=after, limit=limit + 1)
    shown = found[:limit]
    return MovementPage(
        items=[MovementOut.from_orm(movement) for movement in shown],
        next=shown[-1].cursor if len(found) > limit else None,
    )


@router.get("/movements.csv", response={200: str, 401: Problem, 404: Problem, 422: Problem})
def download(request: Asked, span: Query[Span]) -> StreamingHttpResponse:
    """All movements of a span as CSV."""
    lines = _lines(_found(request, span, after="", limit=None))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="movements.csv"'
    return response


def _found(request: Asked, span: Span, *, after: str, limit: int | None) -> Sequence[MovementView]:
    return movements.of_book(
        seen_by=request.auth,
        account=span.account,
        since=None if span.since is None else within_reach(span.since),
        until=within_reach(span.until or clock.now().date() + DAY),
        known_by=span.known_at,
        after=after,
        limit=limit,
    )


def _lines(found: Sequence[MovementView]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(HEAD)
    for movement in found:
        yield writer.writerow(
            (
                safe(movement.account),
                safe(movement.name),
                movement.kind,
                movement.day,
                movement.amount.amount,
                movement.amount.currency,
                movement.known_at.isoformat(),
                safe(" ".join(movement.contracts)),
            )
        )
