"""Judge each source's days against its past, and learn how often it sends."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.formulas import cadence, volume
from keepwell.intake.queries import sources
from keepwell.kernel import errors, figures
from keepwell.kernel.moments import DAY, start_of
from keepwell.ledger.queries import arrivals

REACH_DAYS = volume.MOST_WEEKS * volume.WEEK
CADENCE_DAYS = cadence.MOST_WEEKS * volume.WEEK
MOST_HOURS = 24 * 366
HOUR = timedelta(hours=1)

Counts = Mapping[date, int]


def judge(*, days: Sequence[date]) -> None:
    """Judge days (ascending, consecutive, over): each source as a whole, and each event name. Six queries."""
    since = days[0] - DAY * (REACH_DAYS + 1)
    ids = dict(models.Source.objects.values_list("slug", "pk"))
    totals: dict[int, dict[date, int]] = {}
    for slug, day, events in arrivals.events_by_day(since=since):
        if slug in ids:
            totals.setdefault(ids[slug], {})[day] = events
    judged = [row for source, counts in totals.items() for row in _source_days(source, counts, days)]
    named: dict[tuple[int, str], dict[date, int]] = {}
    for source, name, day, events in models.NameDay.objects.filter(day__gte=since).values_list(
        "seen__source", "seen__name", "day", "events"
    ):
        named.setdefault((source, name), {})[day] = events
    rates = {source: volume.RATE / sum(s == source for s, _ in named) for source in {s for s, _ in named}}
    judged += [
        row
        for (source, name), counts in named.items()
        for row in _unusual_days(source, name, counts, days, rates[source])
    ]
    models.Volume.objects.filter(day__in=days).delete()
    models.Volume.objects.bulk_create(judged, batch_size=5000)


def _source_days(source: int, counts: Counts, days: Sequence[date]) -> Iterator[models.Volume]:
    for day in days:
        if min(counts) > day:
            continue
        known, events = volume.past(_before(counts, day)), counts.get(day, 0)
        row = models.Volume(source_id=source, day=day, events=events, verdict="unjudged")
        if known is not None:
            row.low, row.expected, row.high = volume.usual(known)
            row.verdict = volume.judge(events, known)
        yield row


def _unusual_days(
    source: int, name: str, counts: Counts, days: Sequence[date], rate: float
) -> Iterator[models.Volume]:
    for day in days:
        known, events = volume.past(_before(counts, day)), counts.get(day, 0)
        if known is None or (verdict := volume.judge(events, known, rate=rate)) == "usual":
            continue
        low, expected, high = volume.usual(known, rate=rate)
        yield models.Volume(
            source_id=source,
            name=name,
            day=day,
            events=events,
            expected=expected,
            low=low,
            high=high,
            verdict=verdict,
        )


def _before(counts: Counts, day: date) -> list[int]:
    """The dense counts of the days before one; the first day of all may have begun late, so it is left out."""
    first = max(min(counts) + DAY, day - DAY * REACH_DAYS)
    return [counts.get(first + DAY * offset, 0) for offset in range((day - first).days)]


def learn_cadences(*, at: datetime) -> None:
    """Learn how often each source sends, up to a moment. Three queries."""
    found: dict[str, list[int]] = {}
    for slug, day, hours in arrivals.hours_by_day(since=at.date() - DAY * (CADENCE_DAYS + 7)):
        first = day.toordinal() * 24
        found.setdefault(slug, []).extend(first + hour for hour in range(24) if hours >> hour & 1)
    rows = []
    for source in models.Source.objects.all():
        hours_heard = found.get(source.slug, [])
        learned = cadence.learn(hours_heard)
        rows.append(
            models.Cadence(
                source=source,
                usual_hours=learned and learned.usual_hours,
                limit_hours=learned and learned.limit_hours,
                last_arrival_at=_last(source.last_event_at, hours_heard),
            )
        )
    models.Cadence.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source"],
        update_fields=["usual_hours", "limit_hours", "last_arrival_at"],
    )


def _last(heard_at: datetime | None, hours: Sequence[int]) -> datetime | None:
    if not hours:
        return heard_at
    by_hour = start_of(date.fromordinal(hours[-1] // 24)) + HOUR * (hours[-1] % 24)
    return by_hour if heard_at is None else max(by_hour, heard_at)


def declare_cadence(*, slug: str, hours: int | None, by: Scope, at: datetime) -> None:
    """Say how many hours a source may be silent: 0 when nothing is expected of it, None to go by what was learned."""
    by.require("data.import")
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        raise errors.Invalid(
            "A cadence has 0 to %(most_hours)s hours, not %(hours)s.",
            most_hours=figures.Whole(MOST_HOURS),
            hours=figures.Whole(hours),
        )
    source = sources.find(slug=slug, seen_by=by)
    models.Cadence.objects.update_or_create(source_id=source.source_id, defaults={"declared_hours": hours})
    audit.record(by=by, at=at, deed="source.cadence", subject=f"source:{slug}", hours=hours)
