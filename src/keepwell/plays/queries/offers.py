"""What this stage has waiting for a person: incidents with clocks, signals, tasks, and tickets for triage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Least

from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source, Stake
from keepwell.kernel import speech
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake
from keepwell.plays import models
from keepwell.plays.queries import alarms, tasks, triage
from keepwell.plays.queries.tasks import TaskItem
from keepwell.signals.declared import SEVERITIES


@dataclass(frozen=True)
class Incidents:
    """Open incidents of one's accounts."""

    slug: str = "incidents"
    title: str = speech.later("Incidents")
    sentence: str = speech.later("An open incident, by the clock of its next task.")
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
        health = (
            speech.told("Health was %(points)s when it opened", points=f"{points:.0f}")
            if points is not None
            else speech.told("Opened by hand")
        )
        then = (
            speech.told("%(next_task)s is next", next_task=row.next_task)
            if row.next_task
            else speech.told("every task is done: close it with cause and plan")
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
    title: str = speech.later("Tasks")
    sentence: str = speech.later("A task of yours that is overdue, or due this week.")
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


@dataclass(frozen=True)
class Signals:
    """Signals that were told and that nobody answered."""

    slug: str = "signals"
    title: str = speech.later("Signals")
    sentence: str = speech.later("A rule holds of an account, you were told, and nobody answered.")
    share: float = 0.2
    hours: float = 0.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query, and one of their rules; the gravest first, then the most money."""
        whose = None if asker.owner_id is None else asker.user_id
        grave = Case(
            *(When(version__definition__severity=slug, then=place) for place, slug in enumerate(SEVERITIES)),
            default=len(SEVERITIES),
        )
        found = alarms.unanswered(seen_by=asker.seen_by, user_id=whose, now=asker.now).annotate(grave=grave)
        money = F("account__arr_reporting").desc(nulls_last=True)
        # Rules are read apart: each further join doubles what the database thinks about the order of joins.
        rows = found.select_related("version", "account").prefetch_related("rule")
        rows = rows.order_by("grave", money, "pk")
        return [self._offer(row) for row in rows[: asker.limit]]

    def _offer(self, row: Any) -> Offer:
        severity = SEVERITIES[row.version.definition["severity"]]
        why = "; ".join(row.because)
        return Offer(
            key=f"signal:{row.pk}",
            what=row.rule.title,
            why=f"{severity}: {why}." if why else f"{severity}.",
            deed="respond",
            subject=f"signal:{row.pk}",
            stake=stake(row.account),
        )


@dataclass(frozen=True)
class Triage:
    """Tickets that wait for triage, of one's accounts whose triage has begun."""

    slug: str = "triage"
    title: str = speech.later("Triage")
    sentence: str = speech.later("Tickets of an account whose triage has begun wait for it.")
    share: float = 0.1
    hours: float = 0.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """Two queries; the accounts with the most tickets first."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
        waits = triage.waiting(seen_by=asker.seen_by).filter(
            account__in=mine, account__triage_start__isnull=False
        )
        counted = (
            waits.order_by()
            .values("account")
            .annotate(n=Count("pk"), grave=Count("pk", filter=Q(escalated=True)), first=Min("opened_at"))
        )
        found = list(counted.order_by("-grave", "-n", "account")[: asker.limit])
        theirs = mine.in_bulk([row["account"] for row in found])
        return [self._offer(theirs[row["account"]], dict(row), asker) for row in found]

    def _offer(self, account: Any, row: dict[str, Any], asker: Asker) -> Offer:
        n, grave = row["n"], row["grave"]
        days = (asker.now - row["first"]).days
        why = speech.counted(days, "The oldest since %(n)s day", "The oldest since %(n)s days", n=days)
        if grave:
            why += speech.counted(grave, "; %(n)s is escalated", "; %(n)s are escalated", n=grave)
        return Offer(
            key=f"triage:{account.pk}:{asker.today_ends:%Y-%m-%d}",
            what=speech.counted(n, "%(n)s ticket waits for triage", "%(n)s tickets wait for triage", n=n),
            why=f"{why}.",
            deed="triage",
            subject=f"triage:{account.key}",
            stake=stake(account),
        )


def task_offer(task: TaskItem) -> Offer:
    """A task as it waits for whoever has it."""
    by = (
        speech.told("Set by %(made_by)s", made_by=task.made_by)
        if task.made_by
        else speech.told("Set by a rule")
    )
    under = speech.told(" under an open incident") if task.incident_id else ""
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
    return (Incidents(), Signals(), Tasks(), Triage())
