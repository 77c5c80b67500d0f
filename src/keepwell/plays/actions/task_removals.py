"""Deeds on tasks that should not have been set: taken away, and put back as they were."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit, live
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.actions.telling import tell
from keepwell.plays.queries import tasks


def remove(*, task_id: int, by: Scope, at: datetime) -> dict[str, Any]:
    """Take an open task away; gives what puts it back, fit for JSON. Those of incidents are their record and stay."""
    by.require("work.do")
    task = tasks.visible(seen_by=by).select_related("account").filter(pk=task_id).first()
    if task is None:
        raise errors.NotFound("There is no task %(task)s.", task=task_id)
    if task.incident_id is not None:
        raise errors.Conflict(
            "This task is part of an incident and stays. Complete it, or give it to somebody else."
        )
    said = {
        "id": task.pk,
        "key": task.key,
        "account": task.account.key,
        "title": task.title,
        "note": task.note,
        "role": task.role,
        "assignee": task.assignee_id,
        "made_by": task.made_by_id,
        "due_at": task.due_at.isoformat(),
        "created_at": task.created_at.isoformat(),
    }
    with transaction.atomic():
        done = models.TaskCompletion.objects.filter(task_id=task_id)
        if done.exists():
            raise errors.Conflict("This task was done, and what was done stays. Reopen it first.")
        gone, _ = models.Task.objects.filter(pk=task_id).delete()
        if not gone:
            raise errors.NotFound("There is no task %(task)s.", task=task_id)
        tell(account=task.account.key, name="task.deleted", of="task", number=task_id, at=at, again=True)
        _show(task)
        audit.record(by=by, at=at, deed="task.delete", subject=f"task:{task_id}", account=task.account.key)
    return said


def put_back(said: dict[str, Any], *, by: Scope, at: datetime) -> int:
    """Set a task again that was taken away; gives its number, which is the one it had."""
    by.require("work.do")
    account = accounts.visible(seen_by=by).filter(key=said["account"]).first()
    if account is None:
        raise errors.NotFound('There is no account "%(key)s".', key=said["account"])
    here = set(User.objects.filter(pk__in=[said["assignee"], said["made_by"]]).values_list("pk", flat=True))
    people = {name: said[name] if said[name] in here else None for name in ("assignee", "made_by")}
    try:
        with transaction.atomic():
            task = models.Task(
                pk=said["id"],
                key=said["key"],
                account=account,
                title=said["title"],
                note=said["note"],
                role=said["role"],
                assignee_id=people["assignee"],
                made_by_id=people["made_by"],
                due_at=datetime.fromisoformat(said["due_at"]),
                created_at=datetime.fromisoformat(said["created_at"]),
            )
            task.save(force_insert=True)
            tell(account=account.key, name="task.set", of="task", number=task.pk, at=at, again=True)
            _show(task)
            audit.record(by=by, at=at, deed="task.put_back", subject=f"task:{task.pk}", account=account.key)
    except IntegrityError:
        raise errors.Conflict("This task is there again, or another one has its key.") from None
    return task.pk


def _show(task: models.Task) -> None:
    """Let the pages of whom it concerns look again."""
    live.announce("today", users=[one for one in (task.assignee_id, task.made_by_id) if one is not None])
