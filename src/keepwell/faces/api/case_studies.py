"""Case studies over the REST API: drafted, written, published; words of theirs with their permission."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Path, Router, Schema, Status
from pydantic import Field, StringConstraints

from keepwell.faces import case_studying, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.plans import PROBLEMS, Name, Text, Visibility
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.outcomes.actions import case_studies as deeds
from keepwell.outcomes.queries.case_studies import QuoteView

router = Router()
QuoteNumber = Annotated[int, Path(ge=1, le=2**62)]
Long = Annotated[str, StringConstraints(max_length=50_000, pattern=r"^[^\x00]*$")]
QuoteSource = Literal["survey", "ask", "value", "said"]
Lacking = Literal["consent", "value", "gaps", "unpermitted"]
Advised = Literal["reached", "quote", "stale"]


class CustomerQuoteIn(Schema):
    """Words of one of theirs (`who`: key or name). Only with `permitted_on` and the label "shared" may they be used."""

    text: Text
    who: Text
    said_on: date
    source: QuoteSource = "said"
    origin: Annotated[int, Field(ge=1, le=2**62)] | None = None
    permitted_on: date | None = None
    evidence: Text = ""
    labels: dict[str, Visibility] = {}


class CustomerQuoteOut(Schema):
    """Words that are kept; `may_be_used` says whether they may stand in public."""

    id: int
    text: str
    name: str
    said_on: date
    source: str
    permitted_on: date | None
    evidence: str
    labels: dict[str, str]
    may_be_used: bool


class CaseStudyIn(Schema):
    """The text with simple marks; `seen` is the moment of the change that it rests on."""

    text: Long
    seen: datetime | None = None


class CaseStudyPublicationIn(Schema):
    """Since which day it is out, and where."""

    on: date
    link: Text = ""


class CaseStudyOut(Schema):
    """The draft ("" while there is none), what is needed before it may be published, and what would make it better."""

    account: str
    text: str
    changed_at: datetime | None
    drafted_at: datetime | None
    published_on: date | None
    link: str
    missing: list[Lacking]
    advice: list[Advised]
    gaps: list[str]
    quotes: list[CustomerQuoteOut]


class CustomerQuoteMade(Schema):
    """The number of the words that were kept."""

    id: int


@router.get("/accounts/{key}/case-study", response={200: CaseStudyOut, 401: Problem, 404: Problem})
def get_case_study(request: Asked, key: Name) -> CaseStudyOut:
    """An account's case study, begun or not."""
    return _study(request, key)


@router.post("/accounts/{key}/case-study/draft", response={200: CaseStudyOut, **PROBLEMS})
def draft_case_study(request: Asked, key: Name) -> CaseStudyOut:
    """Draft it from the facts of today; the text before can be put back."""
    case_studying.draft(account=key, by=request.auth, at=clock.now())
    tasks.nudge()
    return _study(request, key)


@router.put("/accounts/{key}/case-study", response={200: CaseStudyOut, **PROBLEMS})
def write_case_study(request: Asked, key: Name, told: CaseStudyIn) -> CaseStudyOut:
    """Write the text anew."""
    deeds.write(account=key, text=told.text, seen=told.seen, by=request.auth, at=clock.now())
    return _study(request, key)


@router.put("/accounts/{key}/case-study/publication", response={204: None, **PROBLEMS})
def publish_case_study(request: Asked, key: Name, told: CaseStudyPublicationIn) -> Status[None]:
    """Note that it is out; refused while something needed is missing."""
    deeds.publish(account=key, on=told.on, link=told.link, by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(204, None)


@router.delete("/accounts/{key}/case-study/publication", response={204: None, **PROBLEMS})
def withdraw_case_study(request: Asked, key: Name) -> Status[None]:
    """Note that it is not out after all."""
    deeds.withdraw(account=key, by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(204, None)


@router.post("/accounts/{key}/case-study/quotes", response={200: CustomerQuoteMade, **PROBLEMS})
def keep_quote(request: Asked, key: Name, told: CustomerQuoteIn) -> CustomerQuoteMade:
    """Keep words of one of theirs."""
    said = deeds.Quote(**told.dict())
    number = deeds.quote(account=key, quote=said, by=request.auth, at=clock.now())
    tasks.nudge()
    return CustomerQuoteMade(id=number)


@router.delete("/accounts/{key}/case-study/quotes/{quote_id}", response={204: None, **PROBLEMS})
def drop_quote(request: Asked, key: Name, quote_id: QuoteNumber) -> Status[None]:
    """Keep them no more."""
    deeds.unquote(account=key, quote_id=quote_id, by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(204, None)


def _study(request: Asked, key: str) -> CaseStudyOut:
    found = case_studying.find(account=key, seen_by=request.auth, day=clock.now().date())
    study = found.study
    return CaseStudyOut(
        account=study.account_key, text=study.text, changed_at=study.changed_at, drafted_at=study.drafted_at,
        published_on=study.published_on, link=study.link, missing=list(found.missing), advice=list(found.advice),  # type: ignore[arg-type]
        gaps=list(found.gaps), quotes=[_quote(one) for one in study.quotes],
    )  # fmt: skip


def _quote(one: QuoteView) -> CustomerQuoteOut:
    return CustomerQuoteOut(
        id=one.id, text=one.text, name=one.name, said_on=one.said_on, source=one.source, permitted_on=one.permitted_on,
        evidence=one.evidence, labels=dict(one.labels), may_be_used=one.shared is not None,
    )  # fmt: skip
