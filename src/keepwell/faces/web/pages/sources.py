"""What the page of one source says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.urls import reverse

from keepwell.charts.arrivals_history import ArrivalsHistory
from keepwell.charts.chart import Picture
from keepwell.charts.render import picture
from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option
from keepwell.intake.queries.quality import DriftView, NameView, SourceQuality, VolumeView
from keepwell.kernel import speech
from keepwell.ledger.queries.arrivals import ArrivalsView

SHOWN_NAMES, SHOWN_ODD = 60, 20
CADENCES = {
    "1": speech.later("every hour"),
    "6": speech.later("every 6 hours"),
    "12": speech.later("every 12 hours"),
    "24": speech.later("every day"),
    "48": speech.later("every 2 days"),
    "168": speech.later("every week"),
    "744": speech.later("every month"),
    "2208": speech.later("every quarter"),
}


@dataclass(frozen=True)
class Count:
    """A figure of the last 28 days."""

    title: str
    value: str
    help: str
    is_nil: bool


@dataclass(frozen=True)
class ChangeRow:
    """A change of what the source sends."""

    sentence: str
    since: DayMark | None
    state: str
    href: str


@dataclass(frozen=True)
class OddDay:
    """An event name that was unusual: on how many days, and the last of them."""

    name: str
    days: str
    day: DayMark | None
    told: str


@dataclass(frozen=True)
class NameRow:
    """An event name and its properties."""

    name: str
    events: str
    last: DayMark | None
    properties: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class SourcePage:
    """One source: how it sends, what changed, what it sends."""

    name: str
    slug: str
    state: str
    is_overdue: bool
    heard: DayMark | None
    expected: str
    volume: str
    sign: str
    options: tuple[Option, ...]
    counts: tuple[Count, ...]
    changes: tuple[ChangeRow, ...]
    odd: tuple[OddDay, ...]
    names: tuple[NameRow, ...]
    more_names: str
    chart: str
    key_href: str


def page(
    view: SourceQuality,
    *,
    days: Sequence[ArrivalsView],
    drifts: Sequence[DriftView],
    odd: Sequence[VolumeView],
    names: Sequence[NameView],
    now: datetime,
) -> SourcePage:
    """From what intake knows of a source."""
    today = words.local_day(now)
    rest = len(names) - SHOWN_NAMES
    heard = DayMark.of(view.last_arrival_at, today=today)
    return SourcePage(
        name=view.name,
        slug=view.slug,
        state=state(view),
        is_overdue=view.is_overdue,
        heard=heard,
        expected=view.cadence_words,
        volume=view.volume_words,
        sign={"usual": "green", "unjudged": "unknown"}.get(view.verdict, "yellow"),
        options=_options(view),
        counts=_counts(days),
        changes=tuple(_change(row, now=now) for row in drifts),
        odd=_odd(odd, now=now),
        names=tuple(_name(row, now=now) for row in names[:SHOWN_NAMES]),
        more_names=speech.told(
            "and %(more_event_names)s", more_event_names=words.count(rest, "more event name")
        )
        if rest > 0
        else "",
        chart=reverse("source-chart", args=(view.slug,)),
        key_href=reverse("source-key", args=(view.slug,)),
    )


def state(view: SourceQuality) -> str:
    """How it sends, in a sentence."""
    if view.last_arrival_at is None:
        return speech.told("Nothing has arrived from it yet.")
    if view.is_overdue:
        return speech.told(
            "Overdue: it is expected at least once in %(cadence_words)s.", cadence_words=view.cadence_words
        )
    if view.declared_hours == 0:
        return speech.told("Nothing is expected of it.")
    if view.limit_hours is None:
        return speech.told("Too little history to tell how often it sends: three weeks are needed.")
    return speech.told("It sends as often as expected.")


def words_of(row: VolumeView) -> str:
    """An unusual day of an event name."""
    direction = "fewer" if row.verdict == "low" else "more"
    return speech.told(
        "%(events)s, far %(direction)s than usual (%(low)s to %(high)s)",
        events=words.whole(row.events),
        direction=direction,
        low=words.whole(row.low or 0),
        high=words.whole(row.high or 0),
    )


def chart(rows: Sequence[VolumeView]) -> Picture | None:
    """The judged days as bars; None before the first whole day."""
    if not rows:
        return None
    schema = {
        "day": pl.Date,
        "events": pl.Int64,
        "low": pl.Int64,
        "high": pl.Int64,
        "verdict": pl.String,
    }
    frame = pl.DataFrame(
        [(row.day, row.events, row.low, row.high, row.verdict) for row in rows], schema=schema, orient="row"
    )
    return picture(ArrivalsHistory(), frame)


def _odd(rows: Sequence[VolumeView], *, now: datetime) -> tuple[OddDay, ...]:
    by_name: dict[str, list[VolumeView]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    latest = sorted(by_name.values(), key=lambda days: (-days[-1].day.toordinal(), -len(days), days[0].name))
    return tuple(
        OddDay(
            days[-1].name,
            words.count(len(days), "day"),
            DayMark.of(days[-1].day, today=words.local_day(now)),
            words_of(days[-1]),
        )
        for days in latest[:SHOWN_ODD]
    )


def _options(view: SourceQuality) -> tuple[Option, ...]:
    learned = (
        speech.told("learned: %(cadence_words)s", cadence_words=view.cadence_words)
        if view.usual_hours and view.declared_hours is None
        else "learned"
    )
    declared = "" if view.declared_hours is None else str(view.declared_hours)
    choices = {"": learned, **CADENCES, "0": speech.told("nothing is expected")}
    if declared not in choices:
        choices[declared] = speech.told("every %(declared_hours)s hours", declared_hours=view.declared_hours)
    return tuple(Option(value, title, value == declared) for value, title in choices.items())


def _counts(days: Sequence[ArrivalsView]) -> tuple[Count, ...]:
    asked = (
        ("events", speech.told("Events"), speech.told("Reached the ledger")),
        ("late", speech.told("Late"), speech.told("Arrived more than a day after they happened")),
        ("out_of_order", speech.told("Out of order"), speech.told("Older than what had come before them")),
        ("future", speech.told("Clock ahead"), speech.told("Said to happen later than they arrived")),
        ("duplicates", speech.told("Repeated"), speech.told("Sent more than once; each was stored once")),
        (
            "conflicts",
            speech.told("Id reused"),
            speech.told("An id that was used before for something else; not stored"),
        ),
        ("rejected", speech.told("Refused"), speech.told("Not stored; each with its reason")),
        ("rows", speech.told("Rows of files"), speech.told("In files imported from this source")),
    )
    sums = {name: sum(getattr(row, name) for row in days) for name, _, _ in asked}
    return tuple(Count(title, words.whole(sums[name]), told, not sums[name]) for name, title, told in asked)


def _change(row: DriftView, *, now: datetime) -> ChangeRow:
    today = words.local_day(now)
    told = ""
    if row.ended_at is not None:
        told = speech.told("Went back %(date)s", date=words.away(row.ended_at.date(), today=today))
    elif row.is_acknowledged:
        told = (
            speech.told("Known to %(acknowledged_by)s", acknowledged_by=row.acknowledged_by)
            if row.acknowledged_by
            else speech.told("Known")
        )
    href = "" if told else reverse("change-acknowledgement", args=(row.drift_id,))
    return ChangeRow(row.sentence, DayMark.of(row.found_at, today=today), told, href)


def _name(row: NameView, *, now: datetime) -> NameRow:
    properties = tuple((p.name, " or ".join(p.kinds), words.percent(100 * p.share)) for p in row.properties)
    return NameRow(
        row.name, words.whole(row.events), DayMark.of(row.last_at, today=words.local_day(now)), properties
    )
