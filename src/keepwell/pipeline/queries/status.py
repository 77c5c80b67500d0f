"""How current the numbers are."""

from dataclasses import dataclass
from datetime import date, datetime

from keepwell.ledger.queries import state
from keepwell.pipeline import models


@dataclass(frozen=True)
class Status:
    """The ledger's state, and up to where and when the stages last ran."""

    ledger: state.LedgerState
    computed_batch: int
    computed_day: date | None
    advanced_at: datetime | None
    failure: str


def current() -> Status:
    """Two queries and one look at the lake's log."""
    mark = models.Watermark.objects.first()
    return Status(
        ledger=state.current(),
        computed_batch=mark.batch if mark else 0,
        computed_day=mark.day if mark else None,
        advanced_at=mark.advanced_at if mark else None,
        failure=mark.failure if mark else "",
    )
