"""What this stage has waiting for a person: incidents with clocks, and tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Least

from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source, Stake
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake
from keepwell.plays import models
from keepwell.plays.queries import tasks
from keepwell.plays.queries.tasks import TaskItem


@dataclass(frozen=True)
class Incidents:
    """Open incidents of one's accounts."""

    slug: str = "incidents"
    title: str = "Incidents"
    sentence: str = "An open incident, by the clock of its next task."
    share: float = 0.6
    hours: float = 2.0

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
        open_tasks = models.Task.objects.filter(incident=OuterRef("pk"), completion=None)
        first = open_tasks.order_by("due_at", "pk")
        rows: Any = models.Incident.objects.filter(account__in=mine, open=True).annotate(
            next_due=Coalesce(Least(Subquery(first.values("due_at")[:1]), "due_at"), "due_at"),
            next_task=Subquery(first.values("title")[:1]),
        )
        found = rows.select_related("account", "firing").order_by("next_due", "pk")[: asker.limit]
        return [self._offer(row) for row in found]

    def _offer(self, row: Any) -> Offer:
        points = row.evidence.get("points")
        health = f"Health was {points:.0f} when it opened" if points is not None else "Opened by hand"
        then = (
            f"{row.next_task} is next"
            if row.next_task
            else "every task is done: close it with cause and plan"
        )
        return Offer(
            key=f"incident:{row.pk}",
            what=row.title,
            why=f"{health}; {then}.",
            deed="answer",
            subject=f"incident:{row.pk}",
            stake=stake(row.account),
            due_at=row.next_due,
            is_clock=True,
        )


@dataclass(frozen=True)
class Tasks:
    """One's open tasks that are due this week, or were."""

    slug: str = "tasks"
    title: str = "Tasks"
    sentence: str = "A task of yours that is overdue, or due this week."
    share: float = 0.1
    hours: float = 0.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query. A task under an incident stands with the incident's clock."""
        if asker.user_id is None:
            return []
        found = tasks.waiting(
            user_id=asker.user_id, until=asker.week_ends, seen_by=asker.seen_by, limit=asker.limit
        )
        return [task_offer(task) for task in found]


def task_offer(task: TaskItem) -> Offer:
    """A task as it waits for whoever has it."""
    by = f"Set by {task.made_by}" if task.made_by else "Set by a rule"
    under = " under an open incident" if task.incident_id else ""
    note = f": {task.note.splitlines()[0][:160]}" if task.note else "."
    return Offer(
        key=f"task:{task.id}",
        what=task.title,
        why=f"{by}{under}{note}",
        deed="do",
        subject=f"task:{task.id}",
        stake=Stake(
            task.account_id,
            task.account_key,
            task.account_name,
            task.arr.amount if task.arr else None,
            task.arr.currency if task.arr else "",
        ),
        due_at=task.due_at,
        is_clock=task.incident_id is not None,
    )


@specs.impl
def waiting() -> Sequence[Source]:
    """Its sources of Today."""
    return (Incidents(), Tasks())
