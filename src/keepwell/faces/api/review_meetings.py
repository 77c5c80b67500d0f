"""Business reviews over the REST API: planned, invited to, moved, cancelled, held; each deed is one address."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.kernel.moments import utc
from keepwell.outcomes.actions import holdings, invitations, review_labels
from keepwell.outcomes.actions import reviews as deeds
from keepwell.outcomes.queries import review_proposals, reviews

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST = 500
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Path(max_length=220, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]
Kind = Literal["quarterly", "executive", "monthly", "renewal"]
State = Literal["planned", "invited", "overdue", "held", "cancelled"]
Stands = Literal["on_track", "behind", "reached"]


class ReviewIn(Schema):
    """A review: `owner` and `ours` are e-mail addresses, `theirs` keys of people; an empty title is made of the kind.

    `labels` say of a field whether it is internal or shared, where that differs from what is usual.
    """

    starts_at: datetime
    kind: Kind = "quarterly"
    title: Short = ""
    minutes: Annotated[int, Field(ge=1, le=480)] = 60
    place: Text = ""
    agenda: Text = ""
    notes: Text = ""
    owner: Short = ""
    theirs: list[Short] = []
    ours: list[Short] = []
    labels: dict[str, Literal["internal", "shared"]] = {}


class ReviewRowOut(Schema):
    """A review in a list; `overdue` is one whose moment has passed and of which nobody noted how it went."""

    id: int
    account_key: str
    account_name: str
    kind: Kind
    title: str
    state: State
    starts_at: datetime
    minutes: int
    owner: str
    guests: int
    attended: int


class ReviewPage(Schema):
    """Some reviews; ask again with `offset` = `next` until `next` is null."""

    items: list[ReviewRowOut]
    next: int | None


class ReviewGuestOut(Schema):
    """Somebody who is to be there, or was: `key` is of their person, or the address of one of ours.

    `is_told`: an invitation says what the review is now. `attended` is null before it was held.
    """

    key: str
    name: str
    email: str
    roles: list[str]
    is_ours: bool
    is_told: bool
    attended: bool | None


class ReviewDecisionOut(Schema):
    """What was decided; `id` is what its label is switched by."""

    id: int
    text: str
    is_internal: bool


class ReviewActionOut(Schema):
    """An action item with its task."""

    id: int
    title: str
    task: int | None
    owner: str
    theirs: str
    due_at: datetime | None
    done_at: datetime | None
    is_internal: bool


class ReviewScoreOut(Schema):
    """How an outcome of the plan stood, with the customer's words."""

    id: int
    slug: str
    title: str
    stands: Stands
    words: str
    is_internal: bool


class ReviewOut(Schema):
    """A whole review."""

    review: ReviewRowOut
    place: str
    agenda: str
    notes: str
    labels: dict[str, str]
    owner_email: str
    sequence: int
    guests: list[ReviewGuestOut]
    cancelled_at: datetime | None
    reason: str
    noted_at: datetime | None
    noted_by: str
    held_minutes: int | None
    decisions: list[str]
    internal_decisions: list[str]
    decided: list[ReviewDecisionOut]
    todos: list[ReviewActionOut]
    scores: list[ReviewScoreOut]
    following: int | None


class ReviewProposalOut(Schema):
    """When the next review is due (null: nothing asks for one), by which rule, and the moment that is proposed, UTC."""

    due: date | None
    rule: str
    last: date | None
    starts_at: datetime


class ReviewToldOut(Schema):
    """How many guests are written to, and who has no address."""

    told: int
    unwritten: list[str] = []


class ReviewCancelIn(Schema):
    """Why it does not take place; only we read that."""

    reason: Text = ""


class ReviewActionIn(Schema):
    """An action item: a task for one of ours (by address), or watched for one of theirs (by key); internal: in no deck."""

    title: Short
    due_date: date
    owner: Short = ""
    theirs: Short = ""
    is_internal: bool = False


class ReviewScoreIn(Schema):
    """How an outcome stands, by its slug; internal: in no deck."""

    objective: Short
    stands: Stands
    words: Text = ""
    is_internal: bool = False


class ReviewHeldIn(Schema):
    """How it went; `theirs` are keys of people who came, `ours` addresses, `next_at` plans the next one like it.

    The customer reads `decisions` in their next deck, `internal_decisions` nowhere.
    """

    theirs: list[Short]
    ours: list[Short] = []
    minutes: Annotated[int, Field(ge=1, le=480)] | None = None
    note: Text = ""
    decisions: Annotated[list[Text], Field(max_length=50)] = []
    internal_decisions: Annotated[list[Text], Field(max_length=50)] = []
    todos: Annotated[list[ReviewActionIn], Field(max_length=50)] = []
    scores: Annotated[list[ReviewScoreIn], Field(max_length=50)] = []
    next_at: datetime | None = None


class ReviewLabelIn(Schema):
    """Who may see it: internal, nobody but us; shared, the customer reads it in their next deck."""

    label: Literal["internal", "shared"]


@router.get("/reviews", response={200: ReviewPage, **PROBLEMS})
def list_reviews(
    request: Asked, state: Literal["", "ahead", "planned", "invited", "overdue", "held", "cancelled"] = "",
    account: Annotated[str, Query(max_length=220)] = "", search: Annotated[str, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> ReviewPage:  # fmt: skip
    """Reviews: what is to come first, then the past."""
    asked = reviews.Asked(state, account.replace("\x00", ""), search.replace("\x00", ""))
    found = reviews.page(asked=asked, seen_by=request.auth, now=clock.now(), offset=offset, limit=limit + 1)
    return ReviewPage(
        items=[ReviewRowOut.from_orm(one) for one in found[:limit]],
        next=offset + limit if len(found) > limit else None,
    )


@router.get("/accounts/{key}/reviews/proposal", response={200: ReviewProposalOut, **PROBLEMS})
def propose_review(request: Asked, key: Name) -> ReviewProposalOut:
    """When the next review is due by the cadence, and a moment for it."""
    found = review_proposals.find(account=key, seen_by=request.auth, now=clock.now(), zone="UTC")
    return ReviewProposalOut.from_orm(found)


@router.post("/accounts/{key}/reviews", response={201: ReviewOut, **PROBLEMS})
def plan_review(request: Asked, key: Name, told: ReviewIn) -> Status[ReviewOut]:
    """Plan a review; nobody is written to yet."""
    number = deeds.schedule(account=key, wanted=_wanted(told), by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(201, _out(request, number))


@router.get("/reviews/{int:review_id}", response={200: ReviewOut, **PROBLEMS})
def get_review(request: Asked, review_id: Number) -> ReviewOut:
    """One review with its guests and what came of it."""
    return _out(request, review_id)


@router.put("/reviews/{int:review_id}", response={200: ReviewOut, **PROBLEMS})
def change_review(request: Asked, review_id: Number, told: ReviewIn) -> ReviewOut:
    """Say anew what it is; guests who know of it are told what has changed."""
    deeds.change(review_id=review_id, wanted=_wanted(told), by=request.auth, at=clock.now())
    tasks.nudge()
    return _out(request, review_id)


@router.post("/reviews/{int:review_id}/invitations", response={200: ReviewToldOut, **PROBLEMS})
def invite_to_review(request: Asked, review_id: Number) -> ReviewToldOut:
    """Send a calendar entry to each guest who does not know of it as it stands."""
    done = invitations.invite(review_id=review_id, by=request.auth, at=clock.now())
    tasks.nudge()
    return ReviewToldOut(told=done.count, unwritten=list(done.unwritten))


@router.put("/reviews/{int:review_id}/cancellation", response={200: ReviewToldOut, **PROBLEMS})
def cancel_review(request: Asked, review_id: Number, told: ReviewCancelIn) -> ReviewToldOut:
    """It does not take place; guests who know of it are told."""
    count = deeds.cancel(review_id=review_id, reason=told.reason, by=request.auth, at=clock.now())
    tasks.nudge()
    return ReviewToldOut(told=count)


@router.delete("/reviews/{int:review_id}/cancellation", response={200: ReviewToldOut, **PROBLEMS})
def plan_review_again(request: Asked, review_id: Number) -> ReviewToldOut:
    """It takes place after all."""
    count = deeds.plan_again(review_id=review_id, by=request.auth, at=clock.now())
    tasks.nudge()
    return ReviewToldOut(told=count)


@router.put("/reviews/{int:review_id}/holding", response={200: ReviewOut, **PROBLEMS})
def hold_review(request: Asked, review_id: Number, told: ReviewHeldIn) -> ReviewOut:
    """It took place: who was there, decisions, action items as tasks, the plan scored, the next one planned."""
    said: dict[str, Any] = told.dict(exclude={"todos", "scores", "next_at"})
    held = holdings.Held(
        **said,
        todos=[holdings.Todo(**one.dict()) for one in told.todos],
        scores=[holdings.Judged(**one.dict()) for one in told.scores],
        next_at=None if told.next_at is None else utc(told.next_at),
    )
    holdings.hold(review_id=review_id, held=held, by=request.auth, at=clock.now())
    tasks.nudge()
    return _out(request, review_id)


@router.delete("/reviews/{int:review_id}/holding", response={204: None, **PROBLEMS})
def take_review_back(request: Asked, review_id: Number) -> HttpResponse:
    """It was not held after all; what was noted of it goes, done tasks stay."""
    holdings.take_back(review_id=review_id, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.put("/reviews/{int:review_id}/{noun}/{int:number}/label", response={200: ReviewOut, **PROBLEMS})
def label_review_line(
    request: Asked, review_id: Number, noun: Literal["decision", "action", "score"], number: Number, told: ReviewLabelIn
) -> ReviewOut:  # fmt: skip
    """Switch who may see a decision, an action item or a score that was noted."""
    review_labels.label(
        review_id=review_id, noun=noun, number=number, label=told.label, by=request.auth, at=clock.now()
    )
    tasks.nudge()
    return _out(request, review_id)


def _wanted(told: ReviewIn) -> deeds.Wanted:
    said = told.dict() | {"starts_at": utc(told.starts_at)}
    return deeds.Wanted(**said)


def _out(request: Asked, review_id: int) -> ReviewOut:
    found = reviews.find(review_id=review_id, seen_by=request.auth, now=clock.now())
    said = {name: getattr(found, name) for name in ReviewOut.model_fields if name != "review"}
    return ReviewOut.model_validate(
        {
            **said,
            "labels": dict(found.labels),
            "review": ReviewRowOut.from_orm(found.row),
            "guests": [ReviewGuestOut.from_orm(one) for one in found.guests],
            "decided": [ReviewDecisionOut.from_orm(one) for one in found.decided],
            "todos": [ReviewActionOut.from_orm(one) for one in found.todos],
            "scores": [ReviewScoreOut.from_orm(one) for one in found.scores],
            "decisions": list(found.decisions),
            "internal_decisions": list(found.internal_decisions),
        }
    )
