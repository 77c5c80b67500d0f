"""Advocacy over the REST API: whom one may ask, who was asked, what came of it, customers that are alike."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import StreamingHttpResponse
from ninja import Path, Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import advocacy_files, advocating, clock, standing
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.standing import Moment
from keepwell.faces.web.downloads import streamed
from keepwell.health.queries import portfolio
from keepwell.outcomes.actions import advocacy as deeds
from keepwell.outcomes.queries import advocacy, advocates, alike
from keepwell.outcomes.queries.advocates import Suggestion

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FOUND = {401: Problem, 404: Problem, 422: Problem}
Of = Annotated[
    str, Query(description="Whose accounts: mine, all, team:NUMBER or owner:NUMBER.", max_length=40)
]
Number = Annotated[int, Path(ge=1, le=2**62)]
Name = Annotated[str, StringConstraints(max_length=220, pattern=r"^[^\x00]*$")]
Words = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
AskKind = Literal["reference", "case_study", "review", "speaking", "referral", "logo"]
Key = Annotated[str, Path(max_length=200)]
Search = Annotated[str, Query(max_length=200, description="Part of an account's or a person's name.")]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10**7)]
AskState = Literal["open", "yes", "later", "no", "never", "came"]
AskAnswer = Literal["yes", "later", "no", "never"]
FILE: dict[str, Any] = {
    "responses": {200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}


class AdvocateAskOut(Schema):
    """An ask with its answer (empty while there is none) and what came of it."""

    id: int
    account: str
    account_name: str
    person: str
    person_name: str
    kind: AskKind
    for_whom: str
    note: str
    asked_on: date
    asked_by: str
    answer: Literal["", "yes", "later", "no", "never"]
    answered_on: date | None
    again_on: date | None
    answer_note: str
    outcome: str
    outcome_on: date | None
    link: str


class AdvocateSuggestionOut(Schema):
    """Somebody whom one may ask, with the reasons; `bars` are why not now.

    `value` is what the customer confirmed within the year. `proof` says how the proof of the card ended by which the account
    is healthy; empty: there is none, "hand": somebody set the health.
    """

    account: str
    account_name: str
    person: str
    person_name: str
    industry: str
    tier: str
    arr: MoneyOut | None
    nps: float | None
    last_asked_on: date | None
    reasons: list[str]
    bars: list[str]
    points: int
    value: MoneyOut | None
    value_on: date | None
    proof: Literal["", "proven", "weak", "chance", "too_little", "hand"]


class AccountAdvocacyOut(Schema):
    """Who of an account was asked until a day, and everybody who is known to like us, with why and why not."""

    account: str
    day: date
    asks: list[AdvocateAskOut]
    suggestions: list[AdvocateSuggestionOut]


class AlikeOut(Schema):
    """A customer that is like the asked one: in what, what it did for us, whom one may ask there."""

    account: str
    account_name: str
    alike: list[Literal["industry", "tier", "size", "product"]]
    arr: MoneyOut | None
    stories: list[AdvocateAskOut]
    suggestions: list[AdvocateSuggestionOut]


class AdvocateAskIn(Schema):
    """Who was asked for what; within the rest period only `anyway`, with the reason in the note."""

    account: Name
    person: Name
    kind: AskKind
    on: date
    for_whom: Short = ""
    note: Words = ""
    anyway: bool = False


class AdvocateAnswerIn(Schema):
    """What was answered; "later" may name the day from which on they want to be asked."""

    answer: AskAnswer
    on: date
    again_on: date | None = None
    note: Words = ""


class AdvocateOutcomeIn(Schema):
    """What came of it, on which day, and where it is."""

    text: Short
    on: date
    link: Short = ""


@router.get("/advocacy/suggestions", response={200: list[AdvocateSuggestionOut], **FOUND})
def list_suggestions(
    request: Asked, of: Of = "all", also_barred: bool = False, kind: AskKind | None = None, q: Search = "",
    limit: Limit = 500, offset: Offset = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """Whom one may ask to speak for us, the best first, perhaps for a kind; also those whom one may not ask now."""
    found = advocates.of_book(
        of=portfolio.whose(of, seen_by=request.auth), seen_by=request.auth, day=clock.now().date(),
        also_barred=also_barred, kind=kind or "", search=_plain(q),
    )  # fmt: skip
    return [_suggested(one) for one in found[offset : offset + limit]]


@router.get("/advocacy/suggestions.csv", openapi_extra=FILE)
def suggestions_csv(
    request: Asked, of: Of = "all", kind: AskKind | None = None, q: Search = ""
) -> StreamingHttpResponse:
    """All of them as a file, with those whom one may not ask now."""
    found = advocates.of_book(
        of=portfolio.whose(of, seen_by=request.auth), seen_by=request.auth, day=clock.now().date(),
        also_barred=True, kind=kind or "", search=_plain(q),
    )  # fmt: skip
    return streamed("advocates", advocacy_files.PEOPLE, advocacy_files.suggestions(found))


@router.get("/advocacy/asks", response={200: list[AdvocateAskOut], **FOUND})
def list_asks(
    request: Asked, of: Of = "all", state: AskState | None = None, kind: AskKind | None = None,
    account: Annotated[str, Query(max_length=200)] = "", q: Search = "", limit: Limit = 500, offset: Offset = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """Who was asked, the latest first."""
    found = advocacy.asks(
        of=portfolio.whose(of, seen_by=request.auth), seen_by=request.auth, state=state or "", kind=kind or "",
        account=_plain(account), search=_plain(q), limit=limit, offset=offset,
    )  # fmt: skip
    return [vars(one) for one in found]


@router.get("/advocacy/asks.csv", openapi_extra=FILE)
def asks_csv(request: Asked, of: Of = "all") -> StreamingHttpResponse:
    """The same as a file, all of them."""
    found = advocacy.each(of=portfolio.whose(of, seen_by=request.auth), seen_by=request.auth)
    return streamed("advocacy", advocacy_files.COLUMNS, advocacy_files.asks(found))


@router.get("/accounts/{key}/advocacy", response={200: AccountAdvocacyOut, **FOUND})
def advocacy_of_account(
    request: Asked, key: Key, as_of: date | None = None, known: Literal["now", "then"] = "now"
) -> dict[str, Any]:
    """Who of an account was asked, what came of it, and whom one may ask next; as of a day, as known now or then."""
    moment = Moment.on(as_of, now=clock.now(), then=known == "then")
    told = standing.read(key=key, moment=moment, seen_by=request.auth)
    asked = advocacy.of_account(account=key, seen_by=request.auth, day=moment.day, known_by=moment.known_by)
    return {
        "account": key,
        "day": moment.day,
        "asks": [vars(one) for one in asked],
        "suggestions": [_suggested(one) for one in advocating.suggested(told, seen_by=request.auth)],
    }


def _plain(said: str) -> str:
    return said.replace("\x00", "").strip()


def _suggested(one: Suggestion) -> dict[str, Any]:
    return {**vars(one), "proof": one.proof}


@router.get("/advocacy/alike", response={200: list[AlikeOut], **FOUND})
def list_alike(
    request: Asked, account: Annotated[str, Query(max_length=200)], of: Of = "all"
) -> list[dict[str, Any]]:
    """Customers like this one that spoke for us or may be asked, the most alike first."""
    found = alike.find(
        account=account.replace("\x00", ""), of=portfolio.whose(of, seen_by=request.auth), seen_by=request.auth,
        day=clock.now().date(),
    )  # fmt: skip
    return [
        {
            **vars(one),
            "stories": [vars(x) for x in one.stories],
            "suggestions": [_suggested(x) for x in one.suggestions],
        }
        for one in found
    ]


@router.post("/advocacy/asks", response={201: AdvocateAskOut, **PROBLEMS})
def ask(request: Asked, given: AdvocateAskIn) -> Status[dict[str, Any]]:
    """Note that somebody was asked."""
    number = deeds.ask(
        account=given.account, person=given.person, kind=given.kind, on=given.on, for_whom=given.for_whom,
        note=given.note, anyway=given.anyway, by=request.auth, at=clock.now(),
    )  # fmt: skip
    return Status(201, vars(advocacy.find(ask_id=number, seen_by=request.auth)))


@router.put("/advocacy/asks/{number}/answer", response={200: AdvocateAskOut, **PROBLEMS})
def put_answer(request: Asked, number: Number, given: AdvocateAnswerIn) -> dict[str, Any]:
    """Note what was answered."""
    deeds.answer(
        ask_id=number, answer=given.answer, on=given.on, again_on=given.again_on, note=given.note, by=request.auth,
        at=clock.now(),
    )  # fmt: skip
    return vars(advocacy.find(ask_id=number, seen_by=request.auth))


@router.put("/advocacy/asks/{number}/outcome", response={200: AdvocateAskOut, **PROBLEMS})
def put_outcome(request: Asked, number: Number, given: AdvocateOutcomeIn) -> dict[str, Any]:
    """Note what came of it."""
    deeds.note_outcome(
        ask_id=number, text=given.text, on=given.on, link=given.link, by=request.auth, at=clock.now()
    )
    return vars(advocacy.find(ask_id=number, seen_by=request.auth))


@router.delete("/advocacy/asks/{number}/last", response={204: None, **PROBLEMS})
def take_back(request: Asked, number: Number) -> Status[None]:
    """Take back what was noted last: what came of it, else the answer, else the ask itself."""
    deeds.take_back(ask_id=number, by=request.auth, at=clock.now())
    return Status(204, None)


class AdvocacyRestIn(Schema):
    """For how many days an account that was asked is not asked again."""

    days: int


@router.put("/advocacy/rest", response={200: AdvocacyRestIn, **PROBLEMS})
def put_rest(request: Asked, given: AdvocacyRestIn) -> dict[str, int]:
    """Say for how long an account that was asked rests."""
    deeds.rest(days=given.days, by=request.auth, at=clock.now())
    return {"days": advocacy.rest_days()}
