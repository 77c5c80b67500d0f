"""Mails that tell of an incident at once: each taken by one worker, sent at most once whatever breaks off."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from keepwell.access.models import User
from keepwell.plays import models

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
BROKEN_OFF = timedelta(minutes=10)


class Taken(NamedTuple):
    """A mail in one worker's hand."""

    telling_id: int
    user: User
    kind: str
    what: str
    incident_id: int
    account: str
    title: str


def take(*, at: datetime) -> Taken | None:
    """Take the next mail that is to be sent; nobody else has it then. What broke off while it was sent is given up."""
    broken = models.IncidentTelling.objects.filter(mail_state="sending", mail_taken_at__lt=at - BROKEN_OFF)
    broken.update(mail_state="unsure", mail_ended_at=at, mail_error="It broke off while it was being sent.")
    with transaction.atomic():
        queued = models.IncidentTelling.objects.filter(
            mail_state="queued", mail_next_at__lte=at, user__is_active=True
        )
        row = (
            queued.select_for_update(skip_locked=True, of=("self",))
            .select_related("incident__account")
            .order_by("mail_next_at", "pk")
            .first()
        )
        if row is None or row.user_id is None:
            return None
        models.IncidentTelling.objects.filter(pk=row.pk).update(mail_state="sending", mail_taken_at=at)
    incident = row.incident
    return Taken(
        row.pk,
        User.objects.get(pk=row.user_id),
        row.kind,
        row.what,
        incident.pk,
        incident.account.name,
        incident.title,
    )


def sent(*, telling_id: int, at: datetime) -> None:
    """The server took it."""
    models.IncidentTelling.objects.filter(pk=telling_id, mail_state="sending").update(
        mail_state="sent", mail_ended_at=at, mail_error=""
    )


def failed(*, telling_id: int, at: datetime, words: str) -> None:
    """The server did not take it: again later, and after the fourth time no more."""
    row = models.IncidentTelling.objects.get(pk=telling_id)
    mine = models.IncidentTelling.objects.filter(pk=telling_id, mail_state="sending")
    if row.mail_tries >= len(BACK_OFF):
        mine.update(mail_state="failed", mail_ended_at=at, mail_error=words[:500])
        return
    mine.update(
        mail_state="queued",
        mail_tries=row.mail_tries + 1,
        mail_next_at=at + BACK_OFF[row.mail_tries],
        mail_error=words[:500],
    )
