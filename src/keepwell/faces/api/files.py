"""Files and links of accounts over the REST API."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import FileResponse
from ninja import File, Form, Path, Router, Schema, Status
from ninja.files import UploadedFile

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.downloads import attachment
from keepwell.faces.jobs import tasks
from keepwell.ledger.actions import files as deeds
from keepwell.ledger.queries import accounts, files

router = Router()
PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
Key = Annotated[str, Path(max_length=200)]
Visibility = Literal["internal", "shared"]


class FileOut(Schema):
    """A file, or a link to one; `media_type` is what its bytes are, `digest` their SHA-256."""

    key: str
    name: str
    link: str
    media_type: str
    size: int | None
    digest: str
    visibility: str
    added_by: str
    added_at: datetime


class FileLinkIn(Schema):
    """Where a file stands elsewhere."""

    link: Annotated[str, Form(max_length=2000)]
    name: str = ""
    visibility: Visibility = "internal"


@router.get("/accounts/{key}/files", response={200: list[FileOut], **PROBLEMS})
def list_files(request: Asked, key: Key) -> list[FileOut]:
    """The files of an account, latest first."""
    account = accounts.find(key=key, seen_by=request.auth)
    found = files.of_account(account_id=account.id, seen_by=request.auth)
    return [FileOut.from_orm(one) for one in found]


@router.post("/accounts/{key}/files", response={201: FileOut, **PROBLEMS})
def add_file(
    request: Asked, key: Key, file: File[UploadedFile], visibility: Form[Visibility] = "internal"
) -> Status[FileOut]:
    """Keep a file of at most 25 MB for an account."""
    made = deeds.add(
        account=key,
        name=file.name or "file",
        chunks=file.chunks(),
        visibility=visibility,
        by=request.auth,
        at=clock.now(),
    )
    tasks.nudge()
    return Status(201, _found(request, key, made))


@router.post("/accounts/{key}/links", response={201: FileOut, **PROBLEMS})
def add_link(request: Asked, key: Key, body: FileLinkIn) -> Status[FileOut]:
    """Note where a file stands elsewhere."""
    made = deeds.link(
        account=key,
        name=body.name,
        href=body.link,
        visibility=body.visibility,
        by=request.auth,
        at=clock.now(),
    )
    tasks.nudge()
    return Status(201, _found(request, key, made))


@router.get("/accounts/{key}/files/{file}", response={200: FileOut, **PROBLEMS})
def get_file(request: Asked, key: Key, file: Key) -> FileOut:
    """What is known of a file."""
    return _found(request, key, file)


@router.get(
    "/accounts/{key}/files/{file}/content",
    response=PROBLEMS,
    openapi_extra={
        "responses": {
            200: {
                "description": "The bytes.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def download(request: Asked, key: Key, file: Key) -> FileResponse:
    """The bytes of a file."""
    account = accounts.find(key=key, seen_by=request.auth)
    found, path = files.find(key=file, account_id=account.id, seen_by=request.auth)
    return attachment(found, path)


@router.delete("/accounts/{key}/files/{file}", response={204: None, **PROBLEMS})
def remove_file(request: Asked, key: Key, file: Key) -> Status[None]:
    """Take a file away; for thirty days it can be brought back."""
    _found(request, key, file)
    deeds.remove(key=file, by=request.auth, at=clock.now())
    tasks.nudge()
    return Status(204, None)


@router.post("/accounts/{key}/files/{file}/restoration", response={200: FileOut, **PROBLEMS})
def restore_file(request: Asked, key: Key, file: Key) -> FileOut:
    """Bring a removed file back."""
    deeds.restore(key=file, by=request.auth, at=clock.now())
    tasks.nudge()
    return _found(request, key, file)


def _found(request: Asked, key: str, file: str) -> FileOut:
    account = accounts.find(key=key, seen_by=request.auth)
    found, _ = files.find(key=file, account_id=account.id, seen_by=request.auth)
    return FileOut.from_orm(found)
