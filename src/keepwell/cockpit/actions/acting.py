"""Deeds on what waits: seen to, put off, given to a colleague; and each taken back."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from keepwell.access.actions import audit, live
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.cockpit import models
from keepwell.cockpit.queries import today
from keepwell.cockpit.queries.today import Days, Row
from keepwell.kernel import errors
from keepwell.ledger.models import Account
from keepwell.plays.actions import notifications, responses, tasks

LONGEST = timedelta(days=366)
SIGNAL = "signal"


def done(*, item: str, by: Scope, at: datetime, days: Days) -> str:
    """Note that it was seen to; a task is completed, a signal acknowledged. Gives what it was.

    An incident is closed on its own page alone.
    """
    row = _row(item, by, at, days)
    kind, _, number = item.partition(":")
    if kind == "incident":
        raise errors.Invalid("An incident is closed on its page, with a cause and a plan.")
    with transaction.atomic():
        if kind == "task":
            tasks.complete(task_id=int(number), by=by, at=at)
        elif kind == SIGNAL:
            _respond(item, "acknowledged", by, at)
        else:
            models.Handled.objects.get_or_create(
                user_id=_me(by), item=item, defaults={"at": at, "account_id": _account(row)}
            )
            _given_done(item, by, at)
        audit.record(by=by, at=at, deed="today.done", subject=item)
    return row.offer.what


def undone(*, item: str, by: Scope, at: datetime) -> None:
    """Bring back what was seen to."""
    by.require("work.do")
    kind, _, number = item.partition(":")
    with transaction.atomic():
        if kind == "task":
            tasks.reopen(task_id=int(number), by=by, at=at)
        elif kind == SIGNAL:
            responses.take_back(firing_id=_number(item), kind="acknowledged", by=by, at=at)
        else:
            seen_to = models.Handled.objects.filter(user=by.user_id, item=item).first()
            if seen_to is None:
                raise errors.Conflict("It is on your list already.")
            given = models.Delegation.objects.filter(item=item, to=by.user_id, done_at=seen_to.at)
            given.update(done_at=None)
            seen_to.delete()
        audit.record(by=by, at=at, deed="today.undone", subject=item)


def reject(*, item: str, by: Scope, at: datetime, days: Days) -> str:
    """Say that a signal was of no use. Gives what it was."""
    row = _row(item, by, at, days)
    if not item.startswith(f"{SIGNAL}:"):
        raise errors.Invalid("Only a signal can be of no use.")
    with transaction.atomic():
        _respond(item, "not_useful", by, at)
        audit.record(by=by, at=at, deed="today.reject", subject=item)
    return row.offer.what


def unreject(*, item: str, by: Scope, at: datetime) -> None:
    """Take that back."""
    by.require("work.do")
    with transaction.atomic():
        responses.take_back(firing_id=_number(item), kind="not_useful", by=by, at=at)
        audit.record(by=by, at=at, deed="today.unreject", subject=item)


def _respond(item: str, kind: str, by: Scope, at: datetime) -> None:
    responses.respond(firing_id=_number(item), kind=kind, by=by, at=at)
    _given_done(item, by, at)


def _given_done(item: str, by: Scope, at: datetime) -> None:
    """What a colleague had given is done with it."""
    models.Delegation.objects.filter(item=item, to=by.user_id, done_at=None).update(done_at=at)


def _number(item: str) -> int:
    kind, _, number = item.partition(":")
    if kind != SIGNAL or not number.isdecimal():
        raise errors.Invalid("This is no signal.")
    return int(number)


def snooze(*, item: str, until: datetime, by: Scope, at: datetime, days: Days) -> str:
    """Put it off until a moment; its clock runs on. Gives what it was."""
    if not at < until <= at + LONGEST:
        raise errors.Invalid("Put it off until a moment within the next year.")
    row = _row(item, by, at, days)
    with transaction.atomic():
        models.Snooze.objects.update_or_create(
            user_id=_me(by),
            item=item,
            defaults={
                "until": until,
                "at": at,
                "what": _what(row),
                "account_id": _account(row),
                "told_at": None,
            },
        )
        if item.startswith(f"{SIGNAL}:"):
            responses.put_off_for_me(firing_id=_number(item), until=until, by=by, at=at)
        audit.record(by=by, at=at, deed="today.snooze", subject=item, until=until.isoformat())
    return row.offer.what


def wake(*, item: str, by: Scope, at: datetime) -> None:
    """Bring back what was put off."""
    by.require("work.do")
    with transaction.atomic():
        gone, _ = models.Snooze.objects.filter(user=by.user_id, item=item).delete()
        if not gone:
            raise errors.Conflict("It is on your list already.")
        if item.startswith(f"{SIGNAL}:"):
            with suppress(errors.Conflict):
                responses.take_back(firing_id=_number(item), kind="snoozed", by=by, at=at)
        audit.record(by=by, at=at, deed="today.wake", subject=item)


def delegate(*, item: str, to: str, by: Scope, at: datetime, days: Days) -> str:
    """Give it to a colleague who may see its account: a task changes hands, the rest goes on their list. Gives what it was."""
    row = _row(item, by, at, days)
    kind, _, number = item.partition(":")
    if row.offer.stake is None:
        raise errors.Invalid("This is of no account, so it cannot be given away.")
    account = Account.objects.get(pk=row.offer.stake.account_id)
    whom = tasks.owner(to, account=account)
    if whom is None or whom.pk == by.user_id:
        raise errors.Invalid("Choose a colleague to give it to.")
    with transaction.atomic():
        if kind == "task":
            tasks.assign(task_ids=[int(number)], to=whom.email, by=by, at=at)
        else:
            _give(row, whom, account, by, at)
        audit.record(by=by, at=at, deed="today.delegate", subject=item, to=whom.pk)
    return row.offer.what


def _give(row: Row, whom: User, account: Account, by: Scope, at: datetime) -> None:
    offer = row.offer
    if models.Delegation.objects.filter(by=by.user_id, item=offer.key, done_at=None).exists():
        raise errors.Conflict("You gave this to a colleague already.")
    models.Delegation.objects.create(
        by_id=_me(by),
        to=whom,
        item=offer.key,
        source=row.source,
        what=offer.what[:500],
        why=offer.why,
        deed=offer.deed,
        subject=offer.subject,
        account=account,
        due_at=offer.due_at,
        at=at,
    )
    notifications.tell(
        kind="assigned",
        user_ids=[whom.pk],
        key=f"given:{offer.key}:{at.isoformat()}",
        what=f"{account.name}: {offer.what}",
        subject="today:",
        account_id=account.pk,
        at=at,
    )
    live.announce("today", users=[whom.pk])


def recall(*, item: str, by: Scope, at: datetime) -> None:
    """Take back what was given to a colleague; a task comes back to whoever recalls it."""
    by.require("work.do")
    kind, _, number = item.partition(":")
    with transaction.atomic():
        if kind == "task":
            me = User.objects.get(pk=_me(by))
            tasks.assign(task_ids=[int(number)], to=me.email, by=by, at=at)
        else:
            gone, _ = models.Delegation.objects.filter(by=by.user_id, item=item, done_at=None).delete()
            if not gone:
                raise errors.Conflict("It is done, or on your list already.")
        audit.record(by=by, at=at, deed="today.recall", subject=item)


def _row(item: str, by: Scope, at: datetime, days: Days) -> Row:
    by.require("work.do")
    return today.find(item=item, seen_by=by, now=at, days=days)


def _account(row: Row) -> int | None:
    return row.offer.stake.account_id if row.offer.stake else None


def _what(row: Row) -> str:
    whose = f" ({row.offer.stake.name})" if row.offer.stake else ""
    return f"{row.offer.what}{whose}"[:500]


def _me(by: Scope) -> int:
    if by.user_id is None:
        raise errors.Invalid("Only a person has a list of what waits.")
    return by.user_id
