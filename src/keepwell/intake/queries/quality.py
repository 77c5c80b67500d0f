"""Reads of how well sources send, and of what changed in what they send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, Sum

from keepwell.access.scopes import Scope
from keepwell.intake import models, words
from keepwell.intake.formulas import cadence, volume
from keepwell.kernel import errors
from keepwell.kernel.moments import DAY
from keepwell.ledger.queries import arrivals
from keepwell.ledger.queries.arrivals import ArrivalsView

LEAST_DAYS = volume.LEAST_WEEKS * volume.WEEK
LEAST_CADENCE_WEEKS = cadence.LEAST_WEEKS
SPARK_DAYS = 28
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class SourceQuality:
    """A source: how often it should send and when it did, how much, and what changed.

    `verdict` is that of `judged_day`, the last day that is over: usual, low, high or unjudged. `limit_hours` is the silence
    from which on it is overdue: declared, else learned; None where neither is known, 0 where nothing is expected.
    """

    slug: str
    name: str
    last_arrival_at: datetime | None
    declared_hours: int | None
    usual_hours: float | None
    limit_hours: float | None
    is_overdue: bool
    judged_day: date | None
    events: int
    expected: float | None
    low: int | None
    high: int | None
    verdict: str
    unusual_names: int
    open_drifts: int
    days: tuple[int, ...]
    late: int
    duplicates: int
    rejected: int

    @property
    def cadence_words(self) -> str:
        """How often it is expected, as after "every"."""
        return words.cadence(self.declared_hours, self.usual_hours)

    @property
    def volume_words(self) -> str:
        """The last day that is over against what is usual."""
        return words.volume(self.events, self.low, self.high)


@dataclass(frozen=True)
class VolumeView:
    """A judged day of a source (`name` empty) or of one of its event names."""

    name: str
    day: date
    events: int
    expected: float | None
    low: int | None
    high: int | None
    verdict: str


@dataclass(frozen=True)
class DriftView:
    """A change of what a source sends."""

    drift_id: int
    source: str
    kind: str
    name: str
    property_name: str
    detail: str
    found_at: datetime
    ended_at: datetime | None
    acknowledged_by: str
    is_acknowledged: bool

    @property
    def sentence(self) -> str:
        """The change in words."""
        return words.drift(self.kind, self.name, self.property_name, self.detail)


@dataclass(frozen=True)
class PropertyView:
    """A property of an event name: its JSON types, in which share of the events it stood, when last."""

    name: str
    kinds: tuple[str, ...]
    share: float
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class NameView:
    """An event name that a source sends, with its properties by share."""

    name: str
    is_usage: bool
    events: int
    looked: int
    first_at: datetime
    last_at: datetime
    properties: tuple[PropertyView, ...]


def overview(*, seen_by: Scope, at: datetime, source: str | None = None) -> tuple[SourceQuality, ...]:
    """Every source, or one, as of now; none for those who may not import. Five queries whatever the number."""
    if not seen_by.may("data.import"):
        return ()
    sources = models.Source.objects.order_by("name", "slug")
    if source is not None:
        sources = sources.filter(slug=source)
    found = list(sources)
    since = at.date() - DAY * SPARK_DAYS
    days: dict[str, list[ArrivalsView]] = {}
    for row in arrivals.by_day(seen_by=seen_by, since=since, until=at.date() + DAY, source=source):
        days.setdefault(row.source, []).append(row)
    ids = [row.pk for row in found]
    cadences = models.Cadence.objects.in_bulk(ids)
    judged: dict[int, list[models.Volume]] = {}
    for verdict in models.Volume.objects.filter(source__in=ids, day=at.date() - DAY):
        judged.setdefault(verdict.source_id, []).append(verdict)
    open_ones = models.Drift.objects.filter(_OPEN, source__in=ids)
    drifts = dict(open_ones.values_list("source").annotate(n=Count("pk")))
    return tuple(
        _quality(
            row,
            cadences.get(row.pk) or models.Cadence(source=row),
            judged.get(row.pk, []),
            drifts.get(row.pk, 0),
            days.get(row.slug, []),
            at,
        )
        for row in found
    )


_OPEN = Q(ended_at=None, acknowledged_at=None)


def find(*, slug: str, seen_by: Scope, at: datetime) -> SourceQuality:
    """One source as of now. Five queries."""
    found = overview(seen_by=seen_by, at=at, source=slug)
    if not found:
        raise errors.NotFound('There is no source "%(slug)s".', slug=slug)
    return found[0]


def overdue(*, at: datetime) -> tuple[str, ...]:
    """The slugs of the sources that are overdue, for the doctor. One query."""
    rows = models.Cadence.objects.select_related("source").order_by("source__slug")
    return tuple(row.source.slug for row in rows if _is_overdue(row, at))


def volumes(
    *, seen_by: Scope, source: str, since: date, until: date, names: bool = False
) -> tuple[VolumeView, ...]:
    """The judged days since ≤ day < until of a source, or with `names` those of its events that were unusual. One query."""
    if not seen_by.may("data.import"):
        return ()
    rows = models.Volume.objects.filter(source__slug=source, day__gte=since, day__lt=until)
    rows = rows.exclude(name="") if names else rows.filter(name="")
    return tuple(
        VolumeView(*row)
        for row in rows.order_by("day", "name").values_list(
            "name", "day", "events", "expected", "low", "high", "verdict"
        )
    )


def drifts(
    *, seen_by: Scope, source: str | None = None, only_open: bool = False, limit: int = 200
) -> tuple[DriftView, ...]:
    """Changes of what sources send, those that nobody acknowledged first, then the latest. One query."""
    if not seen_by.may("data.import"):
        return ()
    rows = models.Drift.objects.select_related("source", "acknowledged_by")
    if source is not None:
        rows = rows.filter(source__slug=source)
    if only_open:
        rows = rows.filter(_OPEN)
    ordered = rows.order_by(
        F("acknowledged_at").asc(nulls_first=True), F("ended_at").asc(nulls_first=True), "-found_at", "pk"
    )
    return tuple(_drift(row) for row in ordered[:limit])


def names(*, seen_by: Scope, source: str) -> tuple[NameView, ...]:
    """The event names that a source sends, most frequent first, with their properties. Two queries."""
    if not seen_by.may("data.import"):
        return ()
    found = list(models.NameSeen.objects.filter(source__slug=source).order_by("-events", "name"))
    properties: dict[int, list[models.PropertySeen]] = {}
    for row in models.PropertySeen.objects.filter(seen__source__slug=source).order_by("name", "kind"):
        properties.setdefault(row.seen_id, []).append(row)
    return tuple(
        NameView(
            row.name,
            row.is_usage,
            row.events,
            row.looked,
            row.first_at,
            row.last_at,
            _properties(properties.get(row.pk, []), row.looked),
        )
        for row in found
    )


def event_names(*, limit: int = 200) -> tuple[str, ...]:
    """How sources call what they track of the product's use, most frequent first: what a form suggests. One query."""
    rows = models.NameSeen.objects.filter(is_usage=True).values("name").annotate(n=Sum("events"))
    return tuple(row["name"] for row in rows.order_by("-n", "name")[:limit])


def _properties(rows: Sequence[models.PropertySeen], looked: int) -> tuple[PropertyView, ...]:
    by_name: dict[str, list[models.PropertySeen]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    views = [
        PropertyView(
            name,
            tuple(sorted(row.kind for row in kinds)),
            sum(row.times for row in kinds) / max(1, looked),
            min(row.first_at for row in kinds),
            max(row.last_at for row in kinds),
        )
        for name, kinds in by_name.items()
    ]
    return tuple(sorted(views, key=lambda view: (-view.share, view.name)))


def _quality(
    source: models.Source,
    known: models.Cadence,
    judged: Sequence[models.Volume],
    open_drifts: int,
    days: Sequence[ArrivalsView],
    at: datetime,
) -> SourceQuality:
    whole = next((row for row in judged if row.name == ""), models.Volume(events=0, verdict="unjudged"))
    counts = {row.day: row.events for row in days}
    first = at.date() - DAY * (SPARK_DAYS - 1)
    return SourceQuality(
        slug=source.slug,
        name=source.name,
        last_arrival_at=known.last_arrival_at or source.last_event_at,
        declared_hours=known.declared_hours,
        usual_hours=known.usual_hours,
        limit_hours=_limit(known),
        is_overdue=_is_overdue(known, at),
        judged_day=whole.day if whole.pk else None,
        events=whole.events,
        expected=whole.expected,
        low=whole.low,
        high=whole.high,
        verdict=whole.verdict,
        unusual_names=sum(row.name != "" for row in judged),
        open_drifts=open_drifts,
        days=tuple(counts.get(first + DAY * offset, 0) for offset in range(SPARK_DAYS)),
        late=sum(row.late for row in days),
        duplicates=sum(row.duplicates for row in days),
        rejected=sum(row.rejected + row.conflicts for row in days),
    )


def _limit(known: models.Cadence) -> float | None:
    return known.limit_hours if known.declared_hours is None else float(known.declared_hours)


def _is_overdue(known: models.Cadence, at: datetime) -> bool:
    limit = _limit(known)
    return bool(limit and known.last_arrival_at and at - known.last_arrival_at > limit * HOUR)


def _drift(row: models.Drift) -> DriftView:
    return DriftView(
        row.pk,
        row.source.slug,
        row.kind,
        row.name,
        row.property,
        row.detail,
        row.found_at,
        row.ended_at,
        str(row.acknowledged_by) if row.acknowledged_by else "",
        row.acknowledged_at is not None,
    )
