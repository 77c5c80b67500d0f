"""What outcomes are worth over the REST API: models, what they came to in a quarter, who of the customer's confirmed it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.plans import PROBLEMS, Name, Text, Visibility
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.kernel.errors import Invalid
from keepwell.outcomes import quarters, value_document
from keepwell.outcomes.actions import value_models, value_statements
from keepwell.outcomes.queries import shared_value, value, value_sums
from keepwell.outcomes.queries.value import ModelView, StatementView
from keepwell.outcomes.value_document import Range

router = Router()
ALL = 4
Figure = Annotated[float, Field(ge=-1e12, le=1e12)]
QuarterText = Annotated[str, Field(max_length=10, examples=["2026-Q2"])]
StatementNumber = Annotated[int, Path(ge=1, le=2**62)]
Kind = Literal["time_saved", "revenue", "cost_avoided", "risk_reduced"]


class RangeOut(Schema):
    """At least, most likely, at most."""

    low: float
    likely: float
    high: float


class ValueInputIn(Schema):
    """A factor: a `metric` over the quarter, a figure that was agreed (by whom, when), or a fixed one with `likely` alone.

    With `change` only what lies above (`rise`) or below (`fall`) the baseline counts.
    """

    title: Text
    slug: Text = ""
    source: Literal["metric", "agreed", "fixed"] = "agreed"
    metric: Text = ""
    over: Literal["mean", "last"] = "mean"
    unit: Text = ""
    currency: Text = ""
    low: Figure | None = None
    likely: Figure | None = None
    high: Figure | None = None
    change: Literal["", "rise", "fall"] = ""
    baseline_low: Figure | None = None
    baseline_likely: Figure | None = None
    baseline_high: Figure | None = None
    agreed_by: Text = ""
    agreed_on: date | None = None
    evidence: Text = ""
    labels: dict[str, Visibility] = {}


class ValueModelIn(Schema):
    """How the value of an outcome is counted: the product of its inputs, of which one may be money."""

    title: Text
    kind: Kind
    objective: Text
    basis: Text = ""
    unit: Text = ""
    notes: Text = ""
    labels: dict[str, Visibility] = {}
    inputs: list[ValueInputIn]


class ValueConfirmationOut(Schema):
    """Who of the customer's stands by it; `figure` is another one that they said."""

    name: str
    on: date
    words: str
    figure: RangeOut | None
    by: str


class ValueStatementOut(Schema):
    """What a model came to in a quarter. Without `range` it is not known, and `missing` names the inputs with the reason."""

    id: int
    quarter: str
    until: date
    number: int
    range: RangeOut | None
    currency: str
    unit: str
    missing: list[tuple[str, str]]
    inputs: list[dict[str, Any]]
    counted_at: datetime
    confirmation: ValueConfirmationOut | None


class ValueModelOut(Schema):
    """A model with its statements, the latest first."""

    slug: str
    model: ValueModelIn
    is_dropped: bool
    statements: list[ValueStatementOut]


class ValueSumOut(Schema):
    """By currency and by unit; `whole` is all money in the reporting currency, null while a rate is lacking."""

    money: dict[str, RangeOut]
    others: dict[str, RangeOut]
    currency: str
    whole: RangeOut | None
    lacking: list[str]
    count: int


class ValueTotalsOut(Schema):
    """Confirmed and only counted values apart; `ratio` is confirmed value over what was paid in the same quarters.

    Where `cost` is null, `lacks` says why: "no_contract", "no_amount" or "no_rate"; "" where no quarter is confirmed.
    """

    confirmed: ValueSumOut
    counted: ValueSumOut
    unknown: int
    paid_quarters: list[str]
    cost: MoneyOut | None
    lacks: str
    ratio: RangeOut | None


class ValueOut(Schema):
    """What is known of an account's value; totals are of the last four quarters."""

    account: str
    since: date
    until: date
    models: list[ValueModelOut]
    totals: ValueTotalsOut


class ValueCountIn(Schema):
    """Which quarter to count, and which model; all of them where none is said."""

    quarter: QuarterText
    model: Text = ""


class ValueCounted(Schema):
    """The numbers of the statements that are new."""

    statements: list[int]


class ValueConfirmationIn(Schema):
    """Who of the customer's (key or name) stands by it, since which day, in which words; another figure, if they said one."""

    who: Text
    on: date
    words: Text = ""
    low: Figure | None = None
    likely: Figure | None = None
    high: Figure | None = None
    labels: dict[str, Visibility] = {}


class SharedValueOut(Schema):
    """An account's value as its customer may see it."""

    account: str
    models: list[dict[str, Any]]


@router.get("/accounts/{key}/value", response={200: ValueOut, 401: Problem, 404: Problem})
def get_value(request: Asked, key: Name, count: Annotated[int, Query(ge=1, le=40)] = ALL) -> ValueOut:
    """An account's value models with what they came to; totals over the last `count` quarters."""
    today = clock.now().date()
    found = value.find(account=key, seen_by=request.auth, day=today)
    asked = quarters.last(today, count)
    told = value_sums.of_account(found, asked, today=today)
    return ValueOut(
        account=key, since=asked[0].since, until=asked[-1].until,
        models=[_model(one) for one in found.models], totals=totals_out(told),
    )  # fmt: skip


@router.put("/accounts/{key}/value/models/{slug}", response={200: ValueModelOut, **PROBLEMS})
def put_value_model(request: Asked, key: Name, slug: Name, told: ValueModelIn) -> ValueModelOut:
    """Write a value model of one of the plan's outcomes, the first time or again."""
    doc = value_document.read({**told.model_dump(mode="json"), "slug": slug})
    now = clock.now()
    value_models.save(account=key, doc=doc, by=request.auth, at=now)
    tasks.nudge()
    return _model(value.find(account=key, seen_by=request.auth, day=now.date()).model(slug))


@router.delete("/accounts/{key}/value/models/{slug}", response={204: None, **PROBLEMS})
def drop_value_model(request: Asked, key: Name, slug: Name) -> Status[None]:
    """Count a model no more; what was confirmed stays."""
    value_models.drop(account=key, model=slug, by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(204, None)


@router.post("/accounts/{key}/value/statements", response={200: ValueCounted, **PROBLEMS})
def count_value(request: Asked, key: Name, told: ValueCountIn) -> ValueCounted:
    """Count what the models came to in a quarter that has begun; one that says the same again is no new statement."""
    new = value_statements.count(
        account=key, quarter=quarters.read(told.quarter), model=told.model, by=request.auth, at=clock.now()
    )
    tasks.nudge()
    return ValueCounted(statements=list(new))


@router.put("/accounts/{key}/value/statements/{statement_id}/confirmation", response={204: None, **PROBLEMS})
def confirm_value(
    request: Asked, key: Name, statement_id: StatementNumber, told: ValueConfirmationIn
) -> Status[None]:
    """Note who of the customer's stands by a statement."""
    value_statements.confirm(
        account=key, statement=statement_id, who=told.who, on=told.on, words=told.words, labels=told.labels,
        figure=figure(told.low, told.likely, told.high), by=request.auth, at=clock.now(),
    )  # fmt: skip
    tasks.nudge()
    return Status(204, None)


@router.delete(
    "/accounts/{key}/value/statements/{statement_id}/confirmation", response={204: None, **PROBLEMS}
)
def withdraw_value(request: Asked, key: Name, statement_id: StatementNumber) -> Status[None]:
    """Note that nobody of theirs stands by it after all."""
    value_statements.withdraw(account=key, statement=statement_id, by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(204, None)


@router.get("/accounts/{key}/value/shared", response={200: SharedValueOut, 401: Problem, 404: Problem})
def get_shared_value(request: Asked, key: Name) -> SharedValueOut:
    """The value as its customer may see it."""
    found = shared_value.find(account=key, seen_by=request.auth, day=clock.now().date())
    return SharedValueOut(account=found.account_name, models=msgspec.to_builtins(found.models))


def figure(low: float | None, likely: float | None, high: float | None) -> Range | None:
    """A range of three figures that somebody said; None where they said none."""
    given = [low, likely, high]
    if given == [None, None, None]:
        return None
    if low is None or likely is None or high is None or not low <= likely <= high:
        raise Invalid("Another figure is a low, a likely and a high one, in this order.")
    return Range(low, likely, high)


def range_out(found: Range | None) -> RangeOut | None:
    """A range as programs read it."""
    return None if found is None else RangeOut(low=found.low, likely=found.likely, high=found.high)


def _model(one: ModelView) -> ValueModelOut:
    told = value_document.written(one.doc)
    slug = told.pop("slug")
    return ValueModelOut(
        slug=slug,
        model=ValueModelIn(**told),
        is_dropped=one.is_dropped,
        statements=[_statement(each) for each in one.statements],
    )


def _statement(one: StatementView) -> ValueStatementOut:
    said = one.confirmation
    return ValueStatementOut(
        id=one.id,
        quarter=one.quarter.slug,
        until=one.until,
        number=one.number,
        range=range_out(one.range),
        currency=one.currency,
        unit=one.unit,
        missing=list(one.missing),
        inputs=[dict(each) for each in one.inputs],
        counted_at=one.at,
        confirmation=None
        if said is None
        else ValueConfirmationOut(
            name=said.name, on=said.on, words=said.words, figure=range_out(said.figure), by=said.by
        ),
    )


def totals_out(told: value_sums.Totals) -> ValueTotalsOut:
    """Totals as programs read them."""
    return ValueTotalsOut(
        confirmed=sum_out(told.confirmed),
        counted=sum_out(told.counted),
        unknown=told.unknown,
        paid_quarters=[one.slug for one in told.paid_quarters],
        cost=None if told.cost is None else MoneyOut(amount=told.cost.amount, currency=told.cost.currency),
        lacks=told.lacks,
        ratio=range_out(told.ratio),
    )


def sum_out(told: value_sums.Sum) -> ValueSumOut:
    """A sum as programs read it."""
    return ValueSumOut(
        money={slug: RangeOut(low=r.low, likely=r.likely, high=r.high) for slug, r in told.money},
        others={slug: RangeOut(low=r.low, likely=r.likely, high=r.high) for slug, r in told.others},
        currency=told.into,
        whole=range_out(told.whole),
        lacking=list(told.lacking),
        count=told.count,
    )
