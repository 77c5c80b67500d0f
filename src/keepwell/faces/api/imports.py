"""Imports over the REST API: upload, look at the proposed mapping, start, watch, read what was not taken."""

from typing import Annotated

from ninja import File, Query, Router, Status, UploadedFile

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import ImportOut, Problem, RejectionOut, StartIn
from keepwell.faces.jobs import tasks
from keepwell.intake.actions import imports
from keepwell.intake.queries import batches

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
    imports.start(
        batch_id=import_id,
        mapping=imports.suggest(import_id) if how.mapping is None else how.mapping,
        constants=how.constants,
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


def _out(import_id: int, request: Asked) -> ImportOut:
    view = batches.find(batch_id=import_id, seen_by=request.auth)
    return ImportOut.from_orm({**vars(view), "id": view.batch_id, "columns": list(view.columns)})
