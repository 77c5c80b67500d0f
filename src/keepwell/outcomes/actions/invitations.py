"""Invitations to business reviews: a mail with a calendar entry for each guest, sent anew when what they know has changed.

An entry says what the review's labels share and nothing else.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.days import date_said, joined, time_said
from keepwell.kernel.errors import Invalid
from keepwell.outcomes import models
from keepwell.outcomes.actions import review_rows
from keepwell.outcomes.actions.telling import tell_review
from keepwell.outcomes.formulas import invitations as formulas
from keepwell.outcomes.formulas.invitations import Entry, Guest, Method
from keepwell.outcomes.queries import shared_reviews
from keepwell.plays.actions import messages
from keepwell.plays.models import Message

SUBJECTS = {
    "first": speech.later("Invitation: %(title)s"),
    "anew": speech.later("Changed: %(title)s"),
    "off": speech.later("Cancelled: %(title)s"),
}


@dataclass(frozen=True)
class Invited:
    """How many are written to, and who has no address that one could write to."""

    count: int
    unwritten: tuple[str, ...]


def invite(*, review_id: int, by: Scope, at: datetime) -> Invited:
    """Send everybody who does not know of it, as it stands now, a calendar entry; once."""
    by.require("work.do")
    with transaction.atomic():
        row = review_rows.to_come(review_id, by)
        if row.starts_at < at:
            raise Invalid("This review is over. Say who was there instead.")
        guests = list(models.ReviewGuest.objects.filter(review=row))
        if not guests:
            raise Invalid("Nobody is to be there yet. Choose the guests first.")
        fresh = [one for one in guests if one.told != row.sequence]
        count = _send(row, fresh, "REQUEST", "first", at)
        if count:
            tell_review(row, "review.invited", by=by, at=at, feature=row.kind, guests=count)
    return Invited(count, tuple(one.name for one in guests if not one.email))


def changed(
    row: models.Review, *, left: Collection[models.ReviewGuest], news: bool, at: datetime
) -> int:  # fmt: skip
    """Tell those who know of it what has changed, and those who left that they need not come; gives how many."""
    known = list(models.ReviewGuest.objects.filter(review=row).exclude(told=None))
    gone = [one for one in left if one.told is not None]
    if not (gone or (known and news)):
        return 0
    _count_up(row)
    count = _send(row, gone, "CANCEL", "off", at)
    return count + _send(row, known, "REQUEST", "anew", at)


def called_off(row: models.Review, *, at: datetime) -> int:
    """Tell those who know of it that it does not take place; gives how many."""
    known = list(models.ReviewGuest.objects.filter(review=row).exclude(told=None))
    if not known:
        return 0
    _count_up(row)
    return _send(row, known, "CANCEL", "off", at)


def _count_up(row: models.Review) -> None:
    row.sequence += 1
    models.Review.objects.filter(pk=row.pk).update(sequence=row.sequence)


def _send(
    row: models.Review, guests: Iterable[models.ReviewGuest], method: Method, how: str, at: datetime
) -> int:
    """Queue a mail for each guest with an address; what waits of an earlier state is not sent any more."""
    written = [one for one in guests if one.email]
    if not written:
        return 0
    company = decisions.company()
    entry = _entry(row, company.name)
    body = _body(entry, how, company.calendar.time_zone)
    subject = speech.told(SUBJECTS[how], title=entry.title)[:500]
    for one in written:
        mine = shared_reviews.for_guest(entry, Guest(one.name, one.email), row.labels)
        started = f"review-{row.pk}-{one.pk}-"
        Message.objects.filter(key__startswith=started, state="queued", tries=0).delete()
        messages.queue(
            step=None, account=row.account_id, kind="mail", key=f"{started}{row.sequence}",
            recipient=one.email, subject=subject, body=body,
            calendar=formulas.written(mine, method=method, at=at), at=at,
        )  # fmt: skip
        models.ReviewGuest.objects.filter(pk=one.pk).update(told=row.sequence, told_at=at)
    return len(written)


def _entry(row: models.Review, company: str) -> Entry:
    guests = models.ReviewGuest.objects.filter(review=row).exclude(email="").order_by("is_ours", "name", "pk")
    entry = shared_reviews.entry(row, list(guests), company=company)
    if entry is None:
        raise Invalid("The title or the moment of this review is internal, so that nobody can be invited.")
    return entry


def _body(entry: Entry, how: str, zone: str) -> str:
    """The same in words, for who reads it without a calendar."""
    there = entry.starts_at.astimezone(ZoneInfo(zone))
    when = joined(date_said(there.date(), long=True), time_said(there.time()))
    said = {
        "first": speech.told("You are invited to “%(title)s”.", title=entry.title),
        "anew": speech.told("“%(title)s” has changed. This is how it stands now.", title=entry.title),
        "off": speech.told("“%(title)s” does not take place.", title=entry.title),
    }[how]
    parts = [
        said,
        speech.told(
            "When: %(when)s (%(zone)s), %(minutes)s minutes", when=when, zone=zone, minutes=entry.minutes
        ),
    ]
    if entry.place:
        parts.append(speech.told("Where: %(place)s", place=entry.place))
    if entry.agenda and how != "off":
        parts.append("\n" + speech.told("Agenda") + "\n" + entry.agenda)
    return "\n".join(parts) + "\n"
