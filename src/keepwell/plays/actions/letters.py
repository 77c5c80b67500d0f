"""Digests by mail: one letter a person and day, taken by one worker, sent at most once whatever breaks off."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from keepwell.access.models import User
from keepwell.access.queries import decisions
from keepwell.kernel.moments import utc
from keepwell.plays import models

MORNING = time(7)
FRIDAY = 4
SPAN = {"daily": timedelta(days=4), "weekly": timedelta(days=8)}  # what a first letter looks back on
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
BROKEN_OFF = timedelta(minutes=10)


class Choice(NamedTuple):
    """When somebody gets the digest: never, daily or weekly, in the morning of their zone."""

    cadence: str
    time_zone: str


class Taken(NamedTuple):
    """A letter in one worker's hand, for what happened since a moment."""

    letter_id: int
    user: User
    day: date
    since: datetime


def make(*, at: datetime) -> int:
    """Queue the letters whose morning has come, in each person's own time zone; gives how many. Two queries, and one each."""
    people = {
        user.pk: user
        for user in User.objects.filter(is_active=True).exclude(role="customer").exclude(email="")
    }
    last = {
        row["user"]: row["made_at"]
        for row in models.Letter.objects.filter(user__in=people, made_at__gte=at - timedelta(days=9))
        .order_by("made_at")
        .values("user", "made_at")
    }
    due = [
        (pk, day, choice)
        for pk, user in people.items()
        if (day := _due(choice := _choice(user), at)) is not None
    ]
    letters = [
        models.Letter(
            user_id=user,
            day=day,
            since=max(last.get(user, at - SPAN[choice.cadence]), at - SPAN[choice.cadence]),
            made_at=at,
            next_at=at,
        )
        for user, day, choice in due
        if user not in last or utc(last[user]).astimezone(ZoneInfo(choice.time_zone)).date() < day
    ]
    return len(models.Letter.objects.bulk_create(letters, ignore_conflicts=True))


def _choice(user: User) -> Choice:
    return Choice(decisions.of(user.preferences)["digest"], decisions.reading(user).time_zone)


def _due(choice: Choice, at: datetime) -> date | None:
    """The day of the letter that is due, in the person's own zone; none before their morning."""
    there = at.astimezone(ZoneInfo(choice.time_zone))
    if there.time() < MORNING:
        return None
    if choice.cadence == "daily" and there.weekday() <= FRIDAY:
        return there.date()
    return there.date() if choice.cadence == "weekly" and there.weekday() == 0 else None


def take(*, at: datetime) -> Taken | None:
    """Take the next letter that is to be sent; nobody else has it then. What broke off is given up."""
    broken = models.Letter.objects.filter(state="sending", taken_at__lt=at - BROKEN_OFF)
    broken.update(state="unsure", ended_at=at, error="It broke off while it was being sent.")
    with transaction.atomic():
        queued = models.Letter.objects.filter(state="queued", next_at__lte=at, user__is_active=True)
        letter = queued.select_for_update(skip_locked=True).order_by("next_at", "pk").first()
        if letter is None:
            return None
        models.Letter.objects.filter(pk=letter.pk).update(state="sending", taken_at=at)
    return Taken(letter.pk, User.objects.get(pk=letter.user_id), letter.day, letter.since)


def sent(*, letter_id: int, at: datetime, words: str = "") -> None:
    """The server took it, or there was nothing to say (`words`)."""
    models.Letter.objects.filter(pk=letter_id, state="sending").update(state="sent", ended_at=at, error=words)


def failed(*, letter_id: int, at: datetime, words: str) -> None:
    """The server did not take it: again later, and after the fourth time no more."""
    letter = models.Letter.objects.get(pk=letter_id)
    if letter.tries >= len(BACK_OFF):
        models.Letter.objects.filter(pk=letter_id).update(state="failed", ended_at=at, error=words[:500])
        return
    models.Letter.objects.filter(pk=letter_id, state="sending").update(
        state="queued", tries=letter.tries + 1, next_at=at + BACK_OFF[letter.tries], error=words[:500]
    )
