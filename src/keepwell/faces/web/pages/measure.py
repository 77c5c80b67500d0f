"""What the page of one measure says: its definition, where its values lie, who rests on it, what it told of departures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse

from keepwell.charts.chart import Picture
from keepwell.charts.median_history import MedianHistory
from keepwell.charts.render import picture
from keepwell.charts.value_spread import ValueSpread
from keepwell.faces.components import words
from keepwell.faces.web.pages import indicators
from keepwell.faces.web.pages.measures import TITLES, better, window
from keepwell.faces.web.pages.parts import sentence
from keepwell.faces.web.pages.uses import UseRow, of_views
from keepwell.faces.web.queries.saved_views import ViewUses
from keepwell.health import texts
from keepwell.health.queries.proofs import ProofView
from keepwell.health.queries.uses import CardUse, Judging
from keepwell.kernel import speech
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries.catalogue import DefinitionView, Progress
from keepwell.metrics.queries.spreads import SAMPLED, PartSpread, Spread, Standing, Week

SHOWN = 50
COLUMNS = (("name", speech.later("Account")), ("value", speech.later("Value")), ("arr", "ARR"))
PAST = speech.later("an earlier version, by which past days are told")


@dataclass(frozen=True)
class AccountRow:
    """An account's value, or why it has none."""

    name: str
    href: str
    value: str
    reason: str
    arr: str


@dataclass(frozen=True)
class Head:
    """A column of the accounts, and where it is sorted by."""

    title: str
    href: str
    sorted: str
    is_end: bool


@dataclass(frozen=True)
class PartRow:
    """The measure of one value by which it is told apart."""

    title: str
    href: str
    known: str
    median: str
    total: str


@dataclass(frozen=True)
class Told:
    """What a proof found of the measure."""

    verdict: str
    slug: str
    sentence: str
    leaks: tuple[str, ...]
    href: str
    proof: str
    day: str


@dataclass(frozen=True)
class Values:
    """Where the values lie and whose they are; `state` says of how many anything is known."""

    state: str
    pictures: tuple[Picture, ...] = ()
    heads: tuple[Head, ...] = ()
    rows: tuple[AccountRow, ...] = ()
    more: str = ""
    csv: str = ""


@dataclass(frozen=True)
class MeasurePage:
    """One measure; `values` None: nothing of it is stored, `live` is where it is computed when somebody asks."""

    slug: str
    title: str
    sentence: str
    state: str
    facts: tuple[tuple[str, str], ...]
    toml: str
    values: Values | None
    live: str
    uses: tuple[UseRow, ...]
    told: Told | None
    churn: str
    is_waiting: bool
    is_own: bool
    may_change: bool
    asks_lake: bool
    progress: str = ""
    apart: str = ""
    parts: tuple[PartRow, ...] = ()
    whole: str = ""


def page(
    view: DefinitionView,
    values: Values | None,
    *,
    cards: Sequence[CardUse],
    segments: Sequence[tuple[str, str]],
    views: ViewUses,
    found: tuple[ProofView, Mapping[str, Any]] | None,
    sees_all: bool,
    may_change: bool,
    is_stored: bool,
    asks_lake: bool,
    parts: Sequence[PartSpread] = (),
) -> MeasurePage:
    """`is_stored`: its history is kept; `found`: the newest proof that looked at it, with its figures."""
    metric = view.metric
    return MeasurePage(
        slug=metric.slug,
        title=metric.title,
        sentence=metric.sentence,
        state=f"{TITLES[metric.group]} · {metric.unit}, {better(metric)} · {_author(view)}",
        facts=(
            (speech.told("What is computed"), metric.words),
            (speech.told("Window"), window(metric)),
            (speech.told("Unknown when"), sentence(metric.unknown_when)),
            (speech.told("History"), _history(metric, is_stored=is_stored)),
        ),
        toml=texts.write(view.definition["slug"], view.definition["title"], view.definition),
        values=values,
        live=f"{reverse('measure', args=(metric.slug,))}?now=1",
        uses=_uses(cards, segments, views),
        told=None if found is None else _told(*found),
        churn=_nothing(sees_all=sees_all) if found is None else "",
        is_waiting=metric.kept and not view.computed and not metric.builtin,
        is_own=not metric.builtin,
        may_change=may_change and not metric.base,
        asks_lake=asks_lake,
        progress=_progress(view.progress),
        apart=metric.per.title if metric.per else "",
        parts=tuple(_part(row) for row in parts),
        whole=reverse("measure", args=(metric.whole,)) if metric.base else "",
    )


def _progress(found: Progress | None) -> str:
    if found is None or not found.total:
        return speech.told("Its history over all stored days waits for its turn.")
    return speech.told(
        "Its history is being computed: %(done)s of %(total)s %(unit)s.",
        done=words.whole(found.done),
        total=words.whole(found.total),
        unit=found.unit,
    )


def _part(row: PartSpread) -> PartRow:
    unit = row.metric.unit
    return PartRow(
        row.metric.slug.partition(":")[2],
        reverse("measure", args=(row.metric.slug,)),
        speech.told(
            "%(known)s of %(accounts)s", known=words.whole(row.known), accounts=words.whole(row.accounts)
        ),
        words.number(row.median, unit),
        words.number(row.total, unit) if row.metric.unit != "%" else "–",
    )


def _author(view: DefinitionView) -> str:
    return (
        speech.told("built in")
        if view.version is None
        else speech.told("your own, version %(version)s", version=view.version)
    )


def _history(metric: Metric, *, is_stored: bool) -> str:
    if is_stored:
        return speech.told("Stored: three weeks daily and 104 Sundays.")
    if metric.kept:
        return speech.told("Stored as soon as the next run has computed it.")
    return speech.told("Not stored, because nothing judges by it; computed when somebody asks.")


def _nothing(*, sees_all: bool) -> str:
    if not sees_all:
        return speech.told(
            "What measures had to do with departures speaks of the whole company; ask somebody who sees all of it."
        )
    return speech.told("No proof looked at it yet. Every proof looks at every measure.")


def _told(view: ProofView, one: Mapping[str, Any]) -> Told:
    row = indicators.row(one)
    known = speech.told("It was known of %(known)s of the days asked", known=row.known)
    tells = "" if row.area == "–" else speech.told("AUC %(area)s alone; a coin has 0.50. ", area=row.area)
    lift = (
        ""
        if row.lift == "–"
        else speech.told("; in its worst fifth %(lift)s as many left as among all", lift=row.lift)
    )
    return Told(
        row.verdict,
        row.slug,
        f"{tells}{known}{lift}.",
        row.leaks,
        reverse("proof-measures", args=(view.proof_id,)),
        speech.told("%(title)s, version %(number)s", title=view.title, number=view.number),
        words.date_of(view.asked_at),
    )


def _uses(
    cards: Sequence[CardUse], segments: Sequence[tuple[str, str]], views: ViewUses
) -> tuple[UseRow, ...]:
    judged = [
        UseRow(
            speech.told("Scorecard"),
            card.title,
            reverse("settings-scorecard", args=(card.slug,)),
            PAST * card.is_past,
        )
        for card in cards
    ]
    belongs = [
        UseRow(speech.told("Segment"), title, reverse("segment", args=(slug,)), "")
        for slug, title in segments
    ]
    return (*judged, *belongs, *of_views(views))


def values(
    metric: Metric,
    spread: Spread,
    weeks: Sequence[Week],
    rows: Sequence[Standing],
    *,
    judging: Judging | None,
    sort: str,
    descending: bool,
    is_live: bool,
) -> Values:
    """Where the values of a day lie, over time, and the accounts in the order that was asked for."""
    here = reverse("measure", args=(metric.slug,))
    unknown = spread.accounts - spread.known
    state = speech.told("Known of %(customers)s", customers=words.count(spread.known, "customer"))
    state += speech.told(", unknown of %(unknown)s.", unknown=words.whole(unknown)) if unknown else "."
    if not spread.accounts:
        state = speech.told("There is no customer yet.")
    if weeks and spread.accounts > SAMPLED:
        state += speech.told(
            " The history is that of a fixed sample of %(sampled)s.", sampled=words.whole(SAMPLED)
        )
    left = spread.accounts - len(rows)
    live = {"now": "1"} if is_live else {}
    return Values(
        state=state,
        pictures=_pictures(metric, spread, weeks, judging),
        heads=tuple(_head(here, slug, title, sort, descending, live) for slug, title in COLUMNS),
        rows=tuple(_row(row, metric.unit) for row in rows),
        more=speech.told("%(left)s more are in the CSV.", left=words.whole(left)) if left > 0 else "",
        csv=reverse("measure-csv", args=(metric.slug,)),
    )


def _pictures(
    metric: Metric, spread: Spread, weeks: Sequence[Week], judging: Judging | None
) -> tuple[Picture, ...]:
    found = []
    if spread.known:
        found.append(picture(_chart(metric, spread, judging), _bins(spread)))
    if any(week.known for week in weeks) and len(weeks) > 1:
        frame = pl.DataFrame(
            [(week.as_of, week.lower, week.median, week.upper, week.known) for week in weeks],
            {"as_of": pl.Date, "lower": pl.Float64, "median": pl.Float64, "upper": pl.Float64, "known": pl.Int64},
            orient="row",
        )  # fmt: skip
        found.append(picture(MedianHistory(metric.unit), frame))
    return tuple(found)


def _chart(metric: Metric, spread: Spread, judging: Judging | None) -> ValueSpread:
    green, red = (
        None if side is None else (side.upward, side.figure)
        for side in ((judging.green, judging.red) if judging else (None, None))
    )
    return ValueSpread(metric.unit, spread.lower, spread.median, spread.upper, green, red)


def _bins(spread: Spread) -> pl.DataFrame:
    width = ((spread.high - spread.low) or 1.0) / len(spread.counts)
    lows = [spread.low + width * place for place in range(len(spread.counts))]
    return pl.DataFrame({"low": lows, "high": [low + width for low in lows], "count": list(spread.counts)})


def _head(here: str, slug: str, title: str, sort: str, descending: bool, also: Mapping[str, str]) -> Head:
    is_sorted = slug == sort
    turned = not descending if is_sorted else slug == "arr"
    asked = dict(also) | {"sort": slug} | ({"descending": "1"} if turned else {})
    told = ("descending" if descending else "ascending") if is_sorted else ""
    return Head(title, f"{here}?{urlencode(asked)}#accounts", told, slug != "name")


def _row(row: Standing, unit: str) -> AccountRow:
    return AccountRow(
        row.name or row.key,
        reverse("account", args=(row.key,)),
        words.number(row.value, unit),
        row.reason or "",
        words.short_money(row.arr) if row.arr else "–",
    )
