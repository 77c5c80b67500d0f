"""Tasks over the REST API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Path, Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import clock, task_files
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.plays.actions import task_removals, task_rows
from keepwell.plays.actions import tasks as deeds
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.queries import tasks

router = Router()
files = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Key = Annotated[str, StringConstraints(max_length=220, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]
Whose = Literal["mine", "team", "set"]
State = Literal["open", "overdue", "done"]
FILE: dict[str, Any] = {
    "responses": {200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}


class TaskOut(Schema):
    """A task: open while `done_at` is null; `owner` is an e-mail address, empty for nobody."""

    id: int
    key: str
    title: str
    note: str
    account_key: str
    account_name: str
    arr: MoneyOut | None
    incident_id: int | None
    role: str
    owner: str
    made_by: str
    due_at: datetime
    created_at: datetime
    done_at: datetime | None
    done_by: str
    done_note: str


class TaskIn(Schema):
    """A task to be set: for which account, what, by when; `owner` by e-mail address."""

    account: Key
    title: Text
    due_at: datetime
    owner: Text = ""
    note: Text = ""
    incident: int | None = None


class TaskChange(Schema):
    """What a task says from now on; what is not given stays."""

    title: Text | None = None
    due_at: datetime | None = None
    owner: Text | None = None
    note: Text | None = None


class TaskNoteIn(Schema):
    """What is said of a completion."""

    note: Text = ""


class TaskRow(Schema):
    """A task as a row: with a `key` that is known it is changed, else made; `done_at` says that it was done."""

    key: Key = ""
    account: Key
    title: Text
    due: Text
    owner: Text = ""
    note: Text = ""
    done_at: Text = ""
    incident: Key = ""


class TaskRows(Schema):
    """Many tasks at once."""

    rows: list[TaskRow]


class TaskVerdict(Schema):
    """What became of one row; `reason` says why it was rejected."""

    key: str
    outcome: Literal["created", "updated", "unchanged", "rejected"]
    reason: str


@router.get("", response={200: list[TaskOut], **PROBLEMS})
def list_tasks(
    request: Asked,
    whose: Whose = "team",
    state: State = "open",
    account: Key = "",
    search: Key = "",
    owner: Key = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[TaskOut]:
    """Tasks by when they are due, done ones the latest first."""
    asked = tasks.read(whose=whose, state=state, account=account, search=search, owner=owner)
    found = tasks.page(asked=asked, seen_by=request.auth, now=clock.now(), offset=offset, limit=limit)
    return [TaskOut.from_orm(task) for task in found]


@files.get("/tasks.csv", response=PROBLEMS, openapi_extra=FILE)
def download_tasks(
    request: Asked, whose: Whose = "team", state: State = "open", account: Key = ""
) -> StreamingHttpResponse:
    """Tasks as a file that comes in unchanged."""
    asked = tasks.read(whose=whose, state=state, account=account)
    lines = task_files.lines(tasks.each(asked=asked, seen_by=request.auth, now=clock.now()))
    return StreamingHttpResponse(lines, headers=task_files.HEADERS)


@router.post("", response={201: TaskOut, **PROBLEMS})
def make_task(request: Asked, given: TaskIn) -> Status[TaskOut]:
    """Set a task for an account, perhaps under one of its incidents."""
    number = deeds.make(
        account=given.account,
        wanted=Wanted(given.title, given.due_at, given.owner, given.note),
        incident_id=given.incident,
        by=request.auth,
        at=clock.now(),
    )
    return Status(201, _out(request, number))


@router.post("/bulk", response={200: list[TaskVerdict], **PROBLEMS})
def put_tasks(request: Asked, given: TaskRows) -> list[TaskVerdict]:
    """Many at once; the good rows are kept although others are refused."""
    rows = [row.dict() for row in given.rows]
    verdicts = task_rows.put(rows=rows, by=request.auth, at=clock.now())
    return [TaskVerdict(**verdict._asdict()) for verdict in verdicts]


@router.get("/{int:task_id}", response={200: TaskOut, **PROBLEMS})
def get_task(request: Asked, task_id: Number) -> TaskOut:
    """One task."""
    return _out(request, task_id)


@router.patch("/{int:task_id}", response={200: TaskOut, **PROBLEMS})
def change_task(request: Asked, task_id: Number, given: TaskChange) -> TaskOut:
    """Say anew what it is, by when and by whom."""
    task = tasks.find(task_id=task_id, seen_by=request.auth)
    wanted = Wanted(
        task.title if given.title is None else given.title,
        given.due_at or task.due_at,
        task.owner if given.owner is None else given.owner,
        task.note if given.note is None else given.note,
    )
    deeds.change(task_id=task_id, wanted=wanted, by=request.auth, at=clock.now())
    return _out(request, task_id)


@router.delete("/{int:task_id}", response={204: None, **PROBLEMS})
def delete_task(request: Asked, task_id: Number) -> HttpResponse:
    """It should not have been set: open tasks alone, and none of an incident."""
    task_removals.remove(task_id=task_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/{int:task_id}/completion", response={200: TaskOut, **PROBLEMS})
def complete_task(request: Asked, task_id: Number, given: TaskNoteIn) -> TaskOut:
    """It was done."""
    deeds.complete(task_id=task_id, note=given.note, by=request.auth, at=clock.now())
    return _out(request, task_id)


@router.delete("/{int:task_id}/completion", response={204: None, **PROBLEMS})
def reopen_task(request: Asked, task_id: Number) -> HttpResponse:
    """It was not done after all."""
    deeds.reopen(task_id=task_id, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


def _out(request: Asked, number: int) -> TaskOut:
    return TaskOut.from_orm(tasks.find(task_id=number, seen_by=request.auth))
