"""Reads of what arrived."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from keepwell.access.scopes import Scope
from keepwell.ledger import models


@dataclass(frozen=True)
class ArrivalsView:
    """One source's arrivals on one day; what each count means stands with the table."""

    source: str
    day: date
    events: int
    late: int
    future: int
    out_of_order: int
    duplicates: int
    conflicts: int
    rejected: int
    rows: int


def newest(*, sources: Collection[str]) -> dict[str, datetime]:
    """By source the latest moment that its events told of so far. One query."""
    rows = models.Arrivals.objects.filter(source__in=sources, newest_at__isnull=False)
    return dict(rows.values_list("source").annotate(newest=Max("newest_at")))


def by_day(
    *, seen_by: Scope, since: date, until: date, source: str | None = None
) -> tuple[ArrivalsView, ...]:
    """The arrivals of since ≤ day < until, by source and day; none for those who may not import. One query."""
    if not seen_by.may("data.import"):
        return ()
    rows = models.Arrivals.objects.filter(day__gte=since, day__lt=until)
    if source is not None:
        rows = rows.filter(source=source)
    names = tuple(ArrivalsView.__dataclass_fields__)
    return tuple(ArrivalsView(*row) for row in rows.order_by("source", "day").values_list(*names))


def events_by_day(*, since: date) -> list[tuple[str, date, int]]:
    """(source, day, events) of every source from a day on, for the stages above. One query."""
    rows = models.Arrivals.objects.filter(day__gte=since).order_by("source", "day")
    return list(rows.values_list("source", "day", "events"))


def hours_by_day(*, since: date) -> list[tuple[str, date, int]]:
    """(source, day, hours as bits) of every source from a day on, for the stages above. One query."""
    rows = models.Arrivals.objects.filter(day__gte=since).order_by("source", "day")
    return list(rows.values_list("source", "day", "hours"))
