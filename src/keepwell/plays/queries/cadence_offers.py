"""What of the cadence waits for a person: accounts with which nobody spoke as often as is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from keepwell.health.formulas import portfolio
from keepwell.health.models import Path
from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.moments import day_of, end_of
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake
from keepwell.plays.queries import cadences
from keepwell.plays.queries.cadences import StandingView

MOST = 25
LAST_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Broken:
    """Accounts whose cadence is broken, the largest ARR first."""

    slug: str = "cadence"
    title: str = speech.later("Cadence")
    sentence: str = speech.later(
        "An account with which nobody spoke as often as its band, tier and phase ask."
    )
    share: float = 0.05
    hours: float = 0.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """Eight queries at most, two where nothing is broken; the largest by ARR alone where there are many."""
        late = Path.objects.filter(cadence="late")
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
        broken = mine.filter(former=False, pk__in=late.values("pk")).order_by("-arr_reporting", "pk")
        found = list(broken[: min(asker.limit, MOST)])
        if not found:
            return []
        letters = dict(Path.objects.filter(pk__in=[row.pk for row in found]).values_list("pk", "bands"))
        bands = {pk: portfolio.BANDS.get(path[-1:], "none") for pk, path in letters.items()}
        stands = cadences.standings(
            account_ids=list(bands), bands=bands, day=day_of(asker.now), back_days=400
        )
        return [_offer(row, stands[row.pk]) for row in found if stands[row.pk].broken]


def _offer(account: Account, standing: StandingView) -> Offer:
    first = standing.broken[0]
    due = first.due
    said = (
        speech.told("%(rule)s: due by %(day)s", rule=cadences.rule_said(first.duty), day=date_said(due))
        if due is not None
        else speech.told("%(rule)s: there was none", rule=cadences.rule_said(first.duty))
    )
    return Offer(
        key=f"cadence:{account.pk}:{due or 'never'}",
        what=speech.told("Speak with them"),
        why=f"{said}.",
        deed="meet",
        subject=f"account:{account.key}",
        stake=stake(account),
        due_at=None if due is None else end_of(due) - LAST_SECOND,
    )


@specs.impl
def waiting() -> Sequence[Source]:
    """Its source of Today."""
    return (Broken(),)
