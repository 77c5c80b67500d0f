"""What of hand-overs waits for a person: those to them that they have not accepted."""

from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.kernel import speech
from keepwell.ledger.models import Account
from keepwell.ledger.queries.offers import stake
from keepwell.plays.queries import hand_overs


@dataclass(frozen=True)
class HandedOver:
    """Accounts that were handed to one."""

    slug: str = "handovers"
    title: str = speech.later("Hand-overs")
    sentence: str = speech.later("An account that was handed over to you and that you have not accepted.")
    share: float = 0.2
    hours: float = 1.0

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query, two where something waits."""
        if asker.user_id is None:
            return []
        found = hand_overs.waiting(user_id=asker.user_id, seen_by=asker.seen_by, limit=asker.limit)
        rows = Account.objects.in_bulk([one.account_id for one in found]) if found else {}
        return [
            Offer(
                key=f"handover:{one.id}",
                what=speech.told("Take over %(account)s", account=one.account_name),
                why=speech.told("Handed over by %(who)s.", who=one.giver or "–"),
                deed="do",
                subject=f"handover:{one.id}",
                stake=stake(rows[one.account_id]),
            )
            for one in found
        ]


@specs.impl
def waiting() -> Sequence[Source]:
    """Its source of Today."""
    return (HandedOver(),)
