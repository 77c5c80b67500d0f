"""What of business reviews waits for a person: those of the next days to prepare, those of which nobody noted how they went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet

from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.moments import day_of
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake
from keepwell.outcomes import models

AHEAD = timedelta(days=7)
NOTED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Reviews:
    """Planned reviews of the next seven days, and those whose moment has passed without a word of how they went."""

    slug: str = "reviews"
    title: str = speech.later("Business reviews")
    sentence: str = speech.later(
        "A business review within seven days, to be prepared, or one of which nobody noted how it went."
    )
    share: float = 0.15
    hours: float = 1.0

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query."""
        rows = _open(asker).filter(starts_at__lt=asker.now + AHEAD).order_by("starts_at", "pk")
        return [_coming(row) if row.starts_at >= asker.now else _unnoted(row) for row in rows[: asker.limit]]


def _coming(row: models.Review) -> Offer:
    day = date_said(day_of(row.starts_at))
    is_told = getattr(row, "is_told", False)
    return Offer(
        key=f"review:{row.pk}:{row.starts_at.isoformat()}",
        what=speech.told(
            "Prepare the review of %(account)s on %(day)s",
            account=row.account.name or row.account.key,
            day=day,
        ),
        why=speech.told("Guests are invited.") if is_told else speech.told("Nobody is invited yet."),
        deed="review",
        subject=f"review:{row.account.key}/{row.pk}",
        stake=stake(row.account),
        due_at=row.starts_at,
        is_meeting=True,
    )


def _unnoted(row: models.Review) -> Offer:
    return Offer(
        key=f"review-unnoted:{row.pk}:{row.starts_at.isoformat()}",
        what=speech.told("Say how the review went"),
        why=speech.told("It was planned for %(day)s.", day=date_said(day_of(row.starts_at))),
        deed="review",
        subject=f"review:{row.account.key}/{row.pk}",
        stake=stake(row.account),
        due_at=row.starts_at + NOTED_WITHIN,
    )


def _open(asker: Asker) -> "QuerySet[models.Review]":
    mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
    told = models.ReviewGuest.objects.filter(review=OuterRef("pk")).exclude(told=None)
    rows = models.Review.objects.filter(account__in=mine, holding=None, cancellation=None)
    return rows.annotate(is_told=Exists(told)).select_related("account")


@specs.impl
def waiting() -> Sequence[Source]:
    """Its source of Today."""
    return (Reviews(),)
