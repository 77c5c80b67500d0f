"""Exchange rates, and the currency that sums are told in, over the REST API."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Body, Query, Router, Schema
from pydantic import Field

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.intake import parsers
from keepwell.kernel.moments import within_reach
from keepwell.ledger.actions import rates as deeds
from keepwell.ledger.queries import rates

router = Router()
Code = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class RateOut(Schema):
    """From `day` on one unit of `currency` is worth `rate` units of `base`."""

    currency: str
    base: str
    day: date
    rate: Decimal
    source: str


class RatePage(Schema):
    """Some rates, latest days first; ask again with `after` = `next` until `next` is null."""

    items: list[RateOut]
    next: str | None


class RateIn(Schema):
    """A rate; without `base` in the reporting currency."""

    currency: Code
    base: Code | None = None
    day: date
    rate: Annotated[str, Field(pattern=r"^\d{1,12}(\.\d{1,12})?$")]


class RateVerdict(Schema):
    """What became of one rate; `reason` says why it was rejected."""

    outcome: Literal["created", "updated", "unchanged", "rejected"]
    reason: str


class Worth(Schema):
    """What one unit of each currency is worth in `into` on a day; a currency without a rate is not in it."""

    into: str
    day: date
    units: dict[str, Decimal]


class Reporting(Schema):
    """The currency that sums over accounts are told in; empty until contracts or a person decide it."""

    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")]


@router.get("", response={200: RatePage, 401: Problem, 422: Problem})
def list_rates(
    request: Asked, currency: str = "", after: str = "", limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> RatePage:
    """Rates as stated, latest days first, a page at a time."""
    del request
    found = rates.page(currency=currency, after=after, limit=limit + 1)
    shown = found[:limit]
    return RatePage(
        items=[RateOut.from_orm(rate) for rate in shown],
        next=shown[-1].cursor if len(found) > limit else None,
    )


@router.post(
    "",
    response={200: list[RateVerdict], 401: Problem, 403: Problem, 422: Problem},
)
def put_rates(request: Asked, rows: Annotated[list[RateIn], Body(max_length=10_000)]) -> list[RateVerdict]:
    """State rates, with a verdict for each; accounts in other currencies are restated at once."""
    told = [
        {
            "currency": row.currency,
            "base": row.base,
            "day": within_reach(row.day),
            "rate": parsers.rate(row.rate),
        }
        for row in rows
    ]
    verdicts = deeds.upsert(rows=told, source="api", by=request.auth, at=clock.now())
    return [RateVerdict(outcome=verdict.outcome, reason=verdict.reason) for verdict in verdicts]


@router.get("/worth", response={200: Worth, 401: Problem, 422: Problem})
def worth(request: Asked, day: date | None = None, into: str = "") -> Worth:
    """What each currency is worth on a day (today), in one currency (the reporting currency)."""
    del request
    asked = within_reach(day or clock.now().date())
    known = rates.on(asked, into=parsers.currency(into) if into else rates.reporting())
    return Worth(into=known.into, day=asked, units=known.units)


@router.get("/reporting", response={200: Reporting, 401: Problem})
def get_reporting(request: Asked) -> Reporting:
    """The currency that sums are told in."""
    del request
    return Reporting(currency=rates.reporting())


@router.put("/reporting", response={200: Reporting, 401: Problem, 403: Problem, 422: Problem})
def put_reporting(request: Asked, told: Reporting) -> Reporting:
    """Choose it; the ARR of every account is restated at once."""
    deeds.report_in(currency=told.currency, by=request.auth, at=clock.now())
    return told


@router.delete(
    "/{currency}/{base}/{day}", response={204: None, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
)
def delete_rate(request: Asked, currency: Code, base: Code, day: date) -> HttpResponse:
    """Take a rate back; what it converted is restated from the one before it."""
    deeds.remove(currency=currency, base=base, day=day, by=request.auth, at=clock.now())
    return HttpResponse(status=204)
