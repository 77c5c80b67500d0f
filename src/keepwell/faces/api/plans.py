"""Success plans over the REST API: read, written as one document, agreed, refreshed; and what the customer sees."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.outcomes import document
from keepwell.outcomes.actions import plans as deeds
from keepwell.outcomes.actions import versions
from keepwell.outcomes.queries import book, comparing, plans, shared

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST = 500
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Path(max_length=220, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]
Figure = Annotated[float, Field(ge=-1e15, le=1e15)]
PlanState = Literal["none", "draft", "agreed", "stale"]
Standing = Literal["reached", "on_track", "at_risk", "missed", "unknown"]
Visibility = Literal["internal", "shared"]


class PlanIndicatorIn(Schema):
    """A leading indicator: by a `metric` of the catalogue, or read by hand where that is empty. Past `trigger` it alarms."""

    title: Text
    slug: Text = ""
    metric: Text = ""
    unit: Text = ""
    better: Literal["up", "down"] = "up"
    baseline: Figure | None = None
    target: Figure | None = None
    target_date: date | None = None
    trigger: Figure | None = None
    notes: Text = ""
    labels: dict[str, Visibility] = {}


class PlanObjectiveIn(Schema):
    """A business outcome. `labels` say of a field whether it is internal or shared, where that differs from what is usual."""

    title: Text
    slug: Text = ""
    why: Text = ""
    target_date: date | None = None
    notes: Text = ""
    labels: dict[str, Visibility] = {}
    indicators: list[PlanIndicatorIn] = []


class PlanStepIn(Schema):
    """A milestone or a task: `ours` is an e-mail address, `theirs` the key of one of their people, `after` are slugs."""

    title: Text
    slug: Text = ""
    kind: Literal["milestone", "task"] = "milestone"
    objective: Text = ""
    due_date: date | None = None
    ours: Text = ""
    theirs: Text = ""
    after: list[Text] = []
    notes: Text = ""
    labels: dict[str, Visibility] = {}


class PlanIn(Schema):
    """The whole plan. What is left out is dropped; a slug that is empty is made of the title."""

    vision: Text = ""
    cadence: Literal["", "weekly", "biweekly", "monthly", "quarterly"] = ""
    notes: Text = ""
    labels: dict[str, Visibility] = {}
    objectives: list[PlanObjectiveIn] = []
    steps: list[PlanStepIn] = []


class PlanIndicatorStanding(Schema):
    """Where an indicator stands: its value, whether it is past its trigger, and the verdict with its reason."""

    slug: str
    value: float | None
    value_on: date | None
    status: Standing
    reason: str
    past_trigger: bool | None


class PlanObjectiveStanding(Schema):
    """Where an outcome stands."""

    slug: str
    status: Standing
    reason: str
    reached_on: date | None
    indicators: list[PlanIndicatorStanding]


class PlanOut(Schema):
    """A plan with where it stands; `changed_at` is what a later PUT may be held against."""

    account: str
    state: PlanState
    changed_at: datetime
    confirmed_at: datetime | None
    is_changed: bool
    version: int | None
    plan: PlanIn
    standing: list[PlanObjectiveStanding]
    done: list[str]
    advice: str


class PlanRowOut(Schema):
    """An account with the state of its plan."""

    account: str
    name: str
    state: PlanState
    arr: MoneyOut | None
    objectives: int
    reached: int
    overdue: int
    version: int | None
    confirmed_at: datetime | None
    owner: str


class PlanPage(Schema):
    """Some accounts; ask again with `offset` = `next` until `next` is null."""

    items: list[PlanRowOut]
    next: int | None


class PlanVersionRow(Schema):
    """What was agreed or refreshed."""

    number: int
    made: Literal["agreed", "refreshed"]
    at: datetime
    by: str
    note: str
    agreed_by: str
    agreed_on: date | None
    how: str
    content: dict[str, Any]
    standing: dict[str, Any]


class PlanChangeOut(Schema):
    """A field in two states of a plan."""

    of: str
    field: str
    before: str
    after: str


class PlanAgreementIn(Schema):
    """Who of the customer's agreed (key or name), on which day, how."""

    who: Text
    on: date
    how: Text = ""
    note: Text = ""


class PlanRefreshIn(Schema):
    """On which day the plan was gone through with the customer."""

    on: date
    note: Text = ""


class PlanVersionNumber(Schema):
    """The number of a version of a plan."""

    number: int


class SharedPlanOut(Schema):
    """A plan as its customer may see it; fields that are internal are not there."""

    account: str
    vision: str
    cadence: str
    objectives: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    opinions: list[dict[str, Any]]
    agreed: dict[str, Any] | None


@router.get("/plans", response={200: PlanPage, 401: Problem, 422: Problem})
def list_plans(
    request: Asked, state: Literal["", "none", "draft", "agreed", "stale"] = "", search: str = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> PlanPage:  # fmt: skip
    """Accounts by the state of their plan, stale ones first."""
    found = book.page(
        seen_by=request.auth, day=clock.now().date(), state=state, search=search.replace("\x00", ""),
        offset=offset, limit=limit + 1,
    )  # fmt: skip
    return PlanPage(
        items=[
            PlanRowOut(
                account=one.key,
                **{name: getattr(one, name) for name in PlanRowOut.model_fields if name != "account"},
            )
            for one in found[:limit]
        ],
        next=offset + limit if len(found) > limit else None,
    )


@router.get("/accounts/{key}/plan", response={200: PlanOut, 401: Problem, 404: Problem})
def get_plan(request: Asked, key: Name) -> PlanOut:
    """An account's plan with where it stands."""
    return _out(plans.find(account=key, seen_by=request.auth, day=clock.now().date()))


@router.put("/accounts/{key}/plan", response={200: PlanOut, **PROBLEMS})
def put_plan(request: Asked, key: Name, told: PlanIn, seen: datetime | None = None) -> PlanOut:
    """Write the whole plan, its first draft or another state; `seen` refuses it when somebody changed it since."""
    doc = document.read(told.model_dump(mode="json"))
    deeds.save(account=key, doc=doc, by=request.auth, at=clock.now(), seen=seen)
    tasks.nudge()
    return _out(plans.find(account=key, seen_by=request.auth, day=clock.now().date()))


@router.get("/accounts/{key}/plan/shared", response={200: SharedPlanOut, 401: Problem, 404: Problem})
def get_shared_plan(request: Asked, key: Name) -> SharedPlanOut:
    """The plan as its customer may see it."""
    found = shared.find(account=key, seen_by=request.auth, day=clock.now().date())
    said = msgspec.to_builtins(found)
    return SharedPlanOut(
        account=said["account_name"],
        **{name: said[name] for name in SharedPlanOut.model_fields if name != "account"},
    )


@router.post("/accounts/{key}/plan/agreement", response={200: PlanVersionNumber, **PROBLEMS})
def agree_plan(request: Asked, key: Name, told: PlanAgreementIn) -> PlanVersionNumber:
    """Note that the customer agreed to the plan as it stands: a version of its own."""
    number = versions.agree(account=key, **told.dict(), by=request.auth, at=clock.now())
    tasks.nudge()
    return PlanVersionNumber(number=number)


@router.post("/accounts/{key}/plan/refresh", response={200: PlanVersionNumber, **PROBLEMS})
def refresh_plan(request: Asked, key: Name, told: PlanRefreshIn) -> PlanVersionNumber:
    """Note that the plan was gone through with the customer: the next version."""
    number = versions.refresh(account=key, **told.dict(), by=request.auth, at=clock.now())
    tasks.nudge()
    return PlanVersionNumber(number=number)


@router.get("/accounts/{key}/plan/versions", response={200: list[PlanVersionRow], 401: Problem, 404: Problem})
def list_plan_versions(request: Asked, key: Name) -> list[PlanVersionRow]:
    """All versions of a plan, the newest first."""
    found = plans.find(account=key, seen_by=request.auth, day=clock.now().date())
    names = PlanVersionRow.model_fields.keys() - {"agreed_by", "agreed_on"}
    return [
        PlanVersionRow(agreed_by=one.name, agreed_on=one.on, **{name: getattr(one, name) for name in names})
        for one in found.versions
    ]


@router.delete("/accounts/{key}/plan/versions/{number}", response={204: None, **PROBLEMS})
def take_back_plan_version(
    request: Asked, key: Name, number: Annotated[int, Path(ge=1, le=100_000)]
) -> HttpResponse:
    """The last version was not agreed or gone through after all; what the plan says stays as it is written."""
    versions.take_back(account=key, number=number, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.get(
    "/accounts/{key}/plan/comparison",
    response={200: list[PlanChangeOut], 401: Problem, 404: Problem, 422: Problem},
)
def compare_plan(
    request: Asked,
    key: Name,
    before: Annotated[int, Query(ge=0, le=100_000)] = 0,
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> list[PlanChangeOut]:
    """What differs between two versions; 0 as `before` is the last one, 0 as `after` the plan as it is written now."""
    found = plans.find(account=key, seen_by=request.auth, day=clock.now().date())
    return [
        PlanChangeOut(**{name: str(getattr(one, name)) for name in PlanChangeOut.model_fields})
        for one in comparing.lines(found, before=before, after=after)
    ]


def _out(found: plans.PlanView) -> PlanOut:
    return PlanOut(
        account=found.account_key,
        state=found.state,  # type: ignore[arg-type]
        changed_at=found.changed_at,
        confirmed_at=found.confirmed_at,
        is_changed=found.is_changed,
        version=found.versions[0].number if found.versions else None,
        plan=PlanIn(**document.written(found.doc)),
        standing=[_standing(one) for one in found.objectives],
        done=[one.doc.slug for one in found.steps if one.done_on],
        advice=str(document.TOO_MANY) if found.has_too_many else "",
    )


def _standing(one: plans.ObjectiveView) -> PlanObjectiveStanding:
    return PlanObjectiveStanding(
        slug=one.doc.slug,
        status=one.verdict.status,
        reason=one.verdict.reason,
        reached_on=one.reached_on,
        indicators=[
            PlanIndicatorStanding(
                slug=each.doc.slug, value=each.stands.value, value_on=each.stands.on, status=each.verdict.status,
                reason=each.verdict.reason, past_trigger=each.is_past_trigger,
            )
            for each in one.indicators
        ],
    )  # fmt: skip
