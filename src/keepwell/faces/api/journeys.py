"""Journeys over the REST API: the path of an account, frictions on it, and a book's flow."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Path, Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.standing import Moment
from keepwell.health.queries import portfolio
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.queries import account_journey, journey_book, onboarding
from keepwell.outcomes.queries.account_journey import AccountJourney, CriterionView, StayView

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FOUND = {401: Problem, 404: Problem, 422: Problem}
Key = Annotated[str, Path(max_length=200)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Of = Annotated[
    str, Query(description="Whose accounts: mine, all, team:NUMBER or owner:NUMBER.", max_length=40)
]
Segment = Annotated[str, Query(max_length=63, pattern=r"^[^\x00]*$")]
Weeks = Annotated[int, Query(ge=1, le=104)]
Words = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


class CriterionOut(Schema):
    """By what a phase begins or ends: in words, as a condition in words, whether that holds (null: cannot be told), and why."""

    said: str
    condition: str
    holds: bool | None
    because: list[str]


class FrictionOut(Schema):
    """Something that went against the customer; `id` where somebody wrote it down, `key` the row that it follows from."""

    kind: str
    on: date
    until: date | None
    text: str
    feature: str
    value: float | None
    person: str
    key: str
    id: int | None
    by: str


class StayOut(Schema):
    """A phase of the path. `since` and `days` are null where nothing tells when it began; `over`: days over the expected."""

    phase: str
    title: str
    since: date | None
    until: date | None
    by: Literal["hand", "rule", "import", "days", "untold"]
    days: int | None
    expected_days: int | None
    over: int
    touchpoints: dict[str, int]
    frictions: int


class AccountJourneyOut(Schema):
    """The journey of an account as of a day; `entry` and `exit` are the criteria of the present phase."""

    account: str
    day: date
    state: Literal["stalled", "ready", "under_way", "left", "unknown"]
    phase: str | None
    path: list[StayOut]
    entry: CriterionOut
    exit: CriterionOut
    frictions: list[FrictionOut]


class FrictionIn(Schema):
    """What went against the customer, and on which day."""

    text: Words
    on: date


class FrictionSettlementIn(Schema):
    """On which day it was out of the way, and how."""

    on: date
    text: Words = ""


@router.get("/accounts/{key}/journey", response={200: AccountJourneyOut, **FOUND})
def journey_of_account(
    request: Asked, key: Key, as_of: date | None = None, known: Literal["now", "then"] = "now"
) -> dict[str, Any]:
    """The path of an account, what went against it and where it stands; as of a day, as known now or then."""
    moment = Moment.on(as_of, now=clock.now(), then=known == "then")
    return _told(
        account_journey.find(key=key, seen_by=request.auth, day=moment.day, known_by=moment.known_by)
    )


@router.post("/accounts/{key}/frictions", response={201: FrictionOut, **PROBLEMS})
def note_friction(request: Asked, key: Key, given: FrictionIn) -> Status[dict[str, Any]]:
    """Write down what went against the customer."""
    now = clock.now()
    number = deeds.note(account=key, text=given.text, on=given.on, by=request.auth, at=now)
    return Status(201, _friction(request, key, number))


@router.put("/accounts/{key}/frictions/{number}/settlement", response={200: FrictionOut, **PROBLEMS})
def settle_friction(request: Asked, key: Key, number: Number, given: FrictionSettlementIn) -> dict[str, Any]:
    """It is out of the way."""
    deeds.settle(
        account=key, friction_id=number, on=given.on, text=given.text, by=request.auth, at=clock.now()
    )
    return _friction(request, key, number)


@router.delete("/accounts/{key}/frictions/{number}/settlement", response={204: None, **PROBLEMS})
def reopen_friction(request: Asked, key: Key, number: Number) -> Status[None]:
    """It is not out of the way after all."""
    deeds.reopen(account=key, friction_id=number, by=request.auth, at=clock.now())
    return Status(204, None)


@router.delete("/accounts/{key}/frictions/{number}", response={204: None, **PROBLEMS})
def withdraw_friction(request: Asked, key: Key, number: Number) -> Status[None]:
    """It should not have been written down."""
    deeds.withdraw_friction(account=key, friction_id=number, by=request.auth, at=clock.now())
    return Status(204, None)


def _friction(request: Asked, key: str, number: int) -> dict[str, Any]:
    found = account_journey.find(key=key, seen_by=request.auth, day=clock.now().date())
    return next(vars(one) for one in found.frictions if one.id == number)


def _told(found: AccountJourney) -> dict[str, Any]:
    return {
        "account": found.key,
        "day": found.day,
        "state": found.state,
        "phase": found.now.phase if found.now else None,
        "path": [_stay(one) for one in found.stays],
        "entry": _criterion(found.entry),
        "exit": _criterion(found.exit),
        "frictions": [vars(one) for one in found.frictions],
    }


def _stay(one: StayView) -> dict[str, Any]:
    return {
        "phase": one.phase, "title": one.title, "since": one.since if one.is_dated else None, "until": one.until,
        "by": one.by, "days": one.days if one.is_dated else None, "expected_days": one.expected, "over": one.over,
        "touchpoints": dict(one.touchpoints), "frictions": len(one.frictions),
    }  # fmt: skip


def _criterion(one: CriterionView) -> dict[str, Any]:
    return {**vars(one), "because": list(one.because)}


class MedianOut(Schema):
    """A Kaplan-Meier median in days with the interval that holds it with 95 %; null where too few came there to tell."""

    median: int | None
    low: int | None
    high: int | None
    came: int
    all: int


class PhaseFlowOut(Schema):
    """A phase over the period: who is in it now, entered it, left it, stalls in it; and how long it takes."""

    phase: str
    title: str
    expected_days: int | None
    now: int
    entered: int
    left: int
    stalled: int
    time: MedianOut


class JourneyFlowOut(Schema):
    """A book's flow through its phases, from after `since` until the end of `day`."""

    since: date
    day: date
    accounts: int
    untold: int
    phases: list[PhaseFlowOut]


class BookStayOut(Schema):
    """An account in a phase; `over` days longer than expected."""

    account: str
    name: str
    phase: str
    since: date | None
    until: date | None
    days: int | None
    expected_days: int | None
    over: int
    owner: str
    arr: MoneyOut | None


class NewcomerOut(Schema):
    """A customer that began: the days until first value, or so far where it is not reached."""

    account: str
    name: str
    since: date
    state: Literal["late", "soon", "waiting", "there", "there_late", "left"]
    reached: bool
    days: int
    due: date
    owner: str
    arr: MoneyOut | None


class OnboardingOut(Schema):
    """How long customers who began after `since` take until first value; `within` is the share that came there in time."""

    since: date
    day: date
    metric: str
    milestone: str
    weeks: int
    time: MedianOut
    within: float | None
    undated: int
    newcomers: list[NewcomerOut]


@router.get("/journey", response={200: JourneyFlowOut, **FOUND})
def journey_of_book(
    request: Asked, of: Of = "all", segment: Segment = "", weeks: Weeks = 13
) -> dict[str, Any]:
    """Who entered, left and stalls in each phase of a book over so many weeks (4, 13, 26 or 52)."""
    meant = portfolio.whose(of, seen_by=request.auth, segment=segment)
    found = journey_book.book(of=meant, seen_by=request.auth, day=clock.now().date(), weeks=weeks)
    return {**vars(found), "phases": [_flow(one) for one in found.phases]}


@router.get("/journey/accounts", response={200: list[BookStayOut], **FOUND})
def journey_accounts(
    request: Asked,
    what: Literal["now", "entered", "left", "stalled"] = "stalled",
    phase: Segment = "",
    of: Of = "all",
    segment: Segment = "",
    weeks: Weeks = 13,
) -> list[dict[str, Any]]:
    """The accounts behind a figure, the longest over what is expected first."""
    meant = portfolio.whose(of, seen_by=request.auth, segment=segment)
    found = journey_book.book(of=meant, seen_by=request.auth, day=clock.now().date(), weeks=weeks)
    rows = journey_book.listed(found, of=meant, seen_by=request.auth, phase=phase, what=what)
    return [
        {
            **vars(one),
            "account": one.key,
            "days": one.days if one.since else None,
            "expected_days": one.expected,
        }
        for one in rows
    ]


@router.get("/journey/onboarding", response={200: OnboardingOut, **FOUND})
def onboarding_of_book(
    request: Asked, of: Of = "all", segment: Segment = "", weeks: Weeks = 52
) -> dict[str, Any]:
    """How long customers who began within so many weeks (26, 52 or 104) take until first value, and who is late."""
    meant = portfolio.whose(of, seen_by=request.auth, segment=segment)
    found = onboarding.onboarding(of=meant, seen_by=request.auth, day=clock.now().date(), weeks=weeks)
    said = found.first_value
    return {
        **vars(found),
        "metric": said.metric,
        "milestone": said.milestone,
        "weeks": said.weeks,
        "time": vars(found.time),
        "within": found.time.share_by(said.weeks * 7),
        "newcomers": [{**vars(one), "account": one.key} for one in found.newcomers],
    }


def _flow(one: journey_book.PhaseFlow) -> dict[str, Any]:
    return {**vars(one), "expected_days": one.expected, "time": vars(one.time)}
