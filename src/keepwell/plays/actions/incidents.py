"""Deeds on incidents."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, Ownership
from keepwell.plays import models
from keepwell.plays.queries import incidents
from keepwell.signals.models import Firing

SOURCE = "keepwell"


class AlreadyClosed(errors.Conflict):
    """Somebody was faster."""


def open_from(*, firings: list[Firing], at: datetime, by: Scope) -> list[models.Incident]:
    """Open an incident for each firing whose rule asks for one, unless the account has an open one already."""
    return [incident for firing in firings if (incident := _open(firing, at, by)) is not None]


def _open(firing: Firing, at: datetime, by: Scope) -> models.Incident | None:
    wanted = firing.rule.definition.get("opens")
    if wanted is None:
        return None
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=firing.account_id)
        if models.Incident.objects.filter(account=account, open=True).exists():
            return None
        incident = models.Incident.objects.create(
            account=account,
            firing=firing,
            title=wanted["title"],
            opened_at=at,
            due_at=at + timedelta(hours=wanted["clock_hours"]),
            evidence=firing.evidence,
        )
        _set_tasks(incident, wanted.get("tasks", ()), at)
        _tell(account.key, incident, "incident.opened", at)
        audit.record(
            by=by, at=at, deed="incident.open", subject=f"account:{account.key}", incident=incident.pk
        )
    return incident


def _set_tasks(incident: models.Incident, wanted: list[dict[str, Any]], at: datetime) -> None:
    owners = dict(
        Ownership.objects.filter(account=incident.account_id, until=None).values_list("role", "user")
    )
    models.Task.objects.bulk_create(
        models.Task(
            account_id=incident.account_id,
            incident=incident,
            title=task["title"],
            role=task["role"],
            assignee_id=owners.get(task["role"]),
            due_at=at + timedelta(hours=task["hours"]),
            created_at=at,
        )
        for task in wanted
    )


def close(*, incident_id: int, cause: str, plan: str, by: Scope, at: datetime) -> None:
    """Close an incident with its cause and its plan; without either it stays open."""
    by.require("work.do")
    incidents.find(incident_id=incident_id, seen_by=by)
    missing = [name for name, text in (("cause", cause), ("plan", plan)) if not text.strip()]
    if missing:
        raise errors.Invalid(
            f"An incident is closed with a cause and a plan. Missing: {' and '.join(missing)}."
        )
    with transaction.atomic():
        if not models.Incident.objects.filter(pk=incident_id, open=True).update(open=False):
            raise AlreadyClosed("Somebody else has closed this incident already.")
        incident = models.Incident.objects.select_related("account").get(pk=incident_id)
        models.IncidentClosure.objects.create(
            incident=incident, by_id=by.user_id, at=at, cause=cause.strip(), plan=plan.strip()
        )
        _tell(incident.account.key, incident, "incident.closed", at)
        audit.record(
            by=by,
            at=at,
            deed="incident.close",
            subject=f"account:{incident.account.key}",
            incident=incident_id,
        )


def _tell(account: str, incident: models.Incident, name: str, at: datetime) -> None:
    said = Event(
        id=f"~incident:{incident.pk}:{name}",
        account=account,
        name=name,
        at=at,
        source=SOURCE,
        props=f'{{"incident": {incident.pk}}}',
    )
    events.append(events=[said], received_at=at)
