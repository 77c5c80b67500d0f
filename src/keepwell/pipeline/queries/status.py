"""How current the numbers are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keepwell.ledger.queries import state
from keepwell.pipeline import models

ALIVE = timedelta(seconds=30)


@dataclass(frozen=True)
class Status:
    """The ledger's state, and up to where and when the stages last ran; when the relay last gave a sign of life."""

    ledger: state.LedgerState
    computed_batch: int
    computed_day: date | None
    advanced_at: datetime | None
    failure: str
    relayed_at: datetime | None
    relay_failure: str


def current() -> Status:
    """Two queries and one look at the lake's log."""
    marks = {mark.slug: mark for mark in models.Watermark.objects.all()}
    mark, relay = marks.get("scores"), marks.get("relay")
    return Status(
        ledger=state.current(),
        computed_batch=mark.batch if mark else 0,
        computed_day=mark.day if mark else None,
        advanced_at=mark.advanced_at if mark else None,
        failure=mark.failure if mark else "",
        relayed_at=relay.advanced_at if relay else None,
        relay_failure=relay.failure if relay else "",
    )


@dataclass(frozen=True)
class Verification:
    """When everything was last computed anew and held against what stood, for how many accounts, and what differed."""

    at: datetime
    accounts: int
    difference: str


def verification() -> Verification | None:
    """The last full recomputation; None before the first. One query."""
    mark = models.Watermark.objects.filter(slug="verification").first()
    if mark is None or mark.advanced_at is None:
        return None
    return Verification(mark.advanced_at, mark.batch, mark.failure)


def relay_works(*, at: datetime) -> bool:
    """Whether a relay gave a sign of life of late. One query."""
    return models.Watermark.objects.filter(slug="relay", failure="", advanced_at__gt=at - ALIVE).exists()


def relay_failure() -> str:
    """What keeps the relay from going on; empty when nothing does. One query."""
    return models.Watermark.objects.filter(slug="relay").values_list("failure", flat=True).first() or ""


def relay_must_work(*, at: datetime) -> None:
    """Raise unless a relay works."""
    if not relay_works(at=at):
        raise RuntimeError("no relay carried on in the last half minute; keepwell doctor says why")
