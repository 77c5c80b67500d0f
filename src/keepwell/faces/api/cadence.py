"""Cadence over the REST API: how accounts are met beside what is asked, outputs of phases, what is declared."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import StreamingHttpResponse
from ninja import Path, Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import cadence_files, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.web.downloads import streamed
from keepwell.health.queries import portfolio
from keepwell.plays.actions import cadences as deeds
from keepwell.plays.queries import account_cadence, cadence_book, cadences
from keepwell.plays.queries import outputs as made
from keepwell.plays.queries.cadence_book import BookRow
from keepwell.plays.queries.cadences import StandingView
from keepwell.plays.queries.outputs import OutputView

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FOUND = {401: Problem, 404: Problem, 422: Problem}
Of = Annotated[
    str, Query(description="Whose accounts: mine, all, team:NUMBER or owner:NUMBER.", max_length=40)
]
Key = Annotated[str, Path(max_length=200)]
Slug = Annotated[str, Path(max_length=63, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Words = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Address = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
State = Literal["kept", "late", "unknown", "unasked"]
FILE: dict[str, Any] = {
    "responses": {200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}


class CadenceRuleOut(Schema):
    """A rule that is asked of an account; `wins`: no other rule that asks for the same is due sooner.

    No `kinds`: any conversation. `due` is null while nothing tells from when to count.
    """

    origin: Literal["band", "tier", "phase"]
    slug: str
    said: str
    kinds: list[str]
    times: int
    every_days: int
    counts: Literal["calendar", "working"]
    last: date | None
    due: date | None
    kept: bool
    wins: bool


class OutputOut(Schema):
    """An output of the phase in which an account is."""

    account_key: str
    account_name: str
    phase: str
    phase_title: str
    since: date | None
    output: str
    title: str
    owner: list[str]
    due: date | None
    how: Literal["due", "overdue", "done"]
    done_at: datetime | None
    done_by: str
    link: str
    note: str


class CadenceWeekOut(Schema):
    """How the account stood at the end of a day, and how many conversations the seven days up to it had."""

    day: date
    state: State
    conversations: int


class BrokenOut(Schema):
    """From when until when the cadence was broken, by the looked-at days; null: still."""

    since: date
    until: date | None


class AccountCadenceOut(Schema):
    """The cadence of an account as of a day."""

    day: date
    state: State
    phase: str | None
    phase_since: date | None
    rules: list[CadenceRuleOut]
    weeks: list[CadenceWeekOut]
    kept_share: float | None
    broken: list[BrokenOut]
    outputs: list[OutputOut]
    planned: datetime | None


class CadenceRowOut(Schema):
    """An account of a book; the rules that are asked of it, the ones that win first."""

    key: str
    name: str
    band: str
    state: State
    arr: MoneyOut | None
    rules: list[CadenceRuleOut]
    outputs_overdue: int


class CadenceBookOut(Schema):
    """A book: how many accounts stand how (`share` of the kept among those that can be told), and a page of them."""

    share: float | None
    kept: int
    late: int
    unknown: int
    unasked: int
    accounts: list[CadenceRowOut]
    total: int


class DeclarationOut(Schema):
    """A declared cadence: in force while `ended_at` is null; as usual where nobody declared one."""

    definition: dict[str, Any]
    declared_at: datetime | None
    declared_by: str
    ended_at: datetime | None


class DeclarationIn(Schema):
    """How often customers are to be met, as in a practice pack."""

    definition: dict[str, Any]


class OutputDeliveryIn(Schema):
    """Where it is, and a note."""

    link: Address = ""
    note: Words = ""


@router.get("/cadence", response={200: CadenceBookOut, **FOUND})
def book(
    request: Asked,
    of: Of = "all",
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """How often the accounts of a book are met beside what is asked, the largest first."""
    meant = portfolio.whose(of, seen_by=request.auth)
    rows = cadence_book.page(
        of=meant, state=state or "", seen_by=request.auth, day=clock.now().date(), limit=limit, after=after
    )
    counts = cadence_book.counts(meant)
    total = cadence_book.count(meant, state or "", counts)
    return {**vars(counts), "share": counts.share, "accounts": [_row(one) for one in rows], "total": total}


@router.get("/cadence.csv", openapi_extra=FILE)
def book_csv(request: Asked, of: Of = "all", state: State | None = None) -> StreamingHttpResponse:
    """The same as a file."""
    found = cadence_book.each(
        of=portfolio.whose(of, seen_by=request.auth),
        state=state or "",
        seen_by=request.auth,
        day=clock.now().date(),
    )
    return streamed("cadence", cadence_files.BOOK_COLUMNS, cadence_files.book(found))


@router.get("/cadence/outputs", response={200: list[OutputOut], **FOUND})
def list_outputs(
    request: Asked, of: Of = "all", how: Literal["due", "overdue", "done"] | None = None
) -> list[dict[str, Any]]:
    """What the phases of a book's accounts are to leave behind; those that are not done, or in one state."""
    found, _ = made.of_book(
        of=portfolio.whose(of, seen_by=request.auth),
        seen_by=request.auth,
        day=clock.now().date(),
        how=how or "",
    )
    return [_output(one) for one in found]


@router.get("/cadence/declarations", response={200: list[DeclarationOut], 401: Problem})
def list_declarations(request: Asked) -> list[dict[str, Any]]:
    """What is in force, then what was declared before."""
    return [
        {**vars(one), "definition": one.cadence.written} for one in cadences.everything(seen_by=request.auth)
    ]


@router.put("/cadence/declarations", response={200: list[DeclarationOut], **PROBLEMS})
def declare(request: Asked, given: DeclarationIn) -> list[dict[str, Any]]:
    """Say how often customers are to be met from now on."""
    deeds.declare(definition=given.definition, by=request.auth, at=clock.now())
    return list_declarations(request)


@router.get("/accounts/{key}/cadence", response={200: AccountCadenceOut, **FOUND})
def of_account(request: Asked, key: Key, as_of: date | None = None) -> dict[str, Any]:
    """What is due for an account, week by week what was kept, and the outputs of its phase; as of a day."""
    today = clock.now().date()
    found = account_cadence.find(key=key, seen_by=request.auth, day=min(as_of or today, today))
    standing = found.standing
    return {
        "day": standing.situation.day,
        "state": standing.state,
        "phase": standing.within.phase.slug if standing.within else None,
        "phase_since": standing.within.since if standing.within else None,
        "rules": _rules(standing),
        "weeks": [vars(one) for one in found.weeks],
        "kept_share": found.kept_share,
        "broken": [{"since": since, "until": until} for since, until in found.spells],
        "outputs": [_output(one) for one in found.outputs],
        "planned": found.planned,
    }


@router.post("/accounts/{key}/cadence/outputs/{output}/delivery", response={201: OutputOut, **PROBLEMS})
def deliver(request: Asked, key: Key, output: Slug, given: OutputDeliveryIn) -> Status[dict[str, Any]]:
    """Say that an output of the account's phase was delivered."""
    now = clock.now()
    deeds.deliver(
        account=key, output=output, link=given.link, note=given.note, by=request.auth, at=now, day=now.date()
    )
    found = account_cadence.find(key=key, seen_by=request.auth, day=now.date())
    return Status(201, next(_output(one) for one in found.outputs if one.output == output))


@router.delete("/accounts/{key}/cadence/outputs/{output}/delivery", response={204: None, **PROBLEMS})
def take_back(request: Asked, key: Key, output: Slug) -> Status[None]:
    """It was not delivered after all."""
    now = clock.now()
    deeds.take_back(account=key, output=output, by=request.auth, at=now, day=now.date())
    return Status(204, None)


def _row(one: BookRow) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "band": one.band,
        "state": one.standing.state,
        "arr": one.arr,
        "rules": _rules(one.standing),
        "outputs_overdue": one.overdue,
    }


def _rules(standing: StandingView) -> list[dict[str, Any]]:
    return [_rule(one) for one in standing.verdicts]


def _rule(one: cadences.RuleVerdict) -> dict[str, Any]:
    duty = one.duty
    return {
        "origin": duty.origin,
        "slug": duty.slug,
        "said": cadences.rule_said(duty),
        "kinds": list(duty.kinds),
        "times": duty.rhythm.times,
        "every_days": duty.rhythm.every_days,
        "counts": duty.rhythm.counts,
        "last": one.last,
        "due": one.due,
        "kept": one.kept,
        "wins": one.wins,
    }


def _output(one: OutputView) -> dict[str, Any]:
    return {**vars(one), "owner": list(one.owner)}
