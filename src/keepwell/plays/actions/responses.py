"""Deeds on signals: acknowledge, act, put off, say that one was of no use; each a record, and each taken back."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit, live
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.plays import models
from keepwell.plays.actions import incidents, tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.actions.telling import tell
from keepwell.plays.alarms import KINDS
from keepwell.signals.actions import snoozes
from keepwell.signals.queries import firings
from keepwell.signals.queries.firings import FiringView

PLAIN = ("acknowledged", "not_useful")
MOST_NOTE = 2000


def respond(*, firing_id: int, kind: str, by: Scope, at: datetime, note: str = "") -> FiringView:
    """Acknowledge a signal, or say that it was of no use; it waits for nobody any more. Twice does no harm."""
    if kind not in PLAIN:
        raise Invalid('"%(kind)s" is no answer. Use one of %(listed)s.', kind=kind, listed=", ".join(PLAIN))
    found = _seen(firing_id, by, at)
    with transaction.atomic():
        _stand(found, kind, by, at, note=_note(note))
    return found


def act(
    *, firing_id: int, by: Scope, at: datetime, task: Wanted | None = None, incident: str = "", note: str = ""
) -> int:
    """Set a task, or open an incident of this title, because of a signal; gives the number of the task or incident."""
    if (task is None) == (not incident.strip()):
        raise Invalid("Say either which task to set, or what the incident to open is called.")
    found, said = _seen(firing_id, by, at), _note(note)
    with transaction.atomic():
        if task is not None:
            number = tasks.make(account=found.account_key, wanted=task, by=by, at=at)
            _stand(found, "acted", by, at, note=said, task_id=number)
        else:
            number = incidents.open_by_hand(
                account=found.account_key, title=incident, note="; ".join(found.because), by=by, at=at
            )
            _stand(found, "acted", by, at, note=said, incident_id=number)
    return number


def played(*, rule_id: int, account_id: int, run_id: int, by: Scope, at: datetime) -> None:
    """A playbook that somebody started because of a rule answers what the rule says of the account now; once."""
    by.require("work.do")
    for found in firings.open_of(rule_id=rule_id, account_id=account_id, seen_by=by, now=at):
        if not models.Response.objects.filter(firing=found.id, run=run_id, taken_back_at=None).exists():
            _stand(found, "acted", by, at, run_id=run_id)


def played_no_more(*, run_id: int, by: Scope, at: datetime) -> None:
    """The start of a run was taken back, and with it the answer that it was."""
    rows = models.Response.objects.filter(run=run_id, taken_back_at=None)
    answered = list(rows.values_list("firing", flat=True))
    rows.update(taken_back_at=at)
    for firing_id in answered:
        found = _seen(firing_id, by, at)
        audit.record(
            by=by, at=at, deed="signal.take_back", subject=_subject(found), signal=found.id, kind="acted"
        )
        _show(found)


def put_off(*, firing_id: int, days: int, by: Scope, at: datetime, note: str = "") -> None:
    """Silence the rule on this account for everybody for so many days."""
    found = _seen(firing_id, by, at)
    with transaction.atomic():
        snoozes.snooze(firing_id=firing_id, days=days, by=by, at=at, reason=note)
        _stand(found, "snoozed", by, at, note=_note(note), until=at + timedelta(days=days))


def put_off_for_me(*, firing_id: int, until: datetime, by: Scope, at: datetime) -> None:
    """Note that somebody does not want to see it on their own list before a moment; the list sees to that."""
    found = _seen(firing_id, by, at)
    with transaction.atomic():
        _stand(found, "snoozed", by, at, until=until)


def wake(*, firing_id: int, by: Scope, at: datetime) -> None:
    """Let everybody hear the rule on this account again."""
    found = _seen(firing_id, by, at)
    with transaction.atomic():
        snoozes.wake(firing_id=firing_id, by=by, at=at)
        models.Response.objects.filter(firing=firing_id, kind="snoozed", taken_back_at=None).update(
            taken_back_at=at
        )
        _show(found)


def take_back(*, firing_id: int, kind: str, by: Scope, at: datetime) -> None:
    """Take back what one answered oneself; what was made of it (a task, an incident) stays."""
    if kind not in KINDS:
        raise Invalid('"%(kind)s" is no answer. Use one of %(listed)s.', kind=kind, listed=", ".join(KINDS))
    found = _seen(firing_id, by, at)
    with transaction.atomic():
        mine = models.Response.objects.filter(firing=firing_id, kind=kind, by=by.user_id, taken_back_at=None)
        if not mine.update(taken_back_at=at):
            raise Conflict("You did not answer this signal so.")
        audit.record(
            by=by, at=at, deed="signal.take_back", subject=_subject(found), signal=found.id, kind=kind
        )
        _show(found)


def _seen(firing_id: int, by: Scope, at: datetime) -> FiringView:
    by.require("work.do")
    return firings.find(firing_id=firing_id, seen_by=by, now=at)


def _note(note: str) -> str:
    if len(note.strip()) > MOST_NOTE:
        raise Invalid("Use at most %(most_note)s letters.", most_note=MOST_NOTE)
    return note.strip()


def _stand(found: FiringView, kind: str, by: Scope, at: datetime, **said: Any) -> None:
    """The response stands; the same once more only says anew until when, and why."""
    same = models.Response.objects.filter(firing=found.id, kind=kind, by=by.user_id, taken_back_at=None)
    if kind != "acted" and same.update(**said):
        return
    made = models.Response.objects.create(firing_id=found.id, kind=kind, by_id=by.user_id, at=at, **said)
    tell(
        account=found.account_key, name="signal.answered", of="response", number=made.pk, at=at, feature=kind
    )
    audit.record(by=by, at=at, deed="signal.answer", subject=_subject(found), signal=found.id, kind=kind)
    _show(found)


def _subject(found: FiringView) -> str:
    return f"account:{found.account_key}"


def _show(found: FiringView) -> None:
    """Whoever has it on their list sees it go, or come back."""
    people = models.Delivery.objects.filter(firing=found.id, user__isnull=False)
    live.announce("today", users=list(people.values_list("user", flat=True)))
