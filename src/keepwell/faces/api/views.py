"""The list of accounts over the REST API: asked as its address asks, under saved names, and changed in bulk."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse, QueryDict
from ninja import Query, Router, Schema, Status

from keepwell.access.scopes import Scope
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.faces.web.actions import saved_views as deeds
from keepwell.faces.web.pages.filters import Filters, said
from keepwell.faces.web.queries import saved_views
from keepwell.health.queries import book
from keepwell.health.queries.sheet.question import Question
from keepwell.health.queries.sheet.rows import BookRow
from keepwell.ledger.queries import accounts
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.plays.actions import bulk as bulk_deeds
from keepwell.plays.queries import bulk
from keepwell.segments.queries import vocabulary

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class BookRowOut(Schema):
    """An account as the list shows it; `more` has the other columns that were asked, by their names."""

    key: str
    name: str
    points: float | None
    band: str
    change: float | None
    why: str
    arr: str | None
    currency: str | None
    renewal_date: date | None
    owner: str
    last_touch_at: datetime | None
    more: dict[str, Any]


class BookOut(Schema):
    """Some rows, and how many there are in all."""

    day: date
    total: int
    items: list[BookRowOut]


class ViewIn(Schema):
    """A state of the list, as the query of its address says it, under a name."""

    name: str
    state: str = ""
    shared: Literal["private", "team", "all"] = "private"


class ViewOut(ViewIn):
    """A view that the token's owner may open."""

    id: int
    owner: str
    is_mine: bool
    is_default: bool


class BulkIn(Schema):
    """One deed on the accounts of these keys, or on all that a state of the list shows.

    `rule` is the one because of which it is done: a playbook that is started answers its signals.
    """

    kind: Literal["assign", "field", "tag", "untag", "phase", "unphase", "play"]
    said: dict[str, str] = {}
    keys: list[str] = []
    state: str | None = None
    rule: str = ""


class BulkOut(Schema):
    """How far a deed is, and what was refused: [key, reason]."""

    id: int
    kind: str
    words: str
    state: str
    total: int
    done: int
    changed: int
    refused: list[tuple[str, str]]
    undone_at: datetime | None


@router.get("/book", response={200: BookOut, **PROBLEMS})
def list_book(
    request: Asked,
    state: str = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> BookOut:
    """The list in a state that is said as in its address: `where=arr:above:50000&sort=-arr&cols=metric.active_people`."""
    words = vocabulary.accounts()
    asked = _question(state, request.auth, words)
    found = book.page(seen_by=request.auth, asked=asked, offset=offset, limit=limit, said=words)
    return BookOut(day=found.day, total=found.total, items=[_row(row) for row in found.rows])


def _question(state: str, by: Scope, words: Vocabulary) -> Question:
    query = QueryDict(state.removeprefix("?")).dict()
    filters = Filters.read(query, today=clock.now().date(), said=words)
    return filters.question(owner_id=by.user_id)


def _row(row: BookRow) -> BookRowOut:
    more: Mapping[str, Any] = {**row.more, **row.trends}
    return BookRowOut(
        key=row.key,
        name=row.name,
        points=row.points,
        band=row.band,
        change=row.change,
        why=row.change_reason or row.reason,
        arr=str(row.arr.amount) if row.arr else None,
        currency=row.arr.currency if row.arr else None,
        renewal_date=row.renewal_date,
        owner=row.owner,
        last_touch_at=row.last_touch_at,
        more=dict(more),
    )


@router.get("/views", response={200: list[ViewOut], 401: Problem})
def list_views(request: Asked) -> list[ViewOut]:
    """One's own views, those of one's teams, and those for all."""
    return [ViewOut.from_orm(view) for view in saved_views.everything(seen_by=request.auth)]


@router.post("/views", response={201: ViewOut, **PROBLEMS})
def create_view(request: Asked, told: ViewIn) -> Status[ViewOut]:
    """Name a state of the list."""
    return Status(201, _saved(request, told, None))


@router.put("/views/{int:view_id}", response={200: ViewOut, **PROBLEMS})
def put_view(request: Asked, view_id: int, told: ViewIn) -> ViewOut:
    """Say a view of one's own otherwise."""
    return _saved(request, told, view_id)


def _saved(request: Asked, told: ViewIn, view_id: int | None) -> ViewOut:
    query = QueryDict(told.state.removeprefix("?")).dict()
    filters = Filters.read(query, today=clock.now().date(), said=vocabulary.accounts())
    made = deeds.save(
        name=told.name, state=said(filters.state()), shared=told.shared, by=request.auth, at=clock.now(), view_id=view_id
    )  # fmt: skip
    return ViewOut.from_orm(saved_views.find(view_id=made, seen_by=request.auth))


@router.delete("/views/{int:view_id}", response={204: None, **PROBLEMS})
def delete_view(request: Asked, view_id: int) -> HttpResponse:
    """Delete a view of one's own."""
    deeds.delete(view_id=view_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/bulk", response={201: BulkOut, **PROBLEMS})
def do_to_many(request: Asked, told: BulkIn) -> Status[BulkOut]:
    """Do one thing to many accounts; above two hundred it goes on after the answer."""
    by, at = request.auth, clock.now()
    ids = list(accounts.ids_by_key(told.keys, seen_by=by).values())
    if told.state is not None:
        words = vocabulary.accounts()
        ids = book.ids(seen_by=by, asked=_question(told.state, by, words), said=words)
    made = bulk_deeds.draft(account_ids=ids, by=by, at=at, rule=told.rule)
    if bulk_deeds.start(deed_id=made, kind=told.kind, said=told.said, by=by, at=at):
        tasks.do_to_many(made)
    tasks.nudge()
    return Status(201, get_bulk(request, made))


@router.get("/bulk/{int:deed_id}", response={200: BulkOut, **PROBLEMS})
def get_bulk(request: Asked, deed_id: int) -> BulkOut:
    """How far a deed of one's own is."""
    return BulkOut.from_orm(bulk.find(deed_id=deed_id, seen_by=request.auth))


@router.delete("/bulk/{int:deed_id}", response={200: BulkOut, **PROBLEMS})
def undo_bulk(request: Asked, deed_id: int) -> BulkOut:
    """Take it back where it still stands as the deed left it."""
    bulk_deeds.undo(deed_id=deed_id, by=request.auth, at=clock.now())
    tasks.nudge()
    return get_bulk(request, deed_id)
