"""The portfolio: what a book is worth by band, over time and now; every figure opens into its accounts."""

import csv
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from keepwell.access.queries import decisions
from keepwell.faces.components import words
from keepwell.faces.components.bands import band as band_of
from keepwell.faces.components.marks import AgeMark
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import charts as chart_pages
from keepwell.faces.web.pages import portfolio as pages
from keepwell.faces.web.pages import portfolio_accounts as lists
from keepwell.faces.web.pages import portfolio_charts
from keepwell.faces.web.pages import portfolio_matrices as matrices
from keepwell.health.queries import books, portfolio
from keepwell.health.queries.portfolio import Asked, Whose
from keepwell.intake.queries import quality
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import parse_day
from keepwell.segments.queries import segments

SHOWN = 200
USUAL_HOURS = 168
CHARTS = ("arr", "accounts", "flow", "renewals")


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All figures of a person's, a team's, a segment's or everybody's accounts."""
    of, weeks = _of(request, asking), _weeks(request)
    found = portfolio.figures(of)
    page = pages.page(
        of,
        found,
        weeks=weeks,
        whose=portfolio.choices(seen_by=asking.seen_by),
        segments=segments.titles(),
        fell=portfolio.movers(of, weeks=weeks, fell=True) if found else (),
        rose=portfolio.movers(of, weeks=weeks, fell=False) if found else (),
        owners=books.owners(of, weeks=weeks),
        sources=_sources(asking),
        today=asking.today,
    )
    return respond(request, "web/portfolio.html", page)


@require_GET
@signed_in
def chart(request: HttpRequest, asking: Asking, name: str) -> HttpResponse:
    """One chart, which the page loads by itself."""
    if name not in CHARTS:
        raise Http404
    of, weeks = _of(request, asking), _weeks(request)
    found = portfolio.figures(of)
    drawn = None
    if found and found.bands:
        drawn = portfolio_charts.chart(
            name, found, weeks=weeks, way=lambda **asked: lists.way(of, weeks, **asked)
        )
    page = chart_pages.ChartsPage(
        title=speech.told("Portfolio"),
        back=f"{request.path.partition('charts/')[0]}?{lists.asked(of, weeks)}",
        pictures=() if drawn is None else (drawn,),
        is_small=False,
        nothing=speech.told("There is nothing to draw yet."),
    )
    return respond(request, "web/chart.html", page, part="pictures")


@require_GET
@signed_in
def accounts(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The accounts of one figure, the largest first."""
    of, asked = _of(request, asking), _asked(request)
    page = lists.listing(
        of,
        portfolio.listed(of, asked, limit=SHOWN),
        portfolio.counted(of, asked),
        said=_said(asked),
        query=request.GET.urlencode(),
        weeks=asked.weeks,
        today=asking.today,
    )
    return respond(request, "web/portfolio_accounts.html", page)


@require_GET
@signed_in
def accounts_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file, all of them."""
    of, asked = _of(request, asking), _asked(request)
    rows = portfolio.listed(of, asked, limit=1_000_000)
    header = (
        "key",
        "name",
        f"band_{asked.weeks}_weeks_ago",
        "band",
        "points",
        "change",
        "arr",
        "currency",
        "renewal_date",
    )
    lines = (
        (
            safe(row.key), safe(row.name), row.before, row.band, _number(row.points), _number(row.change),
            row.arr.amount if row.arr else "", row.arr.currency if row.arr else "", row.renews or "",
        )
        for row in rows
    )  # fmt: skip
    return _csv("portfolio-accounts", header, lines)


@require_GET
@signed_in
def figures_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """Every figure of the page, a row each."""
    found = portfolio.figures(_of(request, asking))
    header = ("figure", "day", "from", "to", "accounts", "arr", "arr_unknown", "currency")
    return _csv("portfolio", header, () if found is None else portfolio.told(found))


def _csv(name: str, header: tuple[str, ...], rows: object) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        writer = csv.writer(Echo())
        yield writer.writerow(header)
        for row in rows:  # type: ignore[attr-defined] # any rows
            yield writer.writerow(row)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _of(request: HttpRequest, asking: Asking) -> Whose:
    told = request.GET.get("of", "")
    usual = portfolio.ALL if asking.seen_by.everything else portfolio.MINE
    return portfolio.whose(told or usual, seen_by=asking.seen_by, segment=request.GET.get("segment", ""))


def _weeks(request: HttpRequest) -> int:
    told = request.GET.get("weeks", "4")
    if told not in {str(weeks) for weeks in lists.SPANS}:
        raise Invalid(
            '"%(told)s" weeks are not compared. Use one of %(listed)s.',
            told=told,
            listed=", ".join(map(str, lists.SPANS)),
        )
    return int(told)


def _asked(request: HttpRequest) -> Asked:
    told = request.GET
    return Asked(
        band=told.get("band", ""),
        day=parse_day(told["day"]) if told.get("day") else None,
        before=told.get("before", ""),
        weeks=_weeks(request),
        quarter=parse_day(told["quarter"]) if told.get("quarter") else None,
        unrenewed=bool(told.get("unrenewed")),
        cadence=told.get("cadence", ""),
        known=told.get("known", ""),
    )


def _said(asked: Asked) -> str:
    """The figure in words."""

    def word(band: str) -> str:
        return speech.told("not there") if band == matrices.NONE else band_of(band).word

    parts = []
    if asked.before:
        parts.append(
            speech.told(
                "%(word)s %(spans)s ago, %(word2)s now",
                word=word(asked.before),
                spans=lists.SPANS[asked.weeks],
                word2=word(asked.band),
            )
        )
    elif asked.band:
        on = {"band": word(asked.band), "day": words.date_of(asked.day)} if asked.day else {}
        parts.append(speech.told("%(band)s on %(day)s", **on) if on else word(asked.band))
    if asked.quarter:
        named = portfolio_charts.quarter(asked.quarter, decisions.company().fiscal_year)
        parts.append(speech.told("renewal in %(quarter)s", quarter=named))
    if asked.unrenewed:
        parts.append(speech.told("no renewal date"))
    parts += [
        f"{name}: {dict(states)[state].lower()}"
        for name, states, state in (
            ("cadence", pages.CADENCE, asked.cadence),
            ("data", pages.KNOWN, asked.known),
        )
        if state in dict(states)
    ]
    said = ", ".join(parts)
    return said[:1].upper() + said[1:] if said else speech.told("Accounts")


def _sources(asking: Asking) -> tuple[pages.SourceRow, ...]:
    """How old the last word of each source is, for those who look after the sources."""
    return tuple(
        pages.SourceRow(
            row.name,
            reverse("source", args=(row.slug,)),
            AgeMark.of(
                row.last_arrival_at.date() if row.last_arrival_at else None,
                today=asking.today,
                allowed_days=max(1, round((row.limit_hours or USUAL_HOURS) / 24)),
            ),
        )
        for row in quality.overview(seen_by=asking.seen_by, at=asking.now)
    )
