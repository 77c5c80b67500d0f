"""Reads of incidents."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.queries import accounts
from keepwell.plays import models


@dataclass(frozen=True)
class TaskView:
    """A task of an incident; open while `done_at` is None."""

    id: int
    title: str
    role: str
    assignee: str
    due_at: datetime
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True)
class IncidentView:
    """An incident with its clock, its evidence as it was at opening, and its tasks."""

    id: int
    account_id: int
    account_key: str
    account_name: str
    matter: str
    title: str
    reason: str
    opened_by: str
    note: str
    opened_at: datetime
    due_at: datetime
    open: bool
    evidence: dict[str, Any]
    tasks: tuple[TaskView, ...]
    cause_kind: str
    cause: str
    plan: str
    closed_at: datetime | None
    closed_by: str
    round: int = 0


def open_ones(*, seen_by: Scope) -> tuple[IncidentView, ...]:
    """All open incidents the asker may see, the shortest clock first. Three queries."""
    return _views(_visible(seen_by).filter(open=True).order_by("due_at", "pk"))


def recently_closed(*, seen_by: Scope, limit: int = 50) -> tuple[IncidentView, ...]:
    """The last closed incidents. Three queries."""
    closed = models.IncidentClosure.objects.filter(ended_at=None).values("incident")
    return _views(_visible(seen_by).filter(open=False, pk__in=closed).order_by("-opened_at", "-pk")[:limit])


def of_account(
    *, account_id: int, seen_by: Scope, before: datetime | None = None
) -> tuple[IncidentView, ...]:
    """All incidents of an account, latest first; as they stood before a moment (None: now). Three queries, or one."""
    rows = _visible(seen_by).filter(account=account_id).order_by("-opened_at", "-pk")
    found = _views(rows if before is None else rows.filter(opened_at__lt=before))
    return found if before is None else tuple(_before(view, before) for view in found)


def _before(view: IncidentView, moment: datetime) -> IncidentView:
    tasks = tuple(
        task if task.done_at is None or task.done_at < moment else replace(task, done_at=None, done_by="")
        for task in view.tasks
    )
    if view.closed_at is None or view.closed_at < moment:
        return replace(view, tasks=tasks)
    return replace(
        view, tasks=tasks, open=True, closed_at=None, closed_by="", cause_kind="", cause="", plan=""
    )


def find(*, incident_id: int, seen_by: Scope) -> IncidentView:
    """One incident; what one may not see does not exist. Three queries."""
    found = _views(_visible(seen_by).filter(pk=incident_id))
    if not found:
        raise errors.NotFound("There is no incident %(incident_id)s.", incident_id=incident_id)
    return found[0]


def _visible(seen_by: Scope) -> "QuerySet[models.Incident]":
    shown = models.Incident.objects.filter(account__in=accounts.visible(seen_by=seen_by))
    return shown.select_related("account", "firing", "opened_by")


def _views(rows: Iterable[models.Incident]) -> tuple[IncidentView, ...]:
    found = list(rows)
    if not found:
        return ()
    ids = [incident.pk for incident in found]
    tasks: dict[int, list[TaskView]] = {}
    done = {
        c.task_id: c
        for c in models.TaskCompletion.objects.filter(task__incident__in=ids).select_related("by")
    }
    for task in (
        models.Task.objects.filter(incident__in=ids).select_related("assignee").order_by("due_at", "pk")
    ):
        tasks.setdefault(task.incident_id or 0, []).append(_task(task, done.get(task.pk)))
    closures = {
        c.incident_id: c
        for c in models.IncidentClosure.objects.filter(incident__in=ids, ended_at=None).select_related("by")
    }
    return tuple(_view(row, tuple(tasks.get(row.pk, ())), closures.get(row.pk)) for row in found)


def _task(task: models.Task, done: models.TaskCompletion | None) -> TaskView:
    return TaskView(
        id=task.pk,
        title=task.title,
        role=task.role,
        assignee=str(task.assignee) if task.assignee else "",
        due_at=task.due_at,
        done_at=done.at if done else None,
        done_by=str(done.by) if done and done.by else "",
    )


def _view(
    row: models.Incident, tasks: tuple[TaskView, ...], closure: models.IncidentClosure | None
) -> IncidentView:
    return IncidentView(
        id=row.pk,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        matter=row.matter,
        title=row.title,
        reason=row.firing.sentence if row.firing else "",
        opened_by=str(row.opened_by) if row.opened_by else "",
        note=str(row.evidence.get("note") or ""),
        opened_at=row.opened_at,
        due_at=row.due_at,
        open=row.open,
        evidence=row.evidence,
        tasks=tasks,
        cause_kind=closure.cause_kind if closure else "",
        cause=closure.cause if closure else "",
        plan=closure.plan if closure else "",
        closed_at=closure.at if closure else None,
        closed_by=str(closure.by) if closure and closure.by else "",
        round=row.round,
    )
