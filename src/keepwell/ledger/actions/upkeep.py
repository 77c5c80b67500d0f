"""Keep the lake in order."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.figures import measured
from keepwell.ledger import lake, models
from keepwell.ledger.actions import relay

log = logging.getLogger(__name__)


def outdated() -> bool:
    """Whether an earlier version wrote the lake. One look at its log; a damaged one is for the repair."""
    try:
        return lake.outdated()
    except lake.LakeDamaged:
        return False


def settle() -> int:
    """Sort the months in which much came since they were; gives how many. Nobody need wait for it meanwhile."""
    return lake.settle()


def bring_up_to_date() -> bool:
    """Write the lake in today's columns if it is not; the caller holds the pipeline's lock. Tells whether it did."""
    with relay.alone():
        return lake.bring_up_to_date()


def after_power_cut() -> None:
    """Take the end of the lake's log away that a power cut left torn, so that the relay goes on by itself."""
    with relay.alone():
        done = models.RelayBatch.objects.exclude(lake_version=None).aggregate(last=Max("number"))
        for name in lake.cut_torn_end(carried=done["last"] or 0):
            log.warning("_delta_log/%s was torn, as by a power cut, and set aside; nothing is lost", name)


def repair(*, by: Scope, at: datetime) -> list[str]:
    """Set damaged files aside, put back what lies elsewhere; tells in lines what was done and what is gone.

    The relay waits meanwhile; what is acknowledged waits in the outbox.
    """
    by.require("data.import")
    with relay.alone():
        unfinished = models.RelayBatch.objects.filter(lake_version=None)
        done = lake.repair(waiting=list(unfinished.values_list("number", flat=True)))
    lines = [f"_delta_log/{name} was set aside in quarantine." for name in done.log_files]
    if done.found_again:
        lines.append(
            f"{measured(done.found_again, 'events')} {'was' if done.found_again == 1 else 'were'} taken in again "
            "from files that the log had lost."
        )
    for mended in done.files:
        gone = f"{mended.missing:,} are gone" if mended.missing else "none is gone"
        lines.append(f"{mended.file}: {mended.recovered:,} of them were put back, {gone}.")
    with transaction.atomic():
        audit.record(by=by, at=at, deed="lake.repair", subject=f"lake:{len(done.files)}")
    return lines or ["Nothing was damaged."]
