"""Reads of tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.db.models import F, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel import errors, paging, speech
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.plays import models

Whose = Literal["mine", "team", "set"]
State = Literal["open", "overdue", "done"]
WHOSE: dict[str, str] = {
    "mine": speech.later("Mine"),
    "team": speech.later("Team"),
    "set": speech.later("Set by me"),
}
STATES: dict[str, str] = {
    "open": speech.later("Open"),
    "overdue": speech.later("Overdue"),
    "done": speech.later("Done"),
}
AT_ONCE = 500


@dataclass(frozen=True)
class TaskItem:
    """A task with its account; open while `done_at` is None."""

    id: int
    key: str
    title: str
    note: str
    role: str
    account_id: int
    account_key: str
    account_name: str
    arr: Money | None
    incident_id: int | None
    assignee_id: int | None
    assignee: str
    owner: str
    made_by_id: int | None
    made_by: str
    due_at: datetime
    created_at: datetime
    done_at: datetime | None
    done_by: str
    done_note: str


@dataclass(frozen=True)
class Asked:
    """Which tasks are asked for: whose, in what state, of which account, with which words."""

    whose: Whose = "mine"
    state: State = "open"
    account: str = ""
    search: str = ""
    owner: str = ""


def read(*, whose: str, state: str, account: str = "", search: str = "", owner: str = "") -> Asked:
    """What was asked for in words; refuses what is not known."""
    for said, known in ((whose, WHOSE), (state, STATES)):
        if said not in known:
            raise errors.Invalid(
                '"%(said)s" is not known. Use one of %(listed)s.', said=said, listed=", ".join(known)
            )
    return Asked(whose, state, account, search, owner)  # type: ignore[arg-type]


def page(
    *, asked: Asked, seen_by: Scope, now: datetime, offset: int = 0, limit: int = 100
) -> tuple[TaskItem, ...]:
    """Tasks by the moment when they are due, those done last first. One query."""
    rows = _asked(asked, seen_by, now)
    order = ("-completion__at", "-pk") if asked.state == "done" else ("due_at", "pk")
    return tuple(map(_item, _joined(rows).order_by(*order)[offset : offset + limit]))


def each(*, asked: Asked, seen_by: Scope, now: datetime) -> Iterator[TaskItem]:
    """All of them, in constant memory."""
    return paging.each(
        lambda offset: page(asked=asked, seen_by=seen_by, now=now, offset=offset, limit=AT_ONCE)
    )


def count(*, asked: Asked, seen_by: Scope, now: datetime) -> int:
    """How many there are. One query."""
    return _asked(asked, seen_by, now).count()


def find(*, task_id: int, seen_by: Scope) -> TaskItem:
    """One task; what one may not see does not exist. One query."""
    found = _joined(visible(seen_by=seen_by).filter(pk=task_id)).first()
    if found is None:
        raise errors.NotFound("There is no task %(task_id)s.", task_id=task_id)
    return _item(found)


def some(*, task_ids: Sequence[int], seen_by: Scope) -> tuple[TaskItem, ...]:
    """Those of the tasks that the asker may see. One query."""
    return tuple(
        map(_item, _joined(visible(seen_by=seen_by).filter(pk__in=task_ids)).order_by("due_at", "pk"))
    )


def of_account(
    *, account_id: int, seen_by: Scope, before: datetime | None = None, limit: int = 100
) -> tuple[TaskItem, ...]:
    """An account's tasks: open ones first, by when they are due; as they stood before a moment (None: now). One query."""
    rows = visible(seen_by=seen_by).filter(account=account_id)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    ordered = _joined(rows).order_by(F("completion__at").desc(nulls_first=True), "due_at", "pk")
    found = tuple(map(_item, ordered[:limit]))
    return found if before is None else tuple(_before(task, before) for task in found)


def _before(task: TaskItem, moment: datetime) -> TaskItem:
    if task.done_at is None or task.done_at < moment:
        return task
    return replace(task, done_at=None, done_by="", done_note="")


def open_of_account(
    *, account_id: int, seen_by: Scope, before: datetime | None = None, limit: int = 20
) -> tuple[TaskItem, ...]:
    """An account's open tasks, the next due first; as they stood before a moment (None: now). One query."""
    rows = visible(seen_by=seen_by).filter(account=account_id)
    if before is None:
        rows = rows.filter(completion=None)
    else:
        undone = Q(completion=None) | Q(completion__at__gte=before)
        rows = rows.filter(undone, created_at__lt=before)
    return tuple(map(_item, _joined(rows).order_by("due_at", "pk")[:limit]))


def waiting(*, user_id: int, until: datetime, seen_by: Scope, limit: int) -> tuple[TaskItem, ...]:
    """A person's open tasks that are due before a moment, the soonest first. One query."""
    rows = visible(seen_by=seen_by).filter(assignee=user_id, completion=None, due_at__lt=until)
    return tuple(map(_item, _joined(rows).order_by("due_at", "pk")[:limit]))


def set_for_others(*, user_id: int, until: datetime, seen_by: Scope, limit: int) -> tuple[TaskItem, ...]:
    """Open tasks that a person set for somebody else, due before a moment. One query."""
    rows = visible(seen_by=seen_by).filter(made_by=user_id, completion=None, due_at__lt=until)
    others = rows.exclude(assignee=user_id).exclude(assignee=None)
    return tuple(map(_item, _joined(others).order_by("due_at", "pk")[:limit]))


def visible(*, seen_by: Scope) -> "QuerySet[models.Task]":
    """Tasks of accounts that the asker may see, as a query to build on inside the stages."""
    return models.Task.objects.filter(account__in=accounts.visible(seen_by=seen_by))


def _asked(asked: Asked, seen_by: Scope, now: datetime) -> "QuerySet[models.Task]":
    rows = visible(seen_by=seen_by)
    rows = rows.exclude(completion=None) if asked.state == "done" else rows.filter(completion=None)
    if asked.state == "overdue":
        rows = rows.filter(due_at__lte=now)
    if asked.whose == "mine":
        rows = rows.filter(assignee=seen_by.user_id)
    elif asked.whose == "set":
        rows = rows.filter(made_by=seen_by.user_id)
    if asked.account:
        rows = rows.filter(account__key=asked.account)
    if asked.owner:
        rows = rows.filter(assignee__email__iexact=asked.owner)
    if asked.search:
        rows = rows.filter(Q(title__icontains=asked.search) | Q(account__name__icontains=asked.search))
    return rows


def _joined(rows: "QuerySet[models.Task]") -> "QuerySet[Any]":
    return rows.select_related("account", "assignee", "made_by").annotate(
        done_at=F("completion__at"),
        done_note=F("completion__note"),
        done_name=F("completion__by__name"),
        done_email=F("completion__by__email"),
    )


def _item(row: Any) -> TaskItem:
    return TaskItem(
        id=row.pk,
        key=row.key or f"task-{row.pk}",
        title=row.title,
        note=row.note,
        role=row.role,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        arr=accounts.arr_reporting(row.account),
        incident_id=row.incident_id,
        assignee_id=row.assignee_id,
        assignee=str(row.assignee) if row.assignee else "",
        owner=row.assignee.email if row.assignee else "",
        made_by_id=row.made_by_id,
        made_by=str(row.made_by) if row.made_by else "",
        due_at=row.due_at,
        created_at=row.created_at,
        done_at=row.done_at,
        done_by=row.done_name or row.done_email or "",
        done_note=row.done_note or "",
    )
