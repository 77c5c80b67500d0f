"""Deeds on business reviews that are still to come: planned, changed, cancelled; guests who know of one are told each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, visibility
from keepwell.outcomes.actions import invitations
from keepwell.outcomes.actions.review_rows import add_colleague, add_person, locked, stakeholders, to_come
from keepwell.outcomes.actions.telling import tell_review
from keepwell.outcomes.review_words import KINDS
from keepwell.plays.actions import tasks

TITLE_LENGTH, PLACE_LENGTH, TEXT_LENGTH = 300, 500, 10_000
MOST_MINUTES, MOST_GUESTS = 480, 100
FAR = timedelta(days=3 * 366)
SEEN = ("title", "starts_at", "minutes", "place", "agenda", "labels", "owner")


@dataclass(frozen=True)
class Wanted:
    """What a review is to be: an empty title is made of its kind; `owner` an e-mail address, empty for whoever plans it.

    `theirs` are keys of their people, `ours` addresses of colleagues.
    """

    starts_at: datetime
    kind: str = "quarterly"
    title: str = ""
    minutes: int = 60
    place: str = ""
    agenda: str = ""
    notes: str = ""
    owner: str = ""
    theirs: Sequence[str] = ()
    ours: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def schedule(*, account: str, wanted: Wanted, by: Scope, at: datetime) -> int:
    """Plan a review; gives its number."""
    by.require("work.do")
    found = accounts.visible(seen_by=by).filter(key=account, merged_into=None).first()
    if found is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    if wanted.starts_at < at:
        raise Invalid(
            "A review is planned for a moment that is still to come. Log one that took place as a touchpoint."
        )
    with transaction.atomic():
        row = models.Review.objects.create(
            account=found, made_by_id=by.user_id, created_at=at, changed_at=at, **_said(found, wanted, by, at)
        )
        _guests(row, wanted)
        tell_review(
            row, "review.scheduled", by=by, at=at, feature=row.kind, for_moment=row.starts_at.isoformat()
        )
    return row.pk


def change(*, review_id: int, wanted: Wanted, by: Scope, at: datetime) -> int:
    """Say anew what it is, when, and who is to be there; gives how many guests were told, for they knew of it otherwise."""
    by.require("work.do")
    with transaction.atomic():
        row = to_come(review_id, by)
        said = _said(row.account, wanted, by, at)
        moved = row.starts_at != wanted.starts_at
        if moved and wanted.starts_at < at:
            raise Invalid(
                "A review is planned for a moment that is still to come. Log one that took place as a touchpoint."
            )
        before = {name: getattr(row, name) for name in said}
        models.Review.objects.filter(pk=row.pk).update(**said, changed_at=at)
        left = _guests(row, wanted)
        fresh = models.Review.objects.select_related("account", "owner").get(pk=row.pk)
        news = any(before[name] != said[name] for name in SEEN)
        count = invitations.changed(fresh, left=left, news=news, at=at)
        deed = "review.moved" if moved else "review.changed"
        tell_review(fresh, deed, by=by, at=at, feature=fresh.kind, for_moment=fresh.starts_at.isoformat())
    return count


def cancel(*, review_id: int, by: Scope, at: datetime, reason: str = "") -> int:
    """It does not take place; gives how many guests are told."""
    by.require("work.do")
    with transaction.atomic():
        row = to_come(review_id, by)
        models.ReviewCancellation.objects.create(
            review=row, reason=_text(reason, TEXT_LENGTH), at=at, by_id=by.user_id
        )
        count = invitations.called_off(row, at=at)
        tell_review(row, "review.cancelled", by=by, at=at, feature=row.kind)
    return count


def plan_again(*, review_id: int, by: Scope, at: datetime) -> int:
    """It takes place after all; gives how many guests are told."""
    by.require("work.do")
    with transaction.atomic():
        row = locked(review_id, by)
        if not models.ReviewCancellation.objects.filter(review=row).delete()[0]:
            raise Conflict("This review was not cancelled.")
        count = invitations.changed(row, left=(), news=True, at=at)
        tell_review(
            row, "review.scheduled", by=by, at=at, feature=row.kind, for_moment=row.starts_at.isoformat()
        )
    return count


def _said(account: Account, wanted: Wanted, by: Scope, at: datetime) -> dict[str, Any]:
    if wanted.kind not in KINDS:
        raise Invalid(
            '"%(kind)s" is no kind of review. Use one of %(listed)s.', kind=wanted.kind, listed=", ".join(KINDS)
        )  # fmt: skip
    if not 1 <= wanted.minutes <= MOST_MINUTES:
        raise Invalid("A review takes 1 to %(most)s minutes.", most=MOST_MINUTES)
    if wanted.starts_at > at + FAR:
        raise Invalid("A review is planned for the next three years at most.")
    usual = f"{speech.said(KINDS[wanted.kind])}: {account.name or account.key}"
    owner = tasks.owner(wanted.owner, account=account)
    if owner is None and by.user_id is not None:
        owner = User.objects.filter(pk=by.user_id).first()
    return {
        "kind": wanted.kind,
        "title": " ".join(_text(wanted.title, TITLE_LENGTH).split()) or usual[:TITLE_LENGTH],
        "starts_at": wanted.starts_at,
        "minutes": wanted.minutes,
        "place": " ".join(_text(wanted.place, PLACE_LENGTH).split()),
        "agenda": _text(wanted.agenda, TEXT_LENGTH),
        "notes": _text(wanted.notes, TEXT_LENGTH),
        "labels": visibility.checked("review", wanted.labels),
        "owner": owner,
    }


def _text(said: str, most: int) -> str:
    if len(said) > most:
        raise Invalid("A text has at most %(most)s characters.", most=most)
    return said.strip()


def _guests(row: models.Review, wanted: Wanted) -> list[models.ReviewGuest]:
    """Put the guests right; gives those who are none any more."""
    if len(set(wanted.theirs)) + len(set(wanted.ours)) > MOST_GUESTS:
        raise Invalid("A review has at most %(most)s guests.", most=MOST_GUESTS)
    here = list(models.ReviewGuest.objects.filter(review=row))
    people = stakeholders(row.account, wanted.theirs)
    colleagues = [tasks.owner(email, account=row.account) for email in dict.fromkeys(wanted.ours) if email]
    ours = {user.pk: user for user in colleagues if user is not None}
    theirs = {one.person_id: one for one in people}
    left = [
        one
        for one in here
        if (one.user_id not in ours if one.is_ours else one.person_id not in theirs)
    ]  # fmt: skip
    for one in left:
        models.ReviewGuest.objects.filter(pk=one.pk).delete()
    known = {(one.person_id, one.user_id) for one in here}
    for stake in people:
        if (stake.person_id, None) not in known:
            add_person(row, stake)
    for pk, user in ours.items():
        if (None, pk) not in known:
            add_colleague(row, user)
    return left
