"""The rows of one business review: held for a deed, with its guests."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.models import Account, Stakeholder
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models


def locked(review_id: int, by: Scope) -> models.Review:
    """A review that the asker may see, held until the transaction ends."""
    rows = models.Review.objects.select_for_update(of=("self",)).select_related("account", "owner")
    row = rows.filter(pk=review_id, account__in=accounts.visible(seen_by=by)).first()
    if row is None:
        raise NotFound("There is no review %(number)s.", number=review_id)
    return row


def to_come(review_id: int, by: Scope) -> models.Review:
    """The same, if it was neither held nor cancelled."""
    row = locked(review_id, by)
    if models.ReviewHolding.objects.filter(review=row).exists():
        raise Conflict("This review was held. Take that back first.")
    if models.ReviewCancellation.objects.filter(review=row).exists():
        raise Conflict("This review was cancelled. Plan it again first.")
    return row


def stakeholders(account: Account, keys: Sequence[str]) -> list[Stakeholder]:
    """Their people with these keys; refuses one who is not there. One query."""
    asked = set(keys)
    found = list(
        Stakeholder.objects.filter(account=account, person__key__in=asked)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    if missing := sorted(asked - {one.person.key for one in found}):
        name = account.name or account.key
        raise Invalid('%(account)s has nobody with the key "%(key)s".', account=name, key=missing[0])
    return found


def add_person(row: models.Review, stake: Stakeholder, **also: Any) -> None:
    """One of theirs is a guest, as what they are today."""
    person = stake.person
    _make(row, person=person, name=person.name or person.key, email=person.email, roles=stake.roles, **also)


def add_colleague(row: models.Review, user: User, **also: Any) -> None:
    """One of ours is a guest."""
    _make(row, user=user, name=str(user), email=user.email, roles=[user.role], is_ours=True, **also)


def _make(row: models.Review, **said: Any) -> None:
    try:
        with transaction.atomic():
            models.ReviewGuest.objects.create(review=row, **said)
    except IntegrityError:
        raise Conflict("Somebody else has changed the guests meanwhile. Look again.") from None
