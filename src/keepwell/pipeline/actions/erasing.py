"""Carry an erasure to its end while nothing else writes numbers or the lake."""

from datetime import datetime

from keepwell.ledger.actions import erasures, relay
from keepwell.pipeline import lock


def run(*, certificate_id: int, at: datetime) -> bool:
    """Go on with an erasure, from wherever an earlier run was stopped; tells whether it is certified.

    Before it may be certified some seconds must have passed since it was ordered, so it takes at least two runs.
    """
    with lock.exclusive(), relay.alone():
        relay.all_waiting(at=at)
        return erasures.carry(certificate_id=certificate_id, at=at)
