"""How incidents begin, and begin anew: their clocks start, their people are called, their tasks are set."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from keepwell.access.queries import decisions
from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.moments import DAY
from keepwell.plays import models
from keepwell.plays.actions import escalating
from keepwell.plays.practice import Practice
from keepwell.plays.queries import practices

WEEK_HOURS = 24 * 7


def start(
    incident: models.Incident, practice: Practice, *, at: datetime, call_hours: float | None = None
) -> datetime:
    """Start the clocks of a round; gives when the first runs out. Two queries.

    `call_hours` is the clock that the opener states for the call, in calendar time.
    """
    calendar, after = decisions.company().calendar, timedelta(hours=practice.path[0].after_hours)
    rows = []
    for kind, clock in practice.clocks.items():
        own = call_hours if kind == "call" else None
        due = clock.due(at, calendar) if own is None else at + timedelta(hours=own)
        rows.append(
            models.IncidentClock(
                incident=incident,
                round=incident.round,
                kind=kind,
                counts=clock.counts if own is None else "calendar",
                started_at=at,
                due_at=due,
                next_step_at=due + after,
            )
        )
    models.IncidentClock.objects.bulk_create(rows)
    return min(row.due_at for row in rows)


def call_together(incident: models.Incident, practice: Practice, *, at: datetime) -> None:
    """Tell those who are called; what they are called to is said with the clock of the call."""
    due = models.IncidentClock.objects.get(incident=incident, round=incident.round, kind="call").due_at
    again = " came back" if incident.round else ""
    escalating.tell(
        incident,
        roles=practice.called,
        stand_ins=practice.stand_ins,
        kind="called" if not incident.round else "again",
        mark=f"{incident.round}",
        what=f"{incident.account.name}: {incident.title}{again}. A call is due by {due:%d %b %H:%M} UTC",
        at=at,
    )


def set_tasks(
    incident: models.Incident, practice: Practice, wanted: Sequence[Mapping[str, Any]], *, at: datetime
) -> None:
    """Set the tasks that a rule asks for, each given to whoever answers for its role. A few queries."""
    if not wanted:
        return
    roles = [task["role"] for task in wanted]
    people: dict[str, int | None] = {}
    answering = practices.answering(account_id=incident.account_id, roles=roles, stand_ins=practice.stand_ins)
    for one in answering:
        people.setdefault(one.role, one.user.pk if one.user else None)
    calendar = decisions.company().calendar
    due = dict(
        models.IncidentClock.objects.filter(incident=incident, round=incident.round).values_list(
            "kind", "due_at"
        )
    )
    models.Task.objects.bulk_create(
        models.Task(
            account_id=incident.account_id,
            incident=incident,
            title=task["title"],
            role=task["role"],
            clock=task.get("clock", ""),
            assignee_id=people[task["role"]],
            due_at=due[task["clock"]] if "clock" in task else due_after(at, task["hours"], calendar),
            created_at=at,
        )
        for task in wanted
    )


def due_after(at: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """A clock of hours runs through the night; whole weeks are the company's own, longer by its holidays."""
    weeks, rest = divmod(hours, WEEK_HOURS)
    if rest or not weeks:
        return at + timedelta(hours=hours)
    return calendar.after(at, DAY * (weeks * len(calendar.working_days)))


def next_due(incident_id: int, *, round: int) -> datetime | None:
    """When the next clock runs out that is not met; None when all are. One query."""
    rows = models.IncidentClock.objects.filter(incident=incident_id, round=round, met_at=None)
    return rows.order_by("due_at").values_list("due_at", flat=True).first()
