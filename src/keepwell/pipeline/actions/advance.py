"""Carry new facts through the stages; or compute everything anew, with the same result."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from keepwell.access.scopes import system
from keepwell.health.actions import scores
from keepwell.ledger.actions import accounts, relay
from keepwell.ledger.queries import state, touched
from keepwell.metrics.actions import values
from keepwell.pipeline import lock, models
from keepwell.plays.actions import incidents
from keepwell.signals.actions import rules

STAGE = "scores"
PIPELINE = system(through="pipeline")


class Advanced(NamedTuple):
    """What one run did: events carried to the lake, accounts that new events concerned, incidents opened."""

    events: int
    accounts: int
    incidents: int


def advance(*, at: datetime) -> Advanced:
    """Bring every number up to a moment: new events concern their accounts, a new day concerns everybody."""
    with lock.exclusive():
        carried = relay.all_waiting(at=at)
        mark, _ = models.Watermark.objects.get_or_create(slug=STAGE)
        new = touched.after(batch=mark.batch)
        if mark.day != at.date():
            accounts.restate(on=at.date())
        _compute(new.since, at, new.batch)
        with transaction.atomic():
            opened = incidents.open_from(firings=rules.evaluate(), at=at, by=PIPELINE)
        models.Watermark.objects.filter(pk=mark.pk).update(batch=new.batch, day=at.date(), advanced_at=at)
        carried += relay.all_waiting(at=at)
    return Advanced(carried, len(new.since), len(opened))


def rebuild(*, at: datetime) -> Advanced:
    """Compute every stored number anew from the whole ledger; nothing is fired, for nothing happened."""
    with lock.exclusive():
        carried = relay.all_waiting(at=at)
        batch = state.current().batch
        _compute(None, at, batch)
        models.Watermark.objects.update_or_create(
            slug=STAGE, defaults={"batch": batch, "day": at.date(), "advanced_at": at}
        )
    return Advanced(carried, 0, 0)


def _compute(since: Mapping[int, date] | None, at: datetime, batch: int) -> None:
    values.refresh(since_by_account=since, as_of=at.date())
    scores.refresh(since_by_account=since, as_of=at.date(), at=at, batch=batch)
