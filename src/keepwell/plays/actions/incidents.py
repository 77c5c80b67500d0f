"""Deeds on incidents."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit, live
from keepwell.access.scopes import Scope
from keepwell.health.models import Standing
from keepwell.kernel import errors
from keepwell.ledger.models import Account, Ownership
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.actions.telling import tell
from keepwell.plays.queries import incidents
from keepwell.signals.models import Firing

CLOCK_HOURS = 24
LONGEST_CLOCK_HOURS = 24 * 60
TITLE_LENGTH = 300


class AlreadyClosed(errors.Conflict):
    """Somebody was faster."""


class AlreadyOpen(errors.Conflict):
    """The account has an open incident."""


def open_by_hand(
    *, account: str, title: str, by: Scope, at: datetime, note: str = "", clock_hours: float = CLOCK_HOURS
) -> int:
    """Open an incident that no rule saw; what is known now stays with it as its evidence. Gives its number."""
    by.require("work.do")
    title, note = title.strip(), note.strip()
    if not title or len(title) > TITLE_LENGTH:
        raise errors.Invalid(f"An incident needs a title of 1 to {TITLE_LENGTH} characters.")
    if not 1 <= clock_hours <= LONGEST_CLOCK_HOURS:
        raise errors.Invalid(f"The clock runs for 1 to {LONGEST_CLOCK_HOURS} hours, not {clock_hours:g}.")
    with transaction.atomic():
        found = accounts.visible(seen_by=by).select_for_update(of=("self",)).filter(key=account).first()
        if found is None:
            raise errors.NotFound(f'There is no account "{account}".')
        if models.Incident.objects.filter(account=found, open=True).exists():
            raise AlreadyOpen(f"{found.name} has an open incident already. Set a task there instead.")
        incident = models.Incident.objects.create(
            account=found,
            title=title,
            opened_at=at,
            due_at=at + timedelta(hours=clock_hours),
            evidence=_seen_now(found, at) | {"note": note},
            opened_by_id=by.user_id,
        )
        tell(account=found.key, name="incident.opened", of="incident", number=incident.pk, at=at)
        live.announce("incidents")
        audit.record(by=by, at=at, deed="incident.open", subject=f"account:{found.key}", incident=incident.pk)
    return incident.pk


def _seen_now(account: Account, at: datetime) -> dict[str, Any]:
    """What stands of the account's health at the moment; nothing where it was never judged."""
    standing = Standing.objects.filter(account=account).select_related("score").first()
    if standing is None:
        return {}
    return {
        "from": standing.band,
        "to": standing.band,
        "points": standing.points,
        "parts": standing.score.parts,
        "at": at.isoformat(),
    }


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
        tell(account=account.key, name="incident.opened", of="incident", number=incident.pk, at=at)
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
        tell(account=incident.account.key, name="incident.closed", of="incident", number=incident.pk, at=at)
        live.announce("incidents")
        live.announce("today")
        audit.record(
            by=by,
            at=at,
            deed="incident.close",
            subject=f"account:{incident.account.key}",
            incident=incident_id,
        )
