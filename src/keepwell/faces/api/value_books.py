"""The value of a book over the REST API: accounts with what they got for their money, and the sums of all of them."""

from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router, Schema

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.api.value import RangeOut, ValueSumOut, range_out, sum_out
from keepwell.kernel.money import Money
from keepwell.outcomes.queries import value_book, value_book_totals
from keepwell.outcomes.queries.value_book import ValueRow

router = Router()
MOST = 500
State = Literal["confirmed", "counted", "modelled", "none"]
Lack = Literal["plan", "model", "count", "inputs", "confirmation", "no_contract", "no_amount", "no_rate"]


class ValueRowOut(Schema):
    """An account: value of the last four quarters, cost and ratio of the confirmed ones, and what is missing."""

    account: str
    name: str
    owner: str
    state: State
    arr: MoneyOut | None
    renewal_date: date | None
    confirmed: ValueSumOut
    counted: ValueSumOut
    cost: MoneyOut | None
    ratio: RangeOut | None
    last_quarter: str | None
    missing: list[Lack]


class ValueBookPage(Schema):
    """Accounts of a book; `next` is the offset of those that follow."""

    items: list[ValueRowOut]
    next: int | None


class ValueBookTotalsOut(Schema):
    """Sums of a book. `cost` and `ratio` are of the `priced` ones among `pairs` of account and confirmed quarter."""

    quarters: list[str]
    states: dict[State, int]
    confirmed: ValueSumOut
    counted: ValueSumOut
    unknown: int
    pairs: int
    priced: int
    cost: MoneyOut | None
    ratio: RangeOut | None


@router.get("/value", response={200: ValueBookPage, 401: Problem, 422: Problem})
def list_value(
    request: Asked, state: Literal["", "confirmed", "counted", "modelled", "none"] = "", search: str = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> ValueBookPage:  # fmt: skip
    """Accounts with what they got for their money, the largest ARR first."""
    found = value_book.page(
        seen_by=request.auth, day=clock.now().date(), state=state, search=search.replace("\x00", ""),
        offset=offset, limit=limit + 1,
    )  # fmt: skip
    return ValueBookPage(
        items=[_row(one) for one in found[:limit]], next=offset + limit if len(found) > limit else None
    )


@router.get("/value/totals", response={200: ValueBookTotalsOut, 401: Problem})
def get_value_totals(request: Asked) -> ValueBookTotalsOut:
    """The sums of all accounts that one sees, over the last four quarters."""
    day = clock.now().date()
    found = value_book_totals.of_book(seen_by=request.auth, day=day)
    return ValueBookTotalsOut(
        quarters=[one.slug for one in found.quarters],
        states=value_book.tally(seen_by=request.auth, day=day),  # type: ignore[arg-type]
        confirmed=sum_out(found.confirmed), counted=sum_out(found.counted), unknown=found.unknown, pairs=found.pairs,
        priced=found.priced, cost=_money(found.cost), ratio=range_out(found.ratio),
    )  # fmt: skip


def _row(one: ValueRow) -> ValueRowOut:
    return ValueRowOut(
        account=one.key, name=one.name, owner=one.owner, state=one.state, arr=_money(one.arr),  # type: ignore[arg-type]
        renewal_date=one.renewal_date, confirmed=sum_out(one.confirmed), counted=sum_out(one.counted),
        cost=_money(one.cost), ratio=range_out(one.ratio), last_quarter=one.last.slug if one.last else None,
        missing=list(one.missing),  # type: ignore[arg-type]
    )  # fmt: skip


def _money(found: Money | None) -> MoneyOut | None:
    return None if found is None else MoneyOut(amount=found.amount, currency=found.currency)
