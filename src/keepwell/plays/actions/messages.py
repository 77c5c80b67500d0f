"""Messages to the outside: queued with their step, taken by one worker, tried again with back-off, replayed by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, NotFound
from keepwell.ledger.queries import accounts
from keepwell.plays import models

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
BROKEN_OFF = timedelta(minutes=10)


@dataclass(frozen=True)
class Taken:
    """A message in one worker's hand; where it goes and what signs it are told to nobody else."""

    id: int
    kind: str
    key: str
    recipient: str
    subject: str
    body: str
    calendar: str
    url: str = field(repr=False)
    secret: str = field(repr=False)


def queue(
    *, step: int | None, account: int, kind: str, key: str, body: str, at: datetime, **also: Any
) -> int:
    """A message, perhaps of a step; the same key has one."""
    row, _ = models.Message.objects.get_or_create(
        key=key,
        defaults={
            "step_id": step,
            "account_id": account,
            "kind": kind,
            "body": body,
            "made_at": at,
            "next_at": at,
            **also,
        },
    )
    return row.pk


def take(*, at: datetime, mail: bool = True) -> Taken | None:
    """Take the next message that is to be sent; nobody else has it then. Without `mail` mails wait; a paused channel's do.

    What broke off is tried again where the receiver can tell that it has it already; a mail is given up as unsure.
    """
    broken = models.Message.objects.filter(state="sending", taken_at__lt=at - BROKEN_OFF)
    broken.filter(kind="mail").update(state="unsure", ended_at=at)
    broken.exclude(kind="mail").update(state="queued", next_at=at)
    with transaction.atomic():
        queued = models.Message.objects.filter(state="queued", next_at__lte=at, channel__paused_at=None)
        if not mail:
            queued = queued.exclude(kind="mail")
        found = queued.select_for_update(skip_locked=True, of=("self",)).order_by("next_at", "pk").first()
        if found is None:
            return None
        models.Message.objects.filter(pk=found.pk).update(state="sending", taken_at=at, tries=found.tries + 1)
    channel = models.Channel.objects.filter(pk=found.channel_id or 0, retired_at=None).first()
    url, secret = (channel.url, channel.secret) if channel else ("", "")
    return Taken(
        found.pk,
        found.kind,
        found.key,
        found.recipient,
        found.subject,
        found.body,
        found.calendar,
        url,
        secret,
    )


def sent(*, message_id: int, at: datetime, status: int | None = None, answer: str = "") -> None:
    """The other side took it."""
    with transaction.atomic():
        _tried(message_id, at, status, answer, "")
        models.Message.objects.filter(pk=message_id, state="sending").update(state="sent", ended_at=at)


def failed(*, message_id: int, at: datetime, error: str, status: int | None = None, answer: str = "") -> None:
    """The other side did not take it: again later, and after the sixth time no more."""
    with transaction.atomic():
        _tried(message_id, at, status, answer, error)
        row = models.Message.objects.get(pk=message_id)
        mine = models.Message.objects.filter(pk=message_id, state="sending")
        if row.tries > len(BACK_OFF):
            mine.update(state="failed", ended_at=at)
        else:
            mine.update(state="queued", next_at=at + BACK_OFF[row.tries - 1])


def _tried(message_id: int, at: datetime, status: int | None, answer: str, error: str) -> None:
    models.MessageAttempt.objects.create(
        message_id=message_id, at=at, status=status, answer=answer[:1000], error=error[:500]
    )


def replay(*, message_id: int, by: Scope, at: datetime) -> None:
    """Send once more what was sent or given up; it is the same message, so whoever has it already can tell."""
    by.require("work.do")
    seen = accounts.visible(seen_by=by)
    with transaction.atomic():
        row = models.Message.objects.filter(pk=message_id, account__in=seen).first()
        if row is None:
            raise NotFound("There is no message %(message_id)s.", message_id=message_id)
        over = models.Message.objects.filter(pk=row.pk, state__in=("sent", "failed", "unsure"))
        if not over.update(state="queued", tries=0, next_at=at, ended_at=None):
            raise Conflict("It is on its way already.")
        audit.record(by=by, at=at, deed="message.replay", subject=f"message:{row.pk}")
