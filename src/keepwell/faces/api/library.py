"""The knowledge library over the REST API."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Path, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.plays.actions import library as deeds
from keepwell.plays.queries import library

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Body = Annotated[str, StringConstraints(max_length=50_000, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]
Visibility = Literal["internal", "shared"]


class ArticleOut(Schema):
    """An article; `read` by colleagues in 90 days, `sent` is how many tickets it answered."""

    id: int
    title: str
    body: str
    visibility: str
    tags: list[str]
    made_by: str
    made_at: datetime
    changed_at: datetime
    is_retired: bool
    read: int
    sent: int


class ArticleIn(Schema):
    """What an article says; only a shared one may go to customers."""

    title: Text
    body: Body = ""
    visibility: Visibility = "internal"
    tags: list[Text] = []


class UnmetOut(Schema):
    """Words that were looked for in vain, by how many people, and when last."""

    words: str
    people: int
    searches: int
    last: date


@router.get("", response={200: list[ArticleOut], **PROBLEMS})
def list_articles(
    request: Asked, search: Text = "", tag: Text = "", visibility: Literal["", "internal", "shared"] = ""
) -> list[ArticleOut]:
    """Articles that hold every word of a search; a person's search is counted."""
    now = clock.now()
    found = library.search(
        seen_by=request.auth, on=now.date(), text=search, tag=tag, visibility=visibility, limit=1000
    )
    if search.strip():
        deeds.searched(text=search, found=len(found), by=request.auth, at=now)
    return [ArticleOut.from_orm(one) for one in found]


@router.get("/asked-in-vain", response={200: list[UnmetOut], **PROBLEMS})
def list_unmet_searches(request: Asked) -> list[UnmetOut]:
    """What was looked for in 90 days and not found when it was looked for last."""
    return [UnmetOut.from_orm(one) for one in library.unmet(seen_by=request.auth, on=clock.now().date())]


@router.post("", response={201: ArticleOut, **PROBLEMS})
def write_article(request: Asked, given: ArticleIn) -> Status[ArticleOut]:
    """Write an article."""
    number = deeds.write(wanted=deeds.Wanted(**given.dict()), by=request.auth, at=clock.now())
    return Status(201, _out(request, number))


@router.get("/{int:article_id}", response={200: ArticleOut, **PROBLEMS})
def get_article(request: Asked, article_id: Number) -> ArticleOut:
    """One article."""
    return _out(request, article_id)


@router.put("/{int:article_id}", response={200: ArticleOut, **PROBLEMS})
def change_article(request: Asked, article_id: Number, given: ArticleIn) -> ArticleOut:
    """Say something else from now on."""
    deeds.change(article_id=article_id, wanted=deeds.Wanted(**given.dict()), by=request.auth, at=clock.now())
    return _out(request, article_id)


@router.delete("/{int:article_id}", response={204: None, **PROBLEMS})
def retire_article(request: Asked, article_id: Number) -> HttpResponse:
    """Put it away."""
    deeds.retire(article_id=article_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


def _out(request: Asked, number: int) -> ArticleOut:
    return ArticleOut.from_orm(library.find(article_id=number, seen_by=request.auth, on=clock.now().date()))
