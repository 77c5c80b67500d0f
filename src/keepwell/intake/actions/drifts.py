"""Tell changes of what sources send; acknowledge them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Min, Sum

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.formulas import shapes
from keepwell.kernel import errors
from keepwell.kernel.moments import DAY

# A name is missed only after it was known for so many days of its source.
LEAST_DAYS = 14
# A property is missed only after it was usual, and after so long without it.
USUAL_SHARE, MISSED_AFTER = 0.2, timedelta(days=2)


class Told(NamedTuple):
    """A change of what a source sends."""

    source_id: int
    kind: str
    name: str = ""
    property: str = ""
    detail: str = ""


def tell(found: Iterable[Told], *, at: datetime) -> None:
    """Keep each change once for as long as it lasts. One query."""
    models.Drift.objects.bulk_create(
        [models.Drift(**told._asdict(), found_at=at) for told in dict.fromkeys(found)], ignore_conflicts=True
    )


def add_days(rows: Sequence[tuple[int, date, int]]) -> None:
    """Add to the daily counts of event names: (name's row, day, events), each pair once. One query."""
    if not rows:
        return
    ids, days, events = zip(*sorted(rows), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_nameday AS d (seen_id, day, events) "
            "SELECT * FROM unnest(%s::bigint[], %s::date[], %s::bigint[]) "
            "ON CONFLICT (seen_id, day) DO UPDATE SET events = d.events + excluded.events",
            [list(ids), list(days), list(events)],
        )


def look_for_stops(*, at: datetime) -> None:
    """Tell which names and properties that were usual stopped while their source goes on; end what came back.

    Eight queries.
    """
    missed = [*_stopped_names(), *_stopped_properties()]
    stopped = models.Drift.objects.filter(kind__in=("name_stopped", "property_stopped"), ended_at=None)
    still = set(missed)
    back = [
        drift.pk
        for drift in stopped
        if Told(drift.source_id, drift.kind, drift.name, drift.property) not in still
    ]
    models.Drift.objects.filter(pk__in=back).update(ended_at=at)
    tell(missed, at=at)


def _stopped_names() -> Iterable[Told]:
    """Names that were on so many of their source's days that the days since without them are no chance."""
    days: dict[int, list[date]] = {}
    for seen, day in models.NameDay.objects.order_by("seen", "day").values_list("seen", "day"):
        days.setdefault(seen, []).append(day)
    names = [
        row
        for row in models.NameSeen.objects.values_list("pk", "source", "name", "is_usage")
        if row[0] in days
    ]
    of_source: dict[int, set[date]] = {}
    for pk, source, _, _ in names:
        of_source.setdefault(source, set()).update(days[pk])
    for pk, source, name, is_usage in names:
        had = days[pk]
        before = sum(had[0] <= day <= had[-1] for day in of_source[source])
        since = sum(day > had[-1] for day in of_source[source])
        # One day more without it than there were, so that a name of every day is not missed at once.
        share = len(had) / (before + 1)
        if is_usage and before >= LEAST_DAYS and shapes.is_missed(share=share, events=since):
            yield Told(source, "name_stopped", name)


def _stopped_properties() -> Iterable[Told]:
    rows = (
        models.PropertySeen.objects.values(
            "seen__source", "seen__name", "name", "seen__looked", "seen__last_at"
        )
        .annotate(times=Sum("times"), missing=Min("missing"), last_at=Max("last_at"))
        .filter(missing__gt=0)
    )
    for row in rows:
        share = row["times"] / max(1, row["seen__looked"] - row["missing"])
        long_ago = row["seen__last_at"] - row["last_at"] >= MISSED_AFTER
        if share >= USUAL_SHARE and long_ago and shapes.is_missed(share=share, events=row["missing"]):
            yield Told(row["seen__source"], "property_stopped", row["seen__name"], row["name"])


def acknowledge(*, drift_id: int, by: Scope, at: datetime) -> str:
    """Somebody knows about a change; it stays on the page of its source, whose slug this gives, as acknowledged."""
    by.require("data.import")
    with transaction.atomic():
        drift = models.Drift.objects.filter(pk=drift_id)
        slug = drift.values_list("source__slug", flat=True).first()
        if slug is None:
            raise errors.NotFound("There is no change %(drift_id)s.", drift_id=drift_id)
        if drift.filter(acknowledged_at=None).update(acknowledged_at=at, acknowledged_by=by.user_id):
            audit.record(by=by, at=at, deed="drift.acknowledge", subject=f"drift:{drift_id}")
    return slug


def forget_days(*, before: date) -> None:
    """Drop the daily counts of event names that nothing looks at any more."""
    models.NameDay.objects.filter(day__lt=before).delete()
    models.Volume.objects.filter(day__lt=before - DAY * 300).delete()
