"""Imports over the REST API: upload, look at the proposed mapping, start, watch, read what was not taken."""

from typing import Annotated, Literal

from ninja import File, Query, Router, Status, UploadedFile

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import (
    ChangeOut,
    FieldOut,
    ImportOut,
    Problem,
    RejectionOut,
    StartIn,
    UndoOut,
)
from keepwell.faces.jobs import tasks
from keepwell.intake.actions import imports, tidying, undoing
from keepwell.intake.queries import batches, changes

router = Router()


@router.post("", response={201: ImportOut, 401: Problem, 403: Problem, 422: Problem})
def upload(
    request: Asked, kind: str, file: Annotated[UploadedFile, File()], source: str = "csv"
) -> Status[ImportOut]:
    """Store a CSV file durably and propose how its columns map to fields; nothing is imported yet."""
    request.auth.require("data.import")
    at = clock.now()
    batch_id = imports.prepare(
        kind=kind, file=file, file_name=file.name or "upload.csv", source=source, by=request.auth, at=at
    )
    return Status(201, _out(batch_id, request))


@router.post(
    "/{int:import_id}/start",
    response={202: ImportOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def start(request: Asked, import_id: int, how: StartIn) -> Status[ImportOut]:
    """Start an uploaded import with the proposed mapping or the given one."""
    batches.find(batch_id=import_id, seen_by=request.auth)
    proposal = imports.propose(import_id)
    constants = proposal.constants if how.constants is None and how.mapping is None else how.constants or {}
    imports.start(
        batch_id=import_id,
        mapping=proposal.mapping if how.mapping is None else how.mapping,
        constants=constants,
        formats=proposal.formats.plain() if how.formats is None else how.formats,
        dry_run=how.dry_run,
        vouched=how.vouched,
        by=request.auth,
        at=clock.now(),
    )
    tasks.run_import.defer(batch_id=import_id)
    return Status(202, _out(import_id, request))


@router.get("/{int:import_id}", response={200: ImportOut, 401: Problem, 404: Problem, 422: Problem})
def get_import(request: Asked, import_id: int) -> ImportOut:
    """How far an import is, and what became of its rows."""
    return _out(import_id, request)


@router.get(
    "/{int:import_id}/rejections",
    response={200: list[RejectionOut], 401: Problem, 404: Problem, 422: Problem},
)
def get_rejections(
    request: Asked,
    import_id: int,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[RejectionOut]:
    """The rows that were not taken, by row number, each with its reason."""
    found = batches.rejections(batch_id=import_id, seen_by=request.auth, offset=offset, limit=limit)
    return [RejectionOut.from_orm(row) for row in found]


@router.get(
    "/{int:import_id}/changes",
    response={200: list[ChangeOut], 401: Problem, 403: Problem, 404: Problem, 422: Problem},
)
def get_changes(
    request: Asked,
    import_id: int,
    what: Literal["all", "created", "changed", "owners", "left"] = "all",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[ChangeOut]:
    """The rows that an import created or changed, or after a dry run would; `left` are those that its undo left."""
    found = changes.listed(batch_id=import_id, what=what, seen_by=request.auth, limit=limit)
    return [
        ChangeOut(
            kind=change.noun, key=change.key, created=change.created, undone=change.undone, reason=change.reason,
            fields=[FieldOut(field=f, before=before, after=after) for f, before, after in change.fields],
        )
        for change in found
    ]  # fmt: skip


@router.post(
    "/{int:import_id}/undo",
    response={202: UndoOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def start_undo(request: Asked, import_id: int) -> Status[UndoOut]:
    """Take an import back, as far as what it did still stands."""
    batches.find(batch_id=import_id, seen_by=request.auth)
    undo_id = undoing.start(batch_id=import_id, by=request.auth, at=clock.now())
    tasks.run_undo.defer(undo_id=undo_id)
    return Status(202, _undo(import_id, request))


@router.get("/{int:import_id}/undo", response={200: UndoOut, 401: Problem, 404: Problem, 422: Problem})
def get_undo(request: Asked, import_id: int) -> UndoOut:
    """How far the undoing of an import is."""
    return _undo(import_id, request)


@router.delete(
    "/{int:import_id}",
    response={204: None, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def discard(request: Asked, import_id: int) -> Status[None]:
    """Delete an upload that was never started."""
    tidying.discard(batch_id=import_id, by=request.auth, at=clock.now())
    return Status(204, None)


def _undo(import_id: int, request: Asked) -> UndoOut:
    return UndoOut.from_orm(changes.undo(batch_id=import_id, seen_by=request.auth))


def _out(import_id: int, request: Asked) -> ImportOut:
    view = batches.find(batch_id=import_id, seen_by=request.auth)
    return ImportOut.from_orm({**vars(view), "id": view.batch_id, "columns": list(view.columns)})
