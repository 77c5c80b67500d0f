"""Deliveries of signals, responses to them, what alarms were worth, and what rules say of an account, over the REST API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.plays.actions import responses
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.queries import alarms, budgets
from keepwell.signals.queries import answers, firings

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class DeliveryOut(Schema):
    """A signal and one person who is to hear of it.

    `because` says why it waits (quiet_hours, day_off, cap, snoozed, nobody) or was not told (over, handed_over, answered),
    `why` the same in words; `through` how it was told. `person` is empty while nobody was found.
    """

    id: int
    signal: int
    rule: str
    title: str
    severity: str
    account_key: str
    account_name: str
    arr: MoneyOut | None
    person: str
    role: str
    state: Literal["waiting", "delivered", "withdrawn"]
    because: str
    why: str
    through: str
    fired_at: datetime
    due_at: datetime
    ended_at: datetime | None


class DeliveryPage(Schema):
    """Some deliveries, the latest first; ask again with `before` = `next` until `next` is null."""

    items: list[DeliveryOut]
    next: int | None


class ResponseOut(Schema):
    """What somebody answered; `task`, `incident` and `run` (of a `playbook`) are numbers of what they made of it."""

    id: int
    signal: int
    kind: Literal["acknowledged", "acted", "snoozed", "not_useful"]
    by: str
    at: datetime
    note: str
    until: datetime | None
    task: int | None
    incident: int | None
    run: int | None
    playbook: str


class TaskWanted(Schema):
    """A task to set because of a signal; `owner` is an e-mail address."""

    title: str
    due_at: datetime
    owner: str = ""
    note: str = ""


class ResponseIn(Schema):
    """An answer: acknowledged, not_useful, or acted with either a `task` or the title of an `incident`."""

    kind: Literal["acknowledged", "not_useful", "acted"]
    note: str = ""
    task: TaskWanted | None = None
    incident: str = ""


class BudgetOut(Schema):
    """What the alarms of a rule were worth over a year; null until it was counted.

    `figures` has alarms, accounts, settled, right, precision (share, low, high), by_chance, told, answered, acted, not_useful,
    a_week_per_csm, and renewed: how many accounts renewed after an alarm, which claims no effect. `retire` says why it should
    rest.
    """

    slug: str
    title: str
    severity: str
    foretells: str
    owner: str
    counted_at: datetime | None
    figures: dict[str, Any] | None
    renewed: MoneyOut | None
    retire: list[str]


class RuleAnswerOut(Schema):
    """What a rule says of an account; `missing` is what would have to be known where that cannot be told."""

    rule: str
    title: str
    severity: str
    sentence: str
    state: Literal["fires", "quiet", "unknown", "waits"]
    because: list[str]
    missing: list[str]
    signal: int | None
    since: datetime | None


@router.get("/alert-budget", response={200: list[BudgetOut], 401: Problem})
def get_alert_budget(request: Asked) -> list[BudgetOut]:
    """What each rule's alarms were worth, those that should rest first; for those who see the whole company."""
    return [BudgetOut.from_orm(one) for one in budgets.everything(seen_by=request.auth)]


@router.get("/accounts/{key}/rules", response={200: list[RuleAnswerOut], 401: Problem, 404: Problem})
def list_rule_answers(request: Asked, key: str) -> list[RuleAnswerOut]:
    """What every rule that watches says of an account: it fires, is quiet, or cannot be told and why."""
    return [RuleAnswerOut.from_orm(one) for one in answers.of_account(key=key, seen_by=request.auth)]


@router.get("/deliveries", response={200: DeliveryPage, **PROBLEMS})
def list_deliveries(
    request: Asked,
    state: Literal["waiting", "delivered", "withdrawn"] = "waiting",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> DeliveryPage:
    """Whom signals are to be told and why they wait; or whom they were told, or were not."""
    found = alarms.page(seen_by=request.auth, state=state, before=before, limit=limit + 1)
    shown = [DeliveryOut.from_orm(one) for one in found[:limit]]
    return DeliveryPage(items=shown, next=shown[-1].id if len(found) > limit else None)


@router.get("/signals/{int:signal_id}/deliveries", response={200: list[DeliveryOut], **PROBLEMS})
def list_signal_deliveries(request: Asked, signal_id: int) -> list[DeliveryOut]:
    """Whom a signal was told, or is to be."""
    firings.find(firing_id=signal_id, seen_by=request.auth, now=clock.now())
    return [DeliveryOut.from_orm(one) for one in alarms.of_signal(firing_id=signal_id, seen_by=request.auth)]


@router.get("/signals/{int:signal_id}/responses", response={200: list[ResponseOut], **PROBLEMS})
def list_responses(request: Asked, signal_id: int) -> list[ResponseOut]:
    """What people answered, the latest first."""
    firings.find(firing_id=signal_id, seen_by=request.auth, now=clock.now())
    return [ResponseOut.from_orm(one) for one in alarms.responses(firing_id=signal_id, seen_by=request.auth)]


@router.post("/signals/{int:signal_id}/responses", response={201: list[ResponseOut], **PROBLEMS})
def respond(request: Asked, signal_id: int, told: ResponseIn) -> Status[list[ResponseOut]]:
    """Answer a signal; it waits for nobody any more. Gives what stands."""
    if told.kind == "acted":
        wanted = None if told.task is None else Wanted(**told.task.dict())
        responses.act(
            firing_id=signal_id,
            task=wanted,
            incident=told.incident,
            note=told.note,
            by=request.auth,
            at=clock.now(),
        )
    else:
        responses.respond(
            firing_id=signal_id, kind=told.kind, note=told.note, by=request.auth, at=clock.now()
        )
    return Status(201, list_responses(request, signal_id))


@router.delete("/signals/{int:signal_id}/responses/{kind}", response={204: None, **PROBLEMS})
def take_back(
    request: Asked, signal_id: int, kind: Literal["acknowledged", "not_useful", "acted", "snoozed"]
) -> HttpResponse:
    """Take one's own answer back."""
    responses.take_back(firing_id=signal_id, kind=kind, by=request.auth, at=clock.now())
    return HttpResponse(status=204)
