"""Rules and signals over the REST API: say a rule, try it, publish it, read what it noticed, put it off."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import responses
from keepwell.signals.actions import rehearsals as rehearsal_deeds
from keepwell.signals.actions import rules as deeds
from keepwell.signals.queries import firings, rehearsals, rules

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Severity = Literal["critical", "high", "medium", "low"]


class RuleDefinition(Schema):
    """What a rule says.

    `when` is the condition under which it fires, `applies` for whom it watches; both are conditions as segments have them.
    `again_after_days` is how long it stays quiet about an account after it fired; `opens` the incident that it opens, with
    its title, clock_hours and tasks.
    """

    severity: Severity = "medium"
    foretells: Literal["churn", "expansion", "nothing"] = "churn"
    owner: str = "csm"
    again_after_days: int = 0
    applies: dict[str, Any] | None = None
    when: dict[str, Any]
    opens: dict[str, Any] | None = None


class RuleDefinitionIn(Schema):
    """A definition that is tried."""

    definition: RuleDefinition


class RuleIn(RuleDefinitionIn):
    """A rule's title and definition."""

    title: str


class RuleOut(Schema):
    """A rule with how it goes among the accounts that the token's owner may see.

    `holds` counts accounts of which it holds now, `snoozed` those of them that are put off, `fired` its alarms of the last
    28 days, `unknown` the accounts of which it cannot be told (null: not looked at yet). `number` is the version in force.
    """

    slug: str
    title: str
    sentence: str
    severity: Severity
    definition: dict[str, Any]
    active: bool
    number: int | None
    draft: int | None
    begun_at: datetime | None
    holds: int
    snoozed: int
    fired: int
    unknown: int | None


class RuleVersionOut(Schema):
    """One state of a rule; a draft while `published_at` is null."""

    number: int
    definition: dict[str, Any]
    sentence: str
    changed_at: datetime
    published_at: datetime | None
    begun_at: datetime | None


class RuleNumberOut(Schema):
    """The number of a version."""

    number: int


class RulePublishIn(Schema):
    """Which version; `changed_at` refuses it when somebody edited the draft since."""

    number: int
    changed_at: datetime | None = None


class RuleRollBackIn(Schema):
    """Which earlier version is published anew."""

    number: int


class RulePreviewOut(Schema):
    """For how many accounts a rule would fire now."""

    words: str
    members: int
    unknown: int
    customers: int
    arr: MoneyOut | None


class SignalOut(Schema):
    """A rule held for an account from `at` until `ended_at` (null: still), and why.

    `stood` says that it held already when the rule began to watch; `seen` is what was seen then.
    """

    id: int
    rule: str
    title: str
    severity: Severity
    sentence: str
    account: str
    name: str
    arr: MoneyOut | None
    at: datetime
    ended_at: datetime | None
    stood: bool
    because: list[str]
    ended_because: list[str]
    seen: dict[str, Any]
    snoozed_until: datetime | None


class SignalPage(Schema):
    """Some signals, the latest first; ask again with `before` = `next` until `next` is null."""

    items: list[SignalOut]
    next: int | None


class SignalSnoozeIn(Schema):
    """For how many days nobody wants to hear of it, and why."""

    days: int
    reason: str = ""


@router.get("/rules", response={200: list[RuleOut], 401: Problem})
def list_rules(request: Asked) -> list[RuleOut]:
    """All rules, the gravest first, resting ones last."""
    found = rules.everything(seen_by=request.auth, at=clock.now())
    return [RuleOut.from_orm(rule) for rule in found]


@router.post("/rules/preview", response={200: RulePreviewOut, **PROBLEMS})
def preview_rule(request: Asked, told: RuleDefinitionIn) -> RulePreviewOut:
    """For whom a definition would fire now; nothing is kept."""
    found = rules.preview(definition=_said(told.definition), seen_by=request.auth)
    return RulePreviewOut.from_orm(found)


@router.get("/rules/{slug}", response={200: RuleOut, 401: Problem, 404: Problem})
def get_rule(request: Asked, slug: str) -> RuleOut:
    """One rule."""
    return RuleOut.from_orm(rules.find(slug=slug, seen_by=request.auth, at=clock.now()))


@router.get("/rules/{slug}/versions", response={200: list[RuleVersionOut], 401: Problem, 404: Problem})
def list_rule_versions(request: Asked, slug: str) -> list[RuleVersionOut]:
    """All versions of a rule, the newest first."""
    rules.find(slug=slug, seen_by=request.auth, at=clock.now())
    return [RuleVersionOut.from_orm(version) for version in rules.versions(slug=slug)]


@router.put("/rules/{slug}/draft", response={200: RuleNumberOut, **PROBLEMS})
def put_rule_draft(request: Asked, slug: str, told: RuleIn) -> RuleNumberOut:
    """Save the draft; it is edited in place until it is published."""
    saved = deeds.save(
        slug=slug, title=told.title, definition=_said(told.definition), by=request.auth, at=clock.now()
    )
    return RuleNumberOut(number=saved.number)


@router.delete("/rules/{slug}/draft", response={204: None, **PROBLEMS})
def delete_rule_draft(request: Asked, slug: str) -> HttpResponse:
    """Throw the draft away."""
    deeds.discard(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/rules/{slug}/publication", response={204: None, **PROBLEMS})
def publish_rule(request: Asked, slug: str, told: RulePublishIn) -> HttpResponse:
    """Put a version in force: it watches from now on. Of whom it holds already is noted, and is no news."""
    deeds.publish(slug=slug, number=told.number, seen=told.changed_at, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.post("/rules/{slug}/rollback", response={200: RuleNumberOut, **PROBLEMS})
def roll_back_rule(request: Asked, slug: str, told: RuleRollBackIn) -> RuleNumberOut:
    """Publish what an earlier version said, as a new version."""
    made = deeds.roll_back(slug=slug, number=told.number, by=request.auth, at=clock.now())
    tasks.nudge()
    return RuleNumberOut(number=made.number)


@router.put("/rules/{slug}/rest", response={204: None, **PROBLEMS})
def rest_rule(request: Asked, slug: str) -> HttpResponse:
    """Let it watch no more; what it noticed stays as history."""
    deeds.rest(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.delete("/rules/{slug}/rest", response={204: None, **PROBLEMS})
def wake_rule(request: Asked, slug: str) -> HttpResponse:
    """Let it watch again as it was published last."""
    deeds.wake(slug=slug, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.get("/rules/{slug}/signals", response={200: SignalPage, **PROBLEMS})
def list_rule_signals(
    request: Asked,
    slug: str,
    state: Literal["holding", "over", "all"] = "all",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> SignalPage:
    """What a rule noticed, the latest first."""
    now = clock.now()
    rules.find(slug=slug, seen_by=request.auth, at=now)
    found = firings.of_rule(
        slug=slug, seen_by=request.auth, now=now, state=state, before=before, limit=limit + 1
    )
    shown = found[:limit]
    return SignalPage(
        items=[_signal(one) for one in shown], next=shown[-1].id if len(found) > limit else None
    )


@router.get("/signals", response={200: list[SignalOut], 401: Problem, 404: Problem})
def list_account_signals(request: Asked, account: str) -> list[SignalOut]:
    """The signals of an account: what holds first, the gravest before the others; then what is over."""
    found = accounts.find(key=account, seen_by=request.auth)
    now = clock.now()
    return [_signal(one) for one in firings.of_account(account_id=found.id, seen_by=request.auth, now=now)]


@router.get("/signals/{int:signal_id}", response={200: SignalOut, 401: Problem, 404: Problem})
def get_signal(request: Asked, signal_id: int) -> SignalOut:
    """One signal."""
    return _signal(firings.find(firing_id=signal_id, seen_by=request.auth, now=clock.now()))


@router.put("/signals/{int:signal_id}/snooze", response={200: SignalOut, **PROBLEMS})
def snooze_signal(request: Asked, signal_id: int, told: SignalSnoozeIn) -> SignalOut:
    """Put it off, and every other of the same rule on the same account."""
    responses.put_off(firing_id=signal_id, days=told.days, note=told.reason, by=request.auth, at=clock.now())
    return _signal(firings.find(firing_id=signal_id, seen_by=request.auth, now=clock.now()))


@router.delete("/signals/{int:signal_id}/snooze", response={204: None, **PROBLEMS})
def wake_signal(request: Asked, signal_id: int) -> HttpResponse:
    """Take that back."""
    responses.wake(firing_id=signal_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


class RehearsalIn(Schema):
    """Over what a rule is rehearsed: days `step_days` apart, outcomes within `horizon_days` after an alarm."""

    number: int | None = None
    step_days: Literal[1, 7, 14, 28] = 7
    horizon_days: int = 90
    since: date | None = None
    until: date | None = None


class RehearsalOut(Schema):
    """How far a rehearsal is and what it found; `other` is the version in force over the same days, if there is one.

    `figures` has among others alarms, accounts, a_week_per_csm, precision (share, low, high), came, caught, lead_days
    (quartiles), by_chance, and `named`, the latest alarms.
    """

    id: int
    rule: str
    number: int
    is_as_rehearsed: bool
    against: int | None
    asked_at: datetime
    step_days: int
    horizon_days: int
    since: date | None
    until: date | None
    state: Literal["queued", "running", "done", "failed"]
    steps_done: int
    steps_total: int | None
    finished_at: datetime | None
    error: str
    figures: dict[str, Any] | None
    other: dict[str, Any] | None


@router.post("/rules/{slug}/rehearsals", response={202: RehearsalOut, **PROBLEMS})
def ask_rehearsal(request: Asked, slug: str, told: RehearsalIn) -> Status[RehearsalOut]:
    """Run a version (the newest) over the past, beside the one in force. A job does it: ask again until it is done."""
    rehearsal_id = rehearsal_deeds.ask(slug=slug, by=request.auth, at=clock.now(), **told.dict())
    tasks.rehearse(rehearsal_id)
    return Status(
        202, RehearsalOut.from_orm(rehearsals.find(rehearsal_id=rehearsal_id, seen_by=request.auth))
    )


@router.get("/rules/{slug}/rehearsals", response={200: list[RehearsalOut], 401: Problem, 404: Problem})
def list_rehearsals(request: Asked, slug: str) -> list[RehearsalOut]:
    """The rehearsals of a rule, the newest first."""
    rules.find(slug=slug, seen_by=request.auth, at=clock.now())
    return [RehearsalOut.from_orm(one) for one in rehearsals.of_rule(slug=slug, seen_by=request.auth)]


@router.get("/rehearsals/{int:rehearsal_id}", response={200: RehearsalOut, 401: Problem, 404: Problem})
def get_rehearsal(request: Asked, rehearsal_id: int) -> RehearsalOut:
    """One rehearsal."""
    return RehearsalOut.from_orm(rehearsals.find(rehearsal_id=rehearsal_id, seen_by=request.auth))


def _said(told: RuleDefinition) -> dict[str, Any]:
    return told.dict(exclude_none=True)


def _signal(one: firings.FiringView) -> SignalOut:
    return SignalOut(
        id=one.id,
        rule=one.rule,
        title=one.title,
        severity=one.severity,  # type: ignore[arg-type] # checked when it was declared
        sentence=one.sentence,
        account=one.account_key,
        name=one.account_name,
        arr=None if one.arr is None else MoneyOut(amount=one.arr.amount, currency=one.arr.currency),
        at=one.at,
        ended_at=one.ended_at,
        stood=one.stood,
        because=list(one.because),
        ended_because=list(one.ended_because),
        seen=one.seen,
        snoozed_until=one.snoozed_until,
    )
