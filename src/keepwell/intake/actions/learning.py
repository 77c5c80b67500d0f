"""Learn from new batches of the lake which event names and properties a source sends, and tell what is new."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import polars as pl
from django.db.models import Count

from keepwell.intake import models
from keepwell.intake.actions import drifts
from keepwell.intake.formulas import shapes
from keepwell.ledger.queries.sightings import Sightings

SAMPLE = 500
MOST_NAMES, MOST_PROPERTIES = 1000, 100
# A name or property is new to a source that was known for so long without it.
NEW_AFTER = timedelta(days=14)

Key = tuple[int, str]


@dataclass
class _Known:
    """What is known of the sources concerned, and what is to be written."""

    sources: Mapping[str, int]
    since: dict[int, datetime]
    how_many: dict[int, int]
    names: dict[Key, models.NameSeen]
    told: list[drifts.Told] = field(default_factory=list)


def learn(seen: Sightings, *, at: datetime) -> None:
    """Take in what new batches hold, in the caller's transaction. Nine queries whatever the size."""
    sources = dict(
        models.Source.objects.filter(slug__in=seen.daily["source"].unique()).values_list("slug", "pk")
    )
    daily = seen.daily.filter(pl.col("source").is_in(list(sources)))
    if daily.is_empty():
        return
    known = _known(sources)
    _learn_names(known, daily, at)
    _count_days(known, daily)
    _learn_properties(known, seen.samples, at)
    drifts.tell(known.told, at=at)


def _known(sources: Mapping[str, int]) -> _Known:
    ids = list(sources.values())
    rows = models.NameSeen.objects.filter(source__in=ids)
    names = {(row.source_id, row.name): row for row in rows}
    since: dict[int, datetime] = {}
    for (source, _), row in names.items():
        since[source] = min(since.get(source, row.first_at), row.first_at)
    how_many = dict(rows.values_list("source").annotate(n=Count("pk")))
    return _Known(sources, since, how_many, names)


def _learn_names(known: _Known, daily: pl.DataFrame, at: datetime) -> None:
    named = daily.group_by("source", "name", maintain_order=True).agg(
        pl.col("events").sum(),
        pl.col("first_at").min(),
        pl.col("last_at").max(),
        pl.col("is_usage").any(),
    )
    touched: dict[Key, models.NameSeen] = {}
    for row in named.sort("first_at", "source", "name").iter_rows(named=True):
        source, name = known.sources[row["source"]], row["name"][:200]
        begin = known.since.setdefault(source, row["first_at"])
        found = known.names.get((source, name))
        if found is not None:
            found.events += row["events"]
            found.last_at = max(found.last_at, row["last_at"])
            touched[source, name] = found
        elif known.how_many.get(source, 0) >= MOST_NAMES:
            known.told.append(drifts.Told(source, "too_many_names", detail=str(MOST_NAMES)))
        else:
            known.how_many[source] = known.how_many.get(source, 0) + 1
            touched[source, name] = known.names[source, name] = models.NameSeen(
                source_id=source,
                name=name,
                is_usage=row["is_usage"],
                first_at=row["first_at"],
                last_at=row["last_at"],
                events=row["events"],
                looked=0,
            )
            if row["is_usage"] and _is_news(begin, row["first_at"], at):
                known.told.append(drifts.Told(source, "new_name", name))
    models.NameSeen.objects.bulk_create(
        touched.values(),
        update_conflicts=True,
        unique_fields=["source", "name"],
        update_fields=["last_at", "events"],
        batch_size=5000,
    )


def _is_news(begin: datetime, first_at: datetime, at: datetime) -> bool:
    """Whether something came after a time without it, and lately: what a backfill brings is no news."""
    return first_at - begin >= NEW_AFTER and at - first_at < NEW_AFTER


def _count_days(known: _Known, daily: pl.DataFrame) -> None:
    counts: Counter[tuple[int, date]] = Counter()
    for row in daily.iter_rows(named=True):
        seen = known.names.get((known.sources[row["source"]], row["name"][:200]))
        if seen is not None:
            counts[seen.pk, row["day"]] += row["events"]
    drifts.add_days([(seen_id, day, events) for (seen_id, day), events in counts.items()])


def _learn_properties(known: _Known, samples: pl.DataFrame, at: datetime) -> None:
    looked = {}
    for source, name, received, props in samples.iter_rows():
        seen = known.names.get((known.sources.get(source, 0), name[:200]))
        if seen is not None:
            looked[seen.pk] = (seen, received, [_decoded(text) for text in props])
    had: dict[int, dict[tuple[str, str], models.PropertySeen]] = {pk: {} for pk in looked}
    for row in models.PropertySeen.objects.filter(seen__in=list(looked)):
        had[row.seen_id][row.name, row.kind] = row
    for pk, (seen, received, events) in looked.items():
        _look(known, seen, had[pk], received, events, at)
    changed = [row for rows in had.values() for row in rows.values()]
    models.PropertySeen.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["seen", "name", "kind"],
        update_fields=["last_at", "times", "missing"],
        batch_size=5000,
    )
    models.NameSeen.objects.bulk_update([seen for seen, _, _ in looked.values()], ["looked"], batch_size=1000)


def _look(
    known: _Known,
    seen: models.NameSeen,
    had: dict[tuple[str, str], models.PropertySeen],
    received: Sequence[datetime],
    events: Sequence[Mapping[str, Any]],
    at: datetime,
) -> None:
    """Add what a sample of one name shows to what its properties were; the first look finds nothing new."""
    first, last = min(received) if seen.looked else seen.first_at, max(received)
    seen.looked += len(events)
    found = Counter[tuple[str, str]]()
    for (name, kind), times in shapes.properties(events).items():
        found[_storable(name), kind] += times
    kinds: dict[str, set[str]] = {}
    for name, kind in had:
        kinds.setdefault(name, set()).add(kind)
    for (name, kind), times in sorted(found.items()):
        row = had.get((name, kind))
        if row is None:
            if name not in kinds and len(kinds) >= MOST_PROPERTIES:
                detail = str(MOST_PROPERTIES)
                known.told.append(
                    drifts.Told(seen.source_id, "too_many_properties", seen.name, detail=detail)
                )
                continue
            row = models.PropertySeen(seen=seen, name=name, kind=kind, first_at=first, last_at=last, times=0)
            had[name, kind] = row
            if _is_news(seen.first_at, first, at):
                known.told.append(_new(seen, name, kind, kinds.get(name)))
            kinds.setdefault(name, set()).add(kind)
        row.times += times
        row.last_at = max(row.last_at, last)
    present = {name for name, _ in found}
    for (name, _), row in had.items():
        row.missing = 0 if name in present else row.missing + len(events)


def _new(seen: models.NameSeen, name: str, kind: str, before: set[str] | None) -> drifts.Told:
    if before is None:
        return drifts.Told(seen.source_id, "new_property", seen.name, name, kind)
    return drifts.Told(
        seen.source_id, "type_changed", seen.name, name, f"{' or '.join(sorted(before))} to {kind}"
    )


def _storable(name: str) -> str:
    """A property's name as PostgreSQL can hold it."""
    return name.replace("\0", "").encode("utf-8", "replace").decode()[:200]


def _decoded(text: str) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
