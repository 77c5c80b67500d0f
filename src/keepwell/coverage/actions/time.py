"""Deeds on time: note it by hand, take it away, bring it back."""

from datetime import date, datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.coverage.models import ACTIVITIES, TimeEntry
from keepwell.coverage.queries import time
from keepwell.kernel.errors import Forbidden, Invalid
from keepwell.kernel.moments import DAY
from keepwell.ledger.queries import accounts

MOST_MINUTES = 24 * 60
MOST_DAYS_BACK = 92
NOTE_LETTERS = 300


def note(
    *, day: date, minutes: int, activity: str, account: str = "", note: str = "", by: Scope, at: datetime
) -> TimeEntry:
    """Note that one spent time on a day that is not to come, for an account (its key or name) or for none."""
    by.require("work.do")
    if by.user_id is None:
        raise Forbidden("Time is a person's. Sign in, or use a person's token.")
    if isinstance(minutes, bool) or not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(
            "Time is noted in whole minutes from 1 to %(most)s, not %(minutes)s.",
            most=MOST_MINUTES,
            minutes=minutes,
        )
    if activity not in dict(ACTIVITIES):
        raise Invalid(
            '"%(activity)s" is no activity. Use one of %(known)s.',
            activity=activity,
            known=", ".join(dict(ACTIVITIES)),
        )
    if not at.date() - DAY * MOST_DAYS_BACK <= day <= at.date() + DAY:
        raise Invalid(
            "Time is noted for today or one of the %(days)s days before, not for %(day)s.",
            days=MOST_DAYS_BACK,
            day=day,
        )
    if len(note.strip()) > NOTE_LETTERS:
        raise Invalid(
            "A note on time has at most %(most)s letters, this one %(n)s.",
            most=NOTE_LETTERS,
            n=len(note.strip()),
        )
    whom = (
        accounts.find(key=accounts.meant(account.strip(), seen_by=by), seen_by=by)
        if account.strip()
        else None
    )
    with transaction.atomic():
        row = TimeEntry.objects.create(
            user_id=by.user_id,
            account_id=None if whom is None else whom.id,
            day=day,
            minutes=minutes,
            activity=activity,
            note=note.strip(),
            made_at=at,
        )
        _audit("time.note", row, by, at)
    return row


def remove(*, entry_id: int, by: Scope, at: datetime) -> TimeEntry:
    """Take one's own entry away; twice does no harm."""
    return _marked(entry_id, at, deed="time.remove", by=by, at=at)


def restore(*, entry_id: int, by: Scope, at: datetime) -> TimeEntry:
    """Bring it back."""
    return _marked(entry_id, None, deed="time.restore", by=by, at=at)


def _marked(entry_id: int, removed_at: datetime | None, *, deed: str, by: Scope, at: datetime) -> TimeEntry:
    by.require("work.do")
    with transaction.atomic():
        row = time.find(entry_id=entry_id, seen_by=by)
        if (row.removed_at is None) != (removed_at is None):
            row.removed_at = removed_at
            row.save(update_fields=["removed_at"])
            _audit(deed, row, by, at)
    return row


def _audit(deed: str, row: TimeEntry, by: Scope, at: datetime) -> None:
    told = {"day": row.day.isoformat(), "minutes": row.minutes, "activity": row.activity}
    subject = "time" if row.account is None else f"account:{row.account.key}"
    audit.record(by=by, at=at, deed=deed, subject=subject, entry=row.pk, **told)
