"""The business case for a renewal over the REST API: what is shared with the customer, and the same as PDF."""

from datetime import date
from typing import Annotated, Any

import msgspec
from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.drafting import case_report, case_sheet
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.plans import Name
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.api.value import ValueTotalsOut, totals_out
from keepwell.outcomes.queries import shared_case

router = Router()
PAPER: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file.",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
Wanted = Annotated[bool, Query()]


class CaseContractOut(Schema):
    """A contract that runs or is to begin; null is not stated, without `until` it is open-ended."""

    product: str
    price: MoneyOut | None
    since: date | None
    until: date | None
    notice_until: date | None
    renews: bool | None
    is_running: bool


class CaseUseOut(Schema):
    """What was used in thirteen weeks, beside the thirteen before, and where that comes from."""

    finding: str
    features: list[tuple[str, str]]
    receipt: str


class BusinessCaseOut(Schema):
    """The case: value beside cost in the last four quarters, outcomes that were reached and planned, contracts, use,
    and `unknown`: what is not known, in sentences.
    """

    account: str
    name: str
    finding: str
    quarters: list[str]
    totals: ValueTotalsOut
    models: list[dict[str, Any]]
    reached: list[dict[str, Any]]
    planned: list[dict[str, Any]]
    contracts: list[CaseContractOut]
    use: CaseUseOut | None
    unknown: Annotated[list[str], Field(examples=[["Nothing is confirmed of Q4 2025."]])]


@router.get("/accounts/{key}/value/case", response={200: BusinessCaseOut, 401: Problem, 404: Problem})
def get_business_case(request: Asked, key: Name, use: Wanted = False) -> BusinessCaseOut:
    """The business case for an account's renewal, of shared facts alone; with `use` it also reads the lake."""
    day = clock.now().date()
    case = shared_case.find(account=key, seen_by=request.auth, day=day)
    sheet = case_sheet.sheet(case)
    told = None
    if use:
        read = case_sheet.use(shared_case.use(account=key, seen_by=request.auth, day=day))
        told = CaseUseOut(finding=read.finding, features=list(read.features), receipt=read.receipt)
    return BusinessCaseOut(
        account=case.account_key,
        name=case.account_name,
        finding=sheet.finding,
        quarters=[one.slug for one in case.quarters],
        totals=totals_out(case.totals),
        models=msgspec.to_builtins(case.models),
        reached=msgspec.to_builtins(case.reached),
        planned=msgspec.to_builtins(case.planned),
        contracts=[_contract(one) for one in case.contracts],
        use=told,
        unknown=list(sheet.unknown),
    )


@router.get("/accounts/{key}/value/case.pdf", response={401: Problem, 404: Problem}, openapi_extra=PAPER)
def get_business_case_paper(request: Asked, key: Name) -> HttpResponse:
    """The same as a PDF."""
    now = clock.now()
    case = shared_case.find(account=key, seen_by=request.auth, day=now.date())
    read = shared_case.use(account=key, seen_by=request.auth, day=now.date())
    made = case_report.pdf(case_sheet.sheet(case), case_sheet.use(read), at=now)
    return HttpResponse(made, content_type="application/pdf")


def _contract(one: shared_case.SharedContract) -> CaseContractOut:
    price = None if one.price is None else MoneyOut(amount=one.price.amount, currency=one.price.currency)
    return CaseContractOut(
        product=one.product, price=price, since=one.since, until=one.until, notice_until=one.notice_until,
        renews=one.renews, is_running=one.is_running,
    )  # fmt: skip
