"""Segments side by side: a column each, every figure with the way to its accounts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse

from keepwell.charts.band_history import ORDER, BandHistory
from keepwell.charts.chart import Picture
from keepwell.charts.render import picture
from keepwell.charts.strip import strip
from keepwell.faces.components import words
from keepwell.faces.components.bands import band as band_of
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages import portfolio_charts
from keepwell.health.queries import beside
from keepwell.health.queries.beside import Beside, Held, Side
from keepwell.kernel import speech
from keepwell.kernel.figures import HARD
from keepwell.kernel.money import Money
from keepwell.metrics.catalogue import Metric

BANDS = ("green", "yellow", "red", "unknown")
QUARTERS = 4
HEAD = ("segment", "figure", "of", "accounts", "value", "p10", "p25", "p75", "p90", "unit")


@dataclass(frozen=True)
class Cell:
    """A figure, what stands under it, the way to its accounts, and perhaps a picture of where values lie."""

    text: str
    more: str = ""
    href: str = ""
    svg: str = ""


@dataclass(frozen=True)
class Row:
    """A figure of every segment; `band` names one instead of a title, `help` says what it is."""

    title: str
    cells: tuple[Cell, ...]
    band: str = ""
    help: str = ""
    href: str = ""


@dataclass(frozen=True)
class Group:
    """Figures that belong together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Head:
    """A segment at the top of its column."""

    title: str
    href: str
    words: str


@dataclass(frozen=True)
class BesidePage:
    """The choice and, once two are chosen, the figures; `nothing` says why there are none."""

    pickers: tuple[tuple[str, tuple[Option, ...]], ...]
    measures: tuple[Option, ...]
    heads: tuple[Head, ...] = ()
    groups: tuple[Group, ...] = ()
    charts: str = ""
    csv: str = ""
    nothing: str = ""
    finding: str = ""


def page(
    found: Beside | None,
    *,
    chosen: Sequence[str],
    titles: Sequence[tuple[str, str]],
    known: Sequence[Metric],
    measures: Sequence[str],
    nothing: str = "",
) -> BesidePage:
    """The whole page."""
    asked = {metric.slug for metric in found.metrics} if found else set(measures)
    pickers = tuple(
        (f"{place + 1}", _options(titles, chosen[place] if place < len(chosen) else ""))
        for place in range(beside.MOST)
    )
    options = tuple(Option(metric.slug, metric.title, metric.slug in asked) for metric in known)
    if found is None or found.as_of is None:
        return BesidePage(pickers, options, nothing=nothing or speech.told("No health is computed yet."))
    query = urlencode([("segment", slug) for slug in chosen] + [("measure", m.slug) for m in found.metrics])
    return BesidePage(
        pickers,
        options,
        tuple(
            Head(side.segment.title, reverse("segment", args=(side.segment.slug,)), side.segment.words)
            for side in found.sides
        ),
        tuple(_groups(found)),
        f"{reverse('segments-beside-charts')}?{query}",
        f"{reverse('segments-beside-csv')}?{query}",
        finding=_finding(found),
    )


def _finding(found: Beside) -> str:
    """Where the largest part is at risk, against where the smallest is."""
    judged = [side for side in found.sides if side.present.accounts]
    if len(judged) < beside.FEWEST:
        return ""

    def at_risk(side: Side) -> float:
        held = side.worth.get("red")
        return held.accounts / side.present.accounts if held else 0.0

    worst, best = max(judged, key=at_risk), min(judged, key=at_risk)
    if at_risk(worst) == at_risk(best):
        return speech.told("The same part of each is at risk: %(percent)s.", percent=_percent(at_risk(worst)))
    return speech.told(
        "%(title)s is most at risk: %(percent)s of its accounts, against %(percent2)s of %(title2)s.",
        title=worst.segment.title,
        percent=_percent(at_risk(worst)),
        percent2=_percent(at_risk(best)),
        title2=best.segment.title,
    )


def _options(titles: Sequence[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    return (
        Option("", speech.told("Choose a segment"), not chosen),
        *(Option(slug, title, slug == chosen) for slug, title in titles),
    )


def _groups(found: Beside) -> Iterator[Group]:
    def row(title: str, cell: Callable[[Side], Cell], **more: str) -> Row:
        return Row(title, tuple(cell(side) for side in found.sides), **more)

    yield Group(
        speech.told("Now"),
        (
            row(
                speech.told("Accounts"),
                lambda side: Cell(words.whole(side.present.accounts), "", _accounts(side)),
            ),
            row("ARR", lambda side: Cell(_worth(side.present), _unpriced(side.present))),
        ),
    )
    yield Group(
        speech.told("Health now"),
        tuple(row("", lambda side, band=band: _band(side, band), band=band) for band in BANDS),  # type: ignore[misc] # mypy reads no default of a lambda
    )
    yield Group(speech.told("Renewals"), tuple(_renewals(found, row)))
    yield Group(speech.told("Who stayed"), tuple(_stayed(found, row)))
    if found.metrics:
        yield Group(speech.told("Measures: the median, and the middle half"), tuple(_measures(found)))


def _accounts(side: Side, **more: object) -> str:
    told = {"of": "all", "segment": side.segment.slug, "weeks": 4, **more}
    return f"{reverse('portfolio-accounts')}?{urlencode(told)}"


def _worth(held: Held | None) -> str:
    return "–" if held is None or held.arr is None else words.short_money(held.arr)


def _unpriced(held: Held) -> str:
    return (
        speech.told("of %(unpriced)s not known", unpriced=words.whole(held.unpriced)) if held.unpriced else ""
    )


def _share(part: float, whole: float) -> str:
    return f"{round(100 * part / whole)}{HARD}%" if whole else "–"


def _band(side: Side, band: str) -> Cell:
    held = side.worth.get(band)
    if held is None:
        return Cell("0", "")
    told = f"{words.whole(held.accounts)} · {_worth(held)}"
    return Cell(_share(held.accounts, side.present.accounts), told, _accounts(side, band=band))


def _renewals(found: Beside, row: Callable[..., Row]) -> Iterator[Row]:
    assert found.as_of is not None
    for quarter in found.fiscal_year.begin(found.as_of, count=QUARTERS):
        yield row(
            portfolio_charts.quarter(quarter, found.fiscal_year),
            lambda side, at=quarter: _due(side.renewals.get(at), _accounts(side, quarter=at.isoformat())),
        )
    yield row(
        speech.told("No date"), lambda side: _due(side.renewals.get(None), _accounts(side, unrenewed=1))
    )


def _due(held: Held | None, href: str) -> Cell:
    return Cell("–") if held is None else Cell(_worth(held), words.count(held.accounts, "account"), href)


def _stayed(found: Beside, row: Callable[..., Row]) -> Iterator[Row]:
    since = words.date_of(found.days[0])
    yield row(
        speech.told("In it on %(since)s", since=since),
        lambda side: Cell(words.whole(side.stayed.accounts), _began(side)),
    )
    yield row(
        speech.told("Have left since"),
        lambda side: Cell(
            words.whole(side.stayed.left),
            _share(side.stayed.left, side.stayed.accounts) if side.stayed.accounts else "",
        ),
        help=speech.told("Those of them who are customers no more."),
    )
    yield row(
        speech.told("ARR kept (GRR)"),
        lambda side: Cell(_percent(side.stayed.kept)),
        help=speech.told("Of the ARR of that day, what is still there; nothing that was added counts."),
    )
    yield row(
        speech.told("ARR kept and grown (NRR)"),
        lambda side: Cell(_percent(side.stayed.grown)),
        help=speech.told("The ARR of the same accounts now, as a share of that day’s."),
    )


def _began(side: Side) -> str:
    return "" if side.stayed.arr is None else words.short_money(side.stayed.arr)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{round(100 * share)}{HARD}%"


def _measures(found: Beside) -> Iterator[Row]:
    for metric in found.metrics:
        told = [side.measures.get(metric.slug) for side in found.sides]
        known = [each.spread for each in told if each is not None]
        reach = (min((s[0] for s in known), default=0.0), max((s[-1] for s in known), default=0.0))
        cells = tuple(_measured(metric, side, reach) for side in found.sides)
        yield Row(metric.title, cells, help=metric.sentence, href=reverse("measure", args=(metric.slug,)))


def _measured(metric: Metric, side: Side, reach: tuple[float, float]) -> Cell:
    found = side.measures.get(metric.slug)
    if found is None:
        return Cell("–", speech.told("not known of anybody"))
    _, lower, middle, upper, _ = found.spread
    half = speech.told("%(low)s to %(high)s", low=words.number(lower), high=words.number(upper, metric.unit))
    missing = side.present.accounts - found.known
    blind = speech.told(", of %(missing)s not known", missing=words.whole(missing)) if missing > 0 else ""
    svg = strip(found.spread, told=speech.told("Half of them: %(half)s", half=half), reach=reach)
    return Cell(words.number(middle, metric.unit), f"{half}{blind}", svg=svg)


def charts(found: Beside) -> tuple[tuple[str, Picture], ...]:
    """Each segment's bands over time, of today's members."""
    return tuple(
        (
            side.segment.title,
            portfolio_charts.by_day(
                picture(BandHistory(), frame), frame["day"].to_list(), partial(_accounts, side)
            ),
        )
        for side in found.sides
        if (frame := _frame(side)) is not None
    )


def _frame(side: Side) -> pl.DataFrame | None:
    days = [day for day, bands in side.bands.items() if bands]
    if not days:
        return None
    return pl.DataFrame(
        {"day": days, **{band: [float(side.bands[day].get(band, 0)) for day in days] for band in ORDER}}
    )


def cells(found: Beside) -> Iterable[tuple[object, ...]]:
    """Every figure as a row of the file: the value is ARR, a share or a median."""
    for side in found.sides:
        slug = side.segment.slug
        yield _held(slug, "members", found.as_of, side.present)
        yield from (
            (slug, f"band {band_of(band).slug}", day, count, *[""] * 6)
            for day, bands in side.bands.items()
            for band, count in sorted(bands.items())
        )
        yield from (_held(slug, "worth", band, held) for band, held in sorted(side.worth.items()))
        yield from (
            _held(slug, "renewal", quarter or "", held)
            for quarter, held in sorted(side.renewals.items(), key=lambda each: str(each[0]))
        )
        stayed = side.stayed
        yield (
            slug,
            "began",
            stayed.since,
            stayed.accounts,
            _amount(stayed.arr),
            *[""] * 4,
            _unit(stayed.arr),
        )
        yield (slug, "left", stayed.since, stayed.left, *[""] * 6)
        yield (slug, "grr", stayed.since, "", stayed.kept, *[""] * 5)
        yield (slug, "nrr", stayed.since, "", stayed.grown, *[""] * 5)
        for metric in found.metrics:
            told = side.measures.get(metric.slug)
            if told is not None:
                p10, p25, middle, p75, p90 = told.spread
                yield (slug, "measure", metric.slug, told.known, middle, p10, p25, p75, p90, metric.unit)


def _held(slug: str, figure: str, of: object, held: Held) -> tuple[object, ...]:
    return (slug, figure, of, held.accounts, _amount(held.arr), *[""] * 4, _unit(held.arr))


def _amount(arr: Money | None) -> object:
    return "" if arr is None else arr.amount


def _unit(arr: Money | None) -> str:
    return "" if arr is None else arr.currency
