"""Decks of many accounts in one run, and the company's own paper, over the REST API."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpResponse
from ninja import File, Path, Router, Schema, Status, UploadedFile
from pydantic import StringConstraints

from keepwell.faces import clock, deck_paper, reviewing
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import decking, tasks
from keepwell.kernel.errors import NotFound
from keepwell.outcomes.actions import deck_runs as deeds
from keepwell.outcomes.actions import deck_templates
from keepwell.outcomes.queries import deck_runs
from keepwell.outcomes.queries import deck_templates as papers

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Number = Annotated[int, Path(ge=1, le=2**62)]
Words = Annotated[str, StringConstraints(max_length=220, pattern=r"^[^\x00]*$")]
ZIP = {
    "responses": {
        200: {
            "description": "The decks.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class DeckRunIn(Schema):
    """Whose decks: "mine", "all" that you see, or "segment:SLUG"; of which days, both included.

    Days that are left out are the ninety and one that ended yesterday.
    """

    of: Words = "mine"
    since: date | None = None
    until: date | None = None
    form: Literal["pptx", "pdf"] = "pptx"


class DeckRefusedOut(Schema):
    """An account without a deck, and why."""

    account: str
    reason: str


class DeckRunOut(Schema):
    """How far a run is, and what became of it; its file is there once `size` is told."""

    id: int
    whose: str
    since: date
    until: date
    form: Literal["pptx", "pdf"]
    state: Literal["queued", "running", "done", "failed"]
    done: int
    total: int
    refused: list[DeckRefusedOut]
    size: int | None
    error: str
    asked_at: datetime
    finished_at: datetime | None


class DeckPaperOut(Schema):
    """The company's own file that decks are made with; an empty name is Keepwell's own paper."""

    name: str
    layouts: list[str]
    added_by: str
    added_at: datetime | None


@router.get("/reviews/decks", response={200: list[DeckRunOut], **PROBLEMS})
def list_deck_runs(request: Asked) -> list[DeckRunOut]:
    """Your latest runs."""
    return [_out(run) for run in deck_runs.lately(seen_by=request.auth)]


@router.post("/reviews/decks", response={201: DeckRunOut, **PROBLEMS})
def ask_for_decks(request: Asked, told: DeckRunIn) -> Status[DeckRunOut]:
    """Have the decks of a book or a segment made into one file; a worker makes them."""
    now = clock.now()
    whose, keys = reviewing.chosen(told.of, seen_by=request.auth)
    asked = reviewing.period(since=told.since, until=told.until, today=now.date())
    number = deeds.ask(
        keys=keys, whose=whose, since=asked.since, until=asked.until, form=told.form, by=request.auth, at=now
    )
    tasks.make_decks(number)
    return Status(201, _found(request, number))


@router.get("/reviews/decks/{int:run_id}", response={200: DeckRunOut, **PROBLEMS})
def get_deck_run(request: Asked, run_id: Number) -> DeckRunOut:
    """How far a run of yours is."""
    return _found(request, run_id)


@router.delete("/reviews/decks/{int:run_id}", response={200: DeckRunOut, **PROBLEMS})
def stop_deck_run(request: Asked, run_id: Number) -> DeckRunOut:
    """Make no further deck."""
    deeds.stop(run_id=run_id, by=request.auth, at=clock.now())
    return _found(request, run_id)


@router.get("/reviews/decks/{int:run_id}/decks.zip", response=PROBLEMS, openapi_extra=ZIP)
def get_decks(request: Asked, run_id: Number) -> Any:
    """Its file."""
    view = deck_runs.find(run_id=run_id, seen_by=request.auth)
    if not view.place or not decking.path(view.place).is_file():
        raise NotFound("This run has no file.")
    return FileResponse(decking.path(view.place).open("rb"), content_type="application/zip")


@router.get("/settings/decks", response={200: DeckPaperOut, **PROBLEMS})
def get_deck_paper(request: Asked) -> DeckPaperOut:
    """The company's own file that decks are made with."""
    request.auth.require("config.change")
    return _paper()


@router.post("/settings/decks", response={200: DeckPaperOut, **PROBLEMS})
def adopt_deck_paper(request: Asked, file: Annotated[UploadedFile, File()]) -> DeckPaperOut:
    """Make decks with a PowerPoint file from now on; a trial deck is drawn on it first."""
    request.auth.require("config.change")
    deck_paper.adopt(name=file.name or "", content=file.read(), by=request.auth, at=clock.now())
    return _paper()


@router.delete("/settings/decks", response={204: None, **PROBLEMS})
def drop_deck_paper(request: Asked) -> HttpResponse:
    """Make decks on Keepwell's own paper again."""
    deck_templates.drop(by=request.auth, at=clock.now())
    return HttpResponse(status=204)


def _found(request: Asked, run_id: int) -> DeckRunOut:
    return _out(deck_runs.find(run_id=run_id, seen_by=request.auth))


def _out(run: deck_runs.DeckRunView) -> DeckRunOut:
    said = {name: getattr(run, name) for name in DeckRunOut.model_fields if name != "refused"}
    refused = [DeckRefusedOut(account=key, reason=why) for key, why in run.refused]
    return DeckRunOut(**said, refused=refused)


def _paper() -> DeckPaperOut:
    found = papers.current()
    if found is None:
        return DeckPaperOut(name="", layouts=[], added_by="", added_at=None)
    return DeckPaperOut(
        name=found.name, layouts=list(found.layouts), added_by=found.added_by, added_at=found.added_at
    )
