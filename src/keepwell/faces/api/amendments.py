"""Amendments of contracts over the REST API: what one would move, renew, expand, reduce, not renew, take back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import StreamingHttpResponse
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from keepwell.faces import amendment_files, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.web.downloads import streamed
from keepwell.ledger.actions import amendments as deeds
from keepwell.ledger.actions import renewals
from keepwell.ledger.amending import Given
from keepwell.ledger.queries import amendments

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FOUND = {401: Problem, 404: Problem, 422: Problem}
Kind = Literal["renewed", "expanded", "reduced", "not_renewed"]
Key = Annotated[str, Path(max_length=200)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Named = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Words = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Account = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
Reason = Literal[
    "value_seen", "rescued", "better_terms", "runs_on", "new_use", "more_people", "new_module", "higher_usage",
    "little_use", "no_value", "price", "product_gap", "service", "champion_left", "competitor", "budget", "merged",
    "closed", "other",
]  # fmt: skip
FILE: dict[str, Any] = {
    "responses": {200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}


class AmendmentIn(Schema):
    """What was agreed. `amount` is the yearly revenue of the new term, else by how much it rises or falls; seats likewise.

    `on` is the day from which it holds: of a renewal always the day on which the contract ends. `months` is for how long it
    is renewed. `signed_on` is the day on which it was agreed, today when left out.
    """

    contract: Named
    kind: Kind
    reason: Reason
    amount: Annotated[Decimal, Field(ge=0, lt=10**13)] | None = None
    on: date | None = None
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    seats: Annotated[int, Field(ge=0, lt=10**9)] | None = None
    products: Annotated[list[Named], Field(max_length=50)] = []
    preventable: bool | None = None
    signed_on: date | None = None
    note: Words = ""


class AmendmentOut(Schema):
    """What was agreed; `before` and `after` are the contract's ARR, `successor` the contract that was made for it."""

    id: int
    account: str
    name: str
    contract: str
    product: str
    kind: Kind
    on: date
    before: MoneyOut | None
    after: MoneyOut | None
    change: MoneyOut | None
    reason: str
    preventable: bool | None
    note: str
    successor: str
    signed_at: datetime
    at: datetime
    by: str
    taken_back_at: datetime | None
    told_again: bool


class RenewalToldIn(Schema):
    """A contract of a source, and whether it tells the same renewal."""

    contract: Named
    same: bool


class AmendmentPage(Schema):
    """Some amendments, the latest first; ask again with `after` = `next` until `next` is null."""

    items: list[AmendmentOut]
    next: int | None


class AmendmentEffectOut(Schema):
    """The movement of the account's ARR on the day; `kind` is empty where the ARR stays as it is."""

    on: date
    until: date | None
    kind: Literal["", "new", "expansion", "contraction", "churn", "reactivation"]
    amount: MoneyOut
    before: MoneyOut
    after: MoneyOut


@router.get("/amendments", response={200: AmendmentPage, **FOUND})
def list_amendments(
    request: Asked,
    account: Account = "",
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Renewals, expansions, reductions and what is not renewed; those that were taken back are left out."""
    found = amendments.of_book(seen_by=request.auth, account=account, after=after, limit=limit + 1)
    shown = found[:limit]
    return {"items": list(shown), "next": shown[-1].id if len(found) > limit else None}


@router.get("/amendments.csv", openapi_extra=FILE, response={401: Problem, 404: Problem, 422: Problem})
def download_amendments(request: Asked, account: Account = "") -> StreamingHttpResponse:
    """All of them as CSV."""
    found = amendments.of_book(seen_by=request.auth, account=account)
    return streamed("amendments", amendment_files.COLUMNS, amendment_files.rows(found))


@router.post("/accounts/{key}/amendments", response={201: AmendmentOut, **PROBLEMS})
def amend_contract(request: Asked, key: Key, given: AmendmentIn) -> Status[Any]:
    """Renew, expand or reduce a contract, or say that it is not renewed."""
    number = deeds.amend(account=key, given=_given(given), by=request.auth, at=clock.now())
    return Status(201, amendments.find(amendment=number, seen_by=request.auth))


@router.post("/accounts/{key}/amendments/effect", response={200: AmendmentEffectOut, **PROBLEMS})
def preview_amendment(request: Asked, key: Key, given: AmendmentIn) -> Any:
    """What it would do to the account's ARR on its day; nothing is written."""
    return amendments.effect(account=key, given=_given(given), seen_by=request.auth, today=clock.now().date())


@router.delete("/amendments/{number}", response={204: None, **PROBLEMS})
def take_back_amendment(request: Asked, number: Number) -> Status[None]:
    """It was not agreed: the terms are as they were, and the fact counts no more."""
    deeds.take_back(amendment=number, by=request.auth, at=clock.now())
    return Status(204, None)


@router.put("/amendments/{number}/told", response={200: AmendmentOut, **PROBLEMS})
def say_renewal_told(request: Asked, number: Number, given: RenewalToldIn) -> Any:
    """Say of a contract of a source whether it tells the renewal that was entered by hand: then its ARR counts once."""
    renewals.say(amendment=number, contract=given.contract, same=given.same, by=request.auth, at=clock.now())
    return amendments.find(amendment=number, seen_by=request.auth)


def _given(told: AmendmentIn) -> Given:
    return Given(**{**told.model_dump(), "products": tuple(told.products)})
