"""What the vendor's own people do about incidents: most are answered, some slowly, every third is left to burn."""

from datetime import datetime, timedelta

from keepwell.access.scopes import Scope
from keepwell.plays.actions import incidents, tasks
from keepwell.plays.queries import incidents as open_incidents

CALLED_AFTER = timedelta(hours=20)
UNDERSTOOD_AFTER = timedelta(days=3)
CLOSED_AFTER = timedelta(days=6)
NEGLECTED = 3

FINDINGS = (
    (
        "reorganisation",
        "A reorganisation moved the team that used the product; the people who took over were never trained.",
        "Re-onboarding workshop with the new team this week, weekly check-ins until the core features are in use again.",
    ),
    (
        "defects",
        "Two long-running defects made the people at the desk work around the product.",
        "Both are fixed and confirmed by the customer; the tech lead calls once a week for a month.",
    ),
)


def respond(*, by: Scope, at: datetime) -> None:
    """One evening's work on the open incidents. A few queries for each open incident."""
    for incident in open_incidents.open_ones(seen_by=by):
        age = at - incident.opened_at
        if incident.id % NEGLECTED == 0:
            continue
        due = (CALLED_AFTER, UNDERSTOOD_AFTER, CLOSED_AFTER)
        for task, after in zip(incident.tasks, due, strict=False):
            if age >= after and task.done_at is None:
                tasks.complete(task_id=task.id, by=by, at=at)
        if age >= CLOSED_AFTER:
            kind, cause, plan = FINDINGS[incident.id % len(FINDINGS)]
            incidents.close(incident_id=incident.id, cause_kind=kind, cause=cause, plan=plan, by=by, at=at)
