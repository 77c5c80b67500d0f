"""Deeds on incidents: opened once for what they are about, closed with a cause and a plan, open again when it comes back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit, live
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.actions import opening, responding
from keepwell.plays.actions.telling import tell
from keepwell.plays.queries import evidence, incidents, practices
from keepwell.signals.models import Firing

CLOCK_HOURS = 24
LONGEST_CLOCK_HOURS = 24 * 60
TITLE_LENGTH = 300
OTHER = "other"


class AlreadyClosed(errors.Conflict):
    """Somebody was faster."""


class AlreadyOpen(errors.Conflict):
    """The account has an open incident about the same."""


def open_by_hand(
    *,
    account: str,
    title: str,
    by: Scope,
    at: datetime,
    note: str = "",
    about: str = OTHER,
    clock_hours: float | None = None,
) -> int:
    """Open an incident that no rule saw; what is known now stays with it as its evidence. Gives its number.

    `about` is one of the declared causes, as it looks now: one incident about it is open at a time. `clock_hours` is for the
    call, where it is not as declared.
    """
    by.require("work.do")
    title, note = title.strip(), note.strip()
    if not title or len(title) > TITLE_LENGTH:
        raise errors.Invalid(
            "An incident needs a title of 1 to %(title_length)s characters.", title_length=TITLE_LENGTH
        )
    if clock_hours is not None and not 1 <= clock_hours <= LONGEST_CLOCK_HOURS:
        raise errors.Invalid(
            "The clock runs for 1 to %(longest_clock_hours)s hours, not %(clock_hours)s.",
            longest_clock_hours=LONGEST_CLOCK_HOURS,
            clock_hours=f"{clock_hours:g}",
        )
    with transaction.atomic():
        found = accounts.visible(seen_by=by).select_for_update(of=("self",)).filter(key=account).first()
        if found is None:
            raise errors.NotFound('There is no account "%(account)s".', account=account)
        declared = practices.in_force(account_id=found.pk)
        said = practices.read(declared)
        responding.known_cause(about, said)
        matter = f"hand:{about}"
        if models.Incident.objects.filter(account=found, matter=matter, open=True).exists():
            raise AlreadyOpen(
                "%(name)s has an open incident about that already. Set a task there instead.", name=found.name
            )
        incident = models.Incident(
            account=found,
            matter=matter,
            practice=declared,
            title=title,
            opened_by_id=by.user_id,
            evidence=evidence.standing(found, at) | {"note": note},
        )
        _begin(incident, at, by, call_hours=clock_hours)
    return incident.pk


def open_from(*, firings: Sequence[Firing], at: datetime, by: Scope) -> list[models.Incident]:
    """Open an incident for each firing whose rule asks for one, or open the last one again that was closed just now.

    One is open for an account and rule, whatever breaks off: while it is, another firing of the rule opens nothing.
    """
    return [incident for firing in firings if (incident := _open(firing, at, by)) is not None]


def _open(firing: Firing, at: datetime, by: Scope) -> models.Incident | None:
    wanted = firing.version.definition.get("opens")
    if wanted is None:
        return None
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=firing.account_id)
        matter = f"rule:{firing.rule.slug}"
        before = models.Incident.objects.filter(account=account, matter=matter)
        if before.filter(open=True).exists():
            return None
        declared = practices.in_force(account_id=account.pk)
        said = practices.read(declared)
        lately = models.IncidentClosure.objects.filter(
            incident__in=before, ended_at=None, at__gt=at - timedelta(days=said.reopen_days)
        )
        if (closed := lately.order_by("-at").first()) is not None:
            return _come_back(closed.incident_id, wanted, at, by)
        incident = models.Incident(
            account=account,
            firing=firing,
            matter=matter,
            practice=declared,
            title=wanted["title"],
            evidence=dict(firing.evidence),
        )
        _begin(incident, at, by, call_hours=wanted.get("clock_hours"))
        opening.set_tasks(incident, said, wanted.get("tasks", ()), at=at)
    return incident


def _begin(incident: models.Incident, at: datetime, by: Scope, *, call_hours: float | None) -> None:
    said = practices.read(incident.practice)
    incident.opened_at = incident.due_at = at
    incident.evidence |= {"beside": evidence.beside(incident.account, at)}
    incident.save()
    incident.due_at = opening.start(incident, said, at=at, call_hours=call_hours)
    incident.save(update_fields=["due_at"])
    tell(account=incident.account.key, name="incident.opened", of="incident", number=incident.pk, at=at)
    opening.call_together(incident, said, at=at)
    live.announce("incidents")
    audit.record(
        by=by, at=at, deed="incident.open", subject=f"account:{incident.account.key}", incident=incident.pk
    )


def _come_back(incident_id: int, wanted: dict[str, object], at: datetime, by: Scope) -> models.Incident:
    """What was closed just now is not over: its clocks start anew, for cause and plan did not hold."""
    incident = models.Incident.objects.select_related("account", "practice").get(pk=incident_id)
    said = practices.read(incident.practice)
    _end_closure(incident, at=at, by=by, because="The rule fired again")
    incident.round += 1
    incident.open = True
    hours = wanted.get("clock_hours")
    incident.due_at = opening.start(
        incident, said, at=at, call_hours=hours if isinstance(hours, int | float) else None
    )
    incident.save(update_fields=["round", "open", "due_at"])
    opening.call_together(incident, said, at=at)
    _say_open_again(incident, "came_back", at, by)
    return incident


def reopen(*, incident_id: int, by: Scope, at: datetime, because: str = "") -> None:
    """Take a closure back: the incident goes on where it was, with the clocks that it had."""
    by.require("work.do")
    incidents.find(incident_id=incident_id, seen_by=by)
    try:
        with transaction.atomic():
            if not models.Incident.objects.filter(pk=incident_id, open=False).update(open=True):
                raise errors.Conflict("This incident is open.")
            incident = models.Incident.objects.select_related("account", "practice").get(pk=incident_id)
            _end_closure(
                incident, at=at, by=by, because=because.strip()[:500] or "The closure was taken back"
            )
            _say_open_again(incident, "taken_back", at, by)
    except IntegrityError:
        raise AlreadyOpen("Another incident about the same is open meanwhile. Go on there.") from None


def _end_closure(incident: models.Incident, *, at: datetime, by: Scope, because: str) -> None:
    models.IncidentClosure.objects.filter(incident=incident, ended_at=None).update(
        ended_at=at, ended_by_id=by.user_id, ended_because=because
    )


def _say_open_again(incident: models.Incident, how: str, at: datetime, by: Scope) -> None:
    tell(
        account=incident.account.key,
        name="incident.reopened",
        of="incident",
        number=incident.pk,
        at=at,
        again=True,
        feature=how,
    )
    live.announce("incidents")
    live.announce("today")
    audit.record(
        by=by,
        at=at,
        deed="incident.reopen",
        subject=f"account:{incident.account.key}",
        incident=incident.pk,
        how=how,
    )


def close(
    *, incident_id: int, by: Scope, at: datetime, cause: str = "", plan: str = "", cause_kind: str = ""
) -> None:
    """Close an incident with its cause and its plan; without either it stays open.

    What is stated here is noted as found now; what is left out must have been noted before.
    """
    by.require("work.do")
    view = incidents.find(incident_id=incident_id, seen_by=by)
    if not view.open:
        raise AlreadyClosed("Somebody else has closed this incident already.")
    with transaction.atomic():
        incident = responding.locked(incident_id)
        found = responding.stated(incident, cause=cause, cause_kind=cause_kind, plan=plan)
        if found.missing:
            raise errors.Invalid(
                "An incident is closed with a cause and a plan. Missing: %(listed)s.",
                listed=" and ".join(found.missing),
            )
        responding.note_findings(incident, found, by=by, at=at)
        if not models.Incident.objects.filter(pk=incident_id, open=True).update(open=False):
            raise AlreadyClosed("Somebody else has closed this incident already.")
        models.IncidentClosure.objects.create(
            incident=incident,
            by_id=by.user_id,
            at=at,
            cause_kind=found.cause_kind,
            cause=found.cause,
            plan=found.plan,
        )
        tell(
            account=incident.account.key,
            name="incident.closed",
            of="incident",
            number=incident.pk,
            at=at,
            again=True,
            feature=found.cause_kind,
        )
        live.announce("incidents")
        live.announce("today")
        audit.record(
            by=by,
            at=at,
            deed="incident.close",
            subject=f"account:{incident.account.key}",
            incident=incident_id,
        )
