"""What this stage has waiting for a person: accounts that fell, and check-ins that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef

from keepwell.health import models, words
from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.kernel.moments import day_of
from keepwell.ledger.models import Sentiment
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake

WEEK = timedelta(days=7)
FALLS = {"yellow": ("green",), "red": ("green", "yellow")}
NAMES = {"green": "Healthy", "yellow": "Watch", "red": "At risk", "unknown": "Unknown"}
MOST_CHECK_INS = 5


@dataclass(frozen=True)
class Falls:
    """Accounts that fell into a worse band within the week."""

    slug: str = "falls"
    title: str = "Falls"
    sentence: str = "An account of yours that fell into a worse band within the last seven days."
    share: float = 0.4
    hours: float = 1.0

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query, over those who stand in a band that one can fall into."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id).filter(former=False)
        stands = models.Standing.objects.filter(
            band__in=("red", "yellow"), since__gte=asker.now - WEEK, account__in=mine
        )
        fell = stands.filter(band="red", previous_band__in=FALLS["red"]) | stands.filter(
            band="yellow", previous_band__in=FALLS["yellow"]
        )
        worst_first = fell.select_related("account", "score").order_by(
            F("account__arr_reporting").desc(nulls_last=True), "pk"
        )
        return [self._offer(row, asker) for row in worst_first[: asker.limit]]

    def _offer(self, row: models.Standing, asker: Asker) -> Offer:
        days = (day_of(asker.now) - day_of(row.since)).days
        when = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
        why = words.worst(row.score.parts)
        return Offer(
            key=f"fall:{row.account_id}:{row.since.isoformat()}",
            what=f"Look why health fell to {NAMES[row.band]}",
            why=f"From {NAMES[row.previous_band]} {when}" + (f": {why}." if why else "."),
            deed="look",
            subject=f"account:{row.account.key}",
            stake=stake(row.account),
        )


@dataclass(frozen=True)
class CheckIns:
    """Accounts at risk whose owner said nothing for a week."""

    slug: str = "check-ins"
    title: str = "Check-ins"
    sentence: str = "An account that is not healthy and had no check-in for a week; the five with most ARR."
    share: float = 0.05
    hours: float = 0.1

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query, along the accounts by ARR; one more where too few have any."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id).filter(former=False)
        said = Sentiment.objects.filter(account=OuterRef("account"), given_at__gte=asker.now - WEEK)
        shaky = models.Standing.objects.filter(~Exists(said), band__in=("red", "yellow"), account__in=mine)
        rows = shaky.select_related("account")
        most = min(MOST_CHECK_INS, asker.limit)
        found = list(
            rows.filter(account__arr_reporting__isnull=False).order_by("-account__arr_reporting")[:most]
        )
        if len(found) < most:
            found += rows.filter(account__arr_reporting=None).order_by("pk")[: most - len(found)]
        year, week, _ = day_of(asker.now).isocalendar()
        return [
            Offer(
                key=f"check-in:{row.account_id}:{year}-{week}",
                what="Say how it feels",
                why=f"{NAMES[row.band]}, and nobody checked in for a week.",
                deed="check_in",
                subject=f"account:{row.account.key}",
                stake=stake(row.account),
                due_at=asker.week_ends,
            )
            for row in found
        ]


@specs.impl
def waiting() -> Sequence[Source]:
    """Its sources of Today."""
    return (Falls(), CheckIns())
