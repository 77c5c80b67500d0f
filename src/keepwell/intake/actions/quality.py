"""Bring everything that is said about the quality of data up to a moment."""

from datetime import date, datetime, timedelta

from django.db import transaction

from keepwell.intake import models
from keepwell.intake.actions import drifts, findings, learning, volumes
from keepwell.kernel.moments import DAY, end_of
from keepwell.ledger.queries import sightings

# What arrived at the end of a day has surely reached the lake an hour later.
SETTLED = timedelta(hours=1)
KEPT_DAYS = 100


def refresh(*, at: datetime) -> None:
    """Learn what new batches hold, judge the days that are over, check every account. Cheap when nothing is new.

    One transaction: interrupted anywhere it leaves what was, and a batch is learned once.
    """
    with transaction.atomic():
        models.QualityMark.objects.get_or_create()
        mark = models.QualityMark.objects.select_for_update().get()
        seen = sightings.after(batch=mark.batch, sample=learning.SAMPLE)
        learning.learn(seen, at=at)
        volumes.learn_cadences(at=at)
        if days := _to_judge(mark, at):
            volumes.judge(days=days)
            drifts.look_for_stops(at=at)
            drifts.forget_days(before=at.date() - DAY * KEPT_DAYS)
        findings.note_use(after_batch=0 if days else mark.batch)
        findings.refresh(at=at)
        mark.batch, mark.judged_day, mark.refreshed_at = seen.batch, at.date() - DAY, at
        models.QualityMark.objects.bulk_update([mark], ["batch", "judged_day", "refreshed_at"])


def _to_judge(mark: models.QualityMark, at: datetime) -> list[date]:
    """The days that are over and not judged, or judged before all of them had arrived; eight weeks back at most."""
    yesterday = at.date() - DAY
    first = yesterday - DAY * (volumes.REACH_DAYS - 1)
    if mark.judged_day is not None and mark.refreshed_at is not None:
        settled = mark.refreshed_at >= end_of(mark.judged_day) + SETTLED
        first = max(first, mark.judged_day + DAY if settled else mark.judged_day)
    return [first + DAY * offset for offset in range((yesterday - first).days + 1)]
