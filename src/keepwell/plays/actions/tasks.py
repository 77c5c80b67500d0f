"""Deeds on tasks."""

from datetime import datetime

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.queries import accounts
from keepwell.plays import models


class AlreadyComplete(errors.Conflict):
    """Somebody was faster."""


def complete(*, task_id: int, by: Scope, at: datetime, note: str = "") -> None:
    """Note that a task was done."""
    task = _task(task_id, by)
    try:
        with transaction.atomic():
            models.TaskCompletion.objects.create(task=task, by_id=by.user_id, at=at, note=note)
            audit.record(by=by, at=at, deed="task.complete", subject=f"task:{task_id}")
    except IntegrityError:
        raise AlreadyComplete("Somebody else has completed this task already.") from None


def reopen(*, task_id: int, by: Scope, at: datetime) -> None:
    """Take a completion back."""
    task = _task(task_id, by)
    with transaction.atomic():
        deleted, _ = models.TaskCompletion.objects.filter(task=task).delete()
        if not deleted:
            raise errors.Conflict("This task is open.")
        audit.record(by=by, at=at, deed="task.reopen", subject=f"task:{task_id}")


def _task(task_id: int, by: Scope) -> models.Task:
    by.require("work.do")
    task = models.Task.objects.filter(pk=task_id, account__in=accounts.visible(seen_by=by)).first()
    if task is None:
        raise errors.NotFound(f"There is no task {task_id}.")
    return task
