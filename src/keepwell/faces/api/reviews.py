"""Business reviews over the REST API: what a deck says, and its files."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Path, Query, Router, Schema

from keepwell.drafting.slides import paper
from keepwell.drafting.slides.deck import Deck, Graph, Grid, Points, Slide
from keepwell.faces import clock, reviewing
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem

router = Router()
FOUND = {401: Problem, 404: Problem, 422: Problem}
Name = Annotated[str, Path(max_length=220, pattern=r"^[^\x00]*$")]
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def _binary(kind: str) -> dict[str, Any]:
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "The file.", "content": content}}}


class ReviewPeriod(Schema):
    """The days that a review is about, both ends included; left out, the ninety and one that ended yesterday."""

    since: date | None = None
    until: date | None = None


class DeckStatOut(Schema):
    """One figure with its label and what it is beside."""

    label: str
    value: str
    note: str


class DeckReceiptOut(Schema):
    """Where the figures of a slide come from, and as of when."""

    what: str
    moment: str


class DeckSeriesOut(Schema):
    """The values of a chart in the order of its labels; null is unknown."""

    name: str
    values: list[float | None]


class DeckBlockOut(Schema):
    """A part of a slide: a chart (labels, series), a table (heads, rows) or sentences (said)."""

    kind: Literal["lines", "bars", "table", "points"]
    title: str = ""
    labels: list[str] = []
    series: list[DeckSeriesOut] = []
    heads: list[str] = []
    rows: list[list[str]] = []
    said: list[str] = []


class DeckSlideOut(Schema):
    """One slide: its finding, and what shows it."""

    title: str
    stats: list[DeckStatOut]
    blocks: list[DeckBlockOut]
    receipts: list[DeckReceiptOut]


class DeckOut(Schema):
    """A deck behind its cover."""

    title: str
    subtitle: str
    slides: list[DeckSlideOut]


@router.get("/accounts/{key}/review", response={200: DeckOut, **FOUND})
def get_review_deck(request: Asked, key: Name, period: Query[ReviewPeriod]) -> DeckOut:
    """What a review of these days says, slide by slide, from what is shared with the customer."""
    found = _deck(request, key, period)
    return DeckOut(
        title=found.title, subtitle=found.subtitle, slides=[_slide(slide) for slide in found.slides]
    )


@router.get("/accounts/{key}/review.pptx", response=FOUND, openapi_extra=_binary(PPTX))
def get_review_slides(request: Asked, key: Name, period: Query[ReviewPeriod]) -> HttpResponse:
    """The same as a PowerPoint file with native charts."""
    return HttpResponse(reviewing.slides(_deck(request, key, period)), content_type=PPTX)


@router.get("/accounts/{key}/review.pdf", response=FOUND, openapi_extra=_binary("application/pdf"))
def get_review_sheets(request: Asked, key: Name, period: Query[ReviewPeriod]) -> HttpResponse:
    """The same as a PDF."""
    made = paper.pdf(_deck(request, key, period), at=clock.now())
    return HttpResponse(made, content_type="application/pdf")


def _deck(request: Asked, key: str, period: ReviewPeriod) -> Deck:
    today = clock.now().date()
    asked = reviewing.period(since=period.since, until=period.until, today=today)
    return reviewing.deck(account=key, asked=asked, seen_by=request.auth, today=today)


def _slide(slide: Slide) -> DeckSlideOut:
    return DeckSlideOut(
        title=slide.title,
        stats=[DeckStatOut.from_orm(one) for one in slide.stats],
        blocks=[_block(block) for block in slide.blocks],
        receipts=[DeckReceiptOut.from_orm(one) for one in slide.receipts],
    )


def _block(block: Graph | Grid | Points) -> DeckBlockOut:
    if isinstance(block, Graph):
        series = [DeckSeriesOut(name=one.name, values=list(one.values)) for one in block.series]
        kind: Literal["lines", "bars"] = "lines" if block.kind == "lines" else "bars"
        return DeckBlockOut(kind=kind, title=block.title, labels=list(block.names), series=series)
    if isinstance(block, Grid):
        return DeckBlockOut(kind="table", heads=list(block.heads), rows=[list(row) for row in block.rows])
    return DeckBlockOut(kind="points", title=block.heading, said=list(block.said))
