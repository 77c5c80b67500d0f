"""Carry new facts through the stages; or compute everything anew, with the same result."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from keepwell.access.scopes import system
from keepwell.health.actions import paths, scores
from keepwell.hooks import registry
from keepwell.intake.actions import clashes
from keepwell.ledger.actions import accounts, departures, relay
from keepwell.ledger.queries import state, touched
from keepwell.metrics.actions import values
from keepwell.outcomes.actions import stays
from keepwell.pipeline import lock, models
from keepwell.plays.actions import deliveries, incidents
from keepwell.plays.models import Incident
from keepwell.search.actions import index
from keepwell.segments.actions import memberships
from keepwell.signals.actions import looking

STAGE = "scores"
PIPELINE = system(through="pipeline")


class Advanced(NamedTuple):
    """What one run did: events carried to the lake, accounts that new events concerned, incidents opened."""

    events: int
    accounts: int
    incidents: int


def advance(*, at: datetime, carry: bool = True, defer: bool = False) -> Advanced:
    """Bring every number up to a moment: new events concern their accounts, a new day concerns everybody.

    What waits in the outbox is carried first, unless that is seen to elsewhere. With `defer` the histories of defined metrics
    and segments that are new or say something else are left to `histories.compute`.
    """
    with lock.exclusive():
        carried = _carried(at) if carry else 0
        mark, _ = models.Watermark.objects.get_or_create(slug=STAGE)
        with _noting_failure(mark, at), state.held() as held:
            new = touched.after(batch=mark.batch)
            left = departures.note(after_batch=mark.batch)
            accounts.restate(on=at.date(), account_ids=left if mark.day == at.date() else None)
            since = _compute(new.since, at, held, defer=defer, after_batch=mark.batch, signed=new.signed)
            opened = len(answer(since, at).opened)
        _note_done(at, new.batch)
        index.catch_up()
        carried += _carried(at) if carry else 0
    return Advanced(carried, len(new.since), opened)


class Answered(NamedTuple):
    """What the rules noticed, and the incidents that opened."""

    looked: looking.Looked
    opened: list[Incident]


def answer(since: Mapping[int, date] | None, at: datetime) -> Answered:
    """Let the rules look (None: at everybody), note whom to tell, and open the incidents that they ask for; all or none."""
    with transaction.atomic():
        looked = looking.look(since_by_account=since, at=at)
        deliveries.plan(firings=looked.fired, at=at)
        return Answered(looked, incidents.open_from(firings=looked.fired, at=at, by=PIPELINE))


def rebuild(*, at: datetime) -> Advanced:
    """Compute every stored number anew from the whole ledger; nothing is fired, for nothing happened."""
    with lock.exclusive():
        carried = _carried(at)
        mark, _ = models.Watermark.objects.get_or_create(slug=STAGE)
        with _noting_failure(mark, at), state.held() as held:
            departures.note(after_batch=0)
            accounts.restate(on=at.date())
            _compute(None, at, held)
        _note_done(at, held.batch)
        index.rebuild()
    return Advanced(carried, 0, 0)


def _carried(at: datetime) -> int:
    carried = relay.all_waiting(at=at)
    clashes.collect()
    return carried


@contextmanager
def _noting_failure(mark: models.Watermark, at: datetime) -> Iterator[None]:
    """Leave word of what stopped a run, for whoever asks why the numbers stand still."""
    try:
        yield
    except Exception as failure:
        said = f"{type(failure).__name__}: {failure}"[:2000]
        models.Watermark.objects.filter(pk=mark.pk).update(failure=said, failed_at=at)
        raise


def _note_done(at: datetime, batch: int) -> None:
    models.Watermark.objects.filter(pk=STAGE).update(
        batch=batch, day=at.date(), advanced_at=at, failure="", failed_at=None
    )


def asked() -> frozenset[str]:
    """The metrics by which somebody judges: their history is stored."""
    return frozenset(metric for use in registry.uses() if use.judges for metric in use.metrics)


def _compute(
    since: Mapping[int, date] | None,
    at: datetime,
    held: state.Held,
    *,
    defer: bool = False,
    after_batch: int | None = None,
    signed: frozenset[int] = frozenset(),
) -> Mapping[int, date] | None:
    """Gives from which day on whose numbers may be others; None: everybody's."""
    done = values.refresh(
        since_by_account=since, as_of=at.date(), keep=asked(), defer=defer, after_batch=after_batch
    )
    since = done.since_by_account
    scores.refresh(
        since_by_account=since, as_of=at.date(), at=at, batch=held.batch, lake_version=held.version
    )
    memberships.refresh(since_by_account=since, as_of=at.date(), defer=defer)
    paths.refresh(since_by_account=since, signed=signed, as_of=at.date())
    stays.refresh(since_by_account=since, signed=signed, as_of=at.date())
    return since
