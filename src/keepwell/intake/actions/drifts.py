"""Tell changes of what sources send; acknowledge them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Min, Sum

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.formulas import cadence, shapes
from keepwell.kernel import errors
from keepwell.kernel.moments import DAY

HOURS_A_DAY = 24
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
    """Names silent for longer than their own cadence, held against the last day on which their source sent anything."""
    days: dict[int, list[int]] = {}
    for seen, day in models.NameDay.objects.order_by("seen", "day").values_list("seen", "day"):
        days.setdefault(seen, []).append(day.toordinal() * HOURS_A_DAY)
    names = list(models.NameSeen.objects.values_list("pk", "source", "name", "is_usage"))
    last: dict[int, int] = {}
    for pk, source, _, _ in names:
        last[source] = max(last.get(source, 0), days[pk][-1])
    for pk, source, name, is_usage in names:
        known = cadence.learn(days[pk])
        if is_usage and known and last[source] - days[pk][-1] > known.limit_hours:
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


def acknowledge(*, drift_id: int, by: Scope, at: datetime) -> None:
    """Somebody has seen a change and knows about it; it stays on the source's page as acknowledged."""
    by.require("data.import")
    with transaction.atomic():
        drift = models.Drift.objects.filter(pk=drift_id)
        if not drift.exists():
            raise errors.NotFound(f"There is no change {drift_id}.")
        if drift.filter(acknowledged_at=None).update(acknowledged_at=at, acknowledged_by=by.user_id):
            audit.record(by=by, at=at, deed="drift.acknowledge", subject=f"drift:{drift_id}")


def forget_days(*, before: date) -> None:
    """Drop the daily counts of event names that nothing looks at any more."""
    models.NameDay.objects.filter(day__lt=before).delete()
    models.Volume.objects.filter(day__lt=before - DAY * 300).delete()
