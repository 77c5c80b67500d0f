"""Deeds on tasks."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit, live
from keepwell.access.models import User
from keepwell.access.queries import scopes
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, figures
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.actions import notifications
from keepwell.plays.actions.telling import tell
from keepwell.plays.queries import tasks

TITLE_LENGTH, NOTE_LENGTH = 300, 10_000
MOST_AT_ONCE = 500


class AlreadyComplete(errors.Conflict):
    """Somebody was faster."""


class Wanted(NamedTuple):
    """What a task is to say; `owner` is an e-mail address, empty for nobody."""

    title: str
    due_at: datetime
    owner: str = ""
    note: str = ""


def make(
    *,
    account: str,
    wanted: Wanted,
    by: Scope,
    at: datetime,
    incident_id: int | None = None,
    key: str | None = None,
) -> int:
    """Set a task for an account, perhaps under one of its incidents; gives its number."""
    by.require("work.do")
    found = accounts.visible(seen_by=by).filter(key=account).first()
    if found is None:
        raise errors.NotFound('There is no account "%(account)s".', account=account)
    incident = _incident(incident_id, found)
    assignee = owner(wanted.owner, account=found)
    title, note = _texts(wanted)
    with transaction.atomic():
        task = models.Task.objects.create(
            key=key,
            account=found,
            incident=incident,
            title=title,
            note=note,
            assignee=assignee,
            made_by_id=by.user_id,
            due_at=wanted.due_at,
            created_at=at,
        )
        tell(account=found.key, name="task.set", of="task", number=task.pk, at=at)
        _give(task, found, assignee, by, at)
        audit.record(by=by, at=at, deed="task.make", subject=f"task:{task.pk}", account=found.key)
    return task.pk


def change(*, task_id: int, wanted: Wanted, by: Scope, at: datetime) -> None:
    """Say anew what a task is, by when and by whom."""
    task = _task(task_id, by)
    assignee = owner(wanted.owner, account=task.account)
    title, note = _texts(wanted)
    said = {"title": title, "note": note, "due_at": wanted.due_at, "assignee": assignee}
    if all(getattr(task, name) == value for name, value in said.items()):
        return
    with transaction.atomic():
        models.Task.objects.filter(pk=task_id).update(**said)
        if assignee != task.assignee:
            _give(task, task.account, assignee, by, at)
        audit.record(
            by=by,
            at=at,
            deed="task.change",
            subject=f"task:{task_id}",
            due_at=wanted.due_at.isoformat(),
            owner=wanted.owner,
        )


def assign(*, task_ids: Collection[int], to: str, by: Scope, at: datetime) -> int:
    """Give tasks to a colleague who may see their accounts; gives how many changed hands."""
    rows = _several(task_ids, by)
    with transaction.atomic():
        moved = 0
        for task in rows:
            assignee = owner(to, account=task.account)
            if task.assignee == assignee:
                continue
            models.Task.objects.filter(pk=task.pk).update(assignee=assignee)
            _give(task, task.account, assignee, by, at)
            moved += 1
        audit.record(
            by=by, at=at, deed="task.assign", subject=f"user:{to}"[:200], tasks=[task.pk for task in rows]
        )
    return moved


def postpone(*, task_ids: Collection[int], until: datetime, by: Scope, at: datetime) -> int:
    """Let tasks be due at another moment; gives how many are."""
    rows = _several(task_ids, by)
    with transaction.atomic():
        moved = models.Task.objects.filter(pk__in=[task.pk for task in rows]).update(due_at=until)
        audit.record(
            by=by,
            at=at,
            deed="task.postpone",
            subject="tasks",
            tasks=[task.pk for task in rows],
            until=until.isoformat(),
        )
    return moved


def complete(*, task_id: int, by: Scope, at: datetime, note: str = "") -> None:
    """Note that a task was done."""
    task = _task(task_id, by)
    try:
        with transaction.atomic():
            models.TaskCompletion.objects.create(task=task, by_id=by.user_id, at=at, note=note)
            tell(account=task.account.key, name="task.done", of="task", number=task.pk, at=at, again=True)
            _show(task)
            audit.record(by=by, at=at, deed="task.complete", subject=f"task:{task_id}")
    except IntegrityError:
        raise AlreadyComplete("Somebody else has completed this task already.") from None


def complete_all(*, task_ids: Collection[int], by: Scope, at: datetime) -> tuple[int, ...]:
    """Note that several tasks were done; gives those that were open until now."""
    rows = _several(task_ids, by)
    with transaction.atomic():
        done = []
        for task in rows:
            _, is_new = models.TaskCompletion.objects.get_or_create(
                task=task, defaults={"by_id": by.user_id, "at": at}
            )
            if is_new:
                done.append(task.pk)
                tell(account=task.account.key, name="task.done", of="task", number=task.pk, at=at, again=True)
        audit.record(by=by, at=at, deed="task.complete", subject="tasks", tasks=done)
    return tuple(done)


def reopen(*, task_id: int, by: Scope, at: datetime) -> None:
    """Take a completion back."""
    task = _task(task_id, by)
    with transaction.atomic():
        deleted, _ = models.TaskCompletion.objects.filter(task=task).delete()
        if not deleted:
            raise errors.Conflict("This task is open.")
        tell(account=task.account.key, name="task.reopened", of="task", number=task.pk, at=at, again=True)
        _show(task)
        audit.record(by=by, at=at, deed="task.reopen", subject=f"task:{task_id}")


def owner(email: str, *, account: Account) -> User | None:
    """Who has this address, if they may see the account; nobody for none. Three queries."""
    if not email.strip():
        return None
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).exclude(role="customer").first()
    if user is None:
        raise errors.Invalid('Nobody who may sign in has the address "%(email)s".', email=email)
    sees = accounts.visible(seen_by=scopes.of_user(user, through="assignment"))
    if not sees.filter(pk=account.pk).exists():
        raise errors.Invalid(
            "%(user)s may not see %(name)s. Give them a role for the account first, or choose somebody else.",
            user=user,
            name=account.name,
        )
    return user


def _give(task: models.Task, account: Account, assignee: User | None, by: Scope, at: datetime) -> None:
    """Tell whoever has it now, unless they took it themselves."""
    if assignee is None or assignee.pk == by.user_id:
        return
    notifications.tell(
        kind="assigned",
        user_ids=[assignee.pk],
        key=f"task:{task.pk}:{at.isoformat()}",
        what=f"{account.name}: {task.title}",
        subject=f"task:{task.pk}",
        account_id=account.pk,
        at=at,
    )
    live.announce("today", users=[assignee.pk])


def _show(task: models.Task) -> None:
    """Let pages that show it look again."""
    if task.incident_id:
        live.announce("incidents")
    concerned = {task.assignee_id, task.made_by_id} - {None}
    live.announce("today", users=[user for user in concerned if user is not None])


def _texts(wanted: Wanted) -> tuple[str, str]:
    title, note = wanted.title.strip(), wanted.note.strip()
    if not title or len(title) > TITLE_LENGTH:
        raise errors.Invalid(
            "A task needs a title of 1 to %(title_length)s characters.", title_length=TITLE_LENGTH
        )
    if len(note) > NOTE_LENGTH:
        raise errors.Invalid(
            "A note has at most %(note_length)s characters, not %(n)s.",
            note_length=figures.Whole(NOTE_LENGTH),
            n=figures.Whole(len(note)),
        )
    return title, note


def _incident(incident_id: int | None, account: Account) -> models.Incident | None:
    if incident_id is None:
        return None
    found = models.Incident.objects.filter(pk=incident_id, account=account).first()
    if found is None:
        raise errors.NotFound(
            "%(name)s has no incident %(incident_id)s.", name=account.name, incident_id=incident_id
        )
    if not found.open:
        raise errors.Conflict("This incident is closed. Set the task for the account instead.")
    return found


def _task(task_id: int, by: Scope) -> models.Task:
    by.require("work.do")
    task = tasks.visible(seen_by=by).select_related("account", "assignee").filter(pk=task_id).first()
    if task is None:
        raise errors.NotFound("There is no task %(task_id)s.", task_id=task_id)
    return task


def _several(task_ids: Collection[int], by: Scope) -> list[models.Task]:
    by.require("work.do")
    if not 0 < len(task_ids) <= MOST_AT_ONCE:
        raise errors.Invalid(
            "Choose 1 to %(most_at_once)s tasks, not %(n)s.", most_at_once=MOST_AT_ONCE, n=len(task_ids)
        )
    rows = list(
        tasks.visible(seen_by=by).select_related("account", "assignee").filter(pk__in=task_ids).order_by("pk")
    )
    if missing := sorted(set(task_ids) - {task.pk for task in rows}):
        raise errors.NotFound("There is no task %(missing)s. Nothing was changed.", missing=missing[0])
    return rows
