"""What this stage has waiting for a person: accounts that fell, and check-ins that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from keepwell.health import models, words
from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of
from keepwell.ledger.models import Sentiment
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake

WEEK = timedelta(days=7)
FALLS = {"yellow": ("green",), "red": ("green", "yellow")}
NAMES = {
    "green": speech.later("Healthy"),
    "yellow": speech.later("Watch"),
    "red": speech.later("At risk"),
    "unknown": speech.later("Unknown"),
}
MOST_CHECK_INS = 5


@dataclass(frozen=True)
class Falls:
    """Accounts that fell into a worse band within the week."""

    slug: str = "falls"
    title: str = speech.later("Falls")
    sentence: str = speech.later(
        "An account of yours that fell into a worse band within the last seven days."
    )
    share: float = 0.4
    hours: float = 1.0

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """Two queries: all who fell lately, and those of them with most ARR.

        With a limit PostgreSQL would walk the accounts by ARR until it met enough: past all of them when few fell.
        """
        ways = Q(band="red", previous_band__in=FALLS["red"]) | Q(
            band="yellow", previous_band__in=FALLS["yellow"]
        )
        fell = models.Standing.objects.filter(ways, since__gte=asker.now - WEEK, account__line__former=False)
        if asker.owner_id is not None or not asker.seen_by.everything:
            mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
            fell = fell.filter(account__in=mine)
        largest_first = fell.order_by(F("account__line__arr").desc(nulls_last=True), "pk")
        shown = list(largest_first.values_list("pk", flat=True))[: asker.limit]
        rows = models.Standing.objects.select_related("account", "score").in_bulk(shown)
        return [self._offer(rows[pk], asker) for pk in shown]

    def _offer(self, row: models.Standing, asker: Asker) -> Offer:
        days = (day_of(asker.now) - day_of(row.since)).days
        when = {0: speech.told("today"), 1: speech.told("yesterday")}.get(
            days, speech.told("%(days)s days ago", days=days)
        )
        why = words.worst(row.score.parts)
        return Offer(
            key=f"fall:{row.account_id}:{row.since.isoformat()}",
            what=speech.told("Look why health fell to %(names)s", names=NAMES[row.band]),
            why=speech.told("From %(names)s %(when)s", names=NAMES[row.previous_band], when=when)
            + (f": {why}." if why else "."),
            deed="look",
            subject=f"account:{row.account.key}",
            stake=stake(row.account),
        )


@dataclass(frozen=True)
class CheckIns:
    """Accounts at risk whose owner said nothing for a week."""

    slug: str = "check-ins"
    title: str = speech.later("Check-ins")
    sentence: str = speech.later(
        "An account that is not healthy and had no check-in for a week; the five with most ARR."
    )
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
                what=speech.told("Say how it feels"),
                why=speech.told("%(names)s, and nobody checked in for a week.", names=NAMES[row.band]),
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
