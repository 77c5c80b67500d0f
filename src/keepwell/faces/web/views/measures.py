"""Measures: the list of all, which features are core, one measure, and its accounts as CSV."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in, watched
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import measure as one
from keepwell.faces.web.pages import measures as pages
from keepwell.faces.web.queries import saved_views
from keepwell.health.queries import proofs, uses
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.queries import usage
from keepwell.metrics.actions import settings as deeds
from keepwell.metrics.queries import catalogue, settings, spreads
from keepwell.metrics.queries.catalogue import DefinitionView
from keepwell.metrics.queries.spreads import Order, Spread
from keepwell.segments.queries import segments


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Every measure with its definition, or those that a search finds."""
    search = request.GET.get("q", "").strip()[:100]
    return respond(request, "web/measures.html", _page(asking, search=search), part="definitions")


@require_http_methods(["GET", "POST"])
@signed_in
def core_features(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say which features are core. The form names all that were used: it reads the lake, so the list asks for it by itself."""
    if request.method == "GET":
        page = _page(asking, seen=usage.features())
        return respond(request, "web/measures.html", page, part="core")
    typed = [line.strip() for line in request.POST.get("others", "").splitlines() if line.strip()]
    features = list(dict.fromkeys([*request.POST.getlist("feature"), *typed]))
    try:
        deeds.save(metric=pages.CORE, parameters={"features": features}, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        page = _page(asking, seen=usage.features(), refused=str(refusal))
        return respond(request, "web/measures.html", page, status=422)
    tasks.nudge()
    messages.success(
        request, speech.told("Core features saved. Scores follow within a minute."), extra_tags="done"
    )
    return HttpResponseRedirect(reverse("measures") + "#core")


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """One measure; what is not stored is computed when `now` asks for it."""
    return respond(request, "web/measure.html", _one(request, asking, slug), part="values")


@require_GET
@signed_in
def progress(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Whether the history follows the definition; once it does, the whole page is asked for again."""
    page = _one(request, asking, slug)
    return watched(request, "web/measure.html", page, moving=page.is_waiting)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, slug: str) -> StreamingHttpResponse:
    """Every account's value as CSV, or why there is none."""
    del request
    view = catalogue.definition(slug)
    found = spreads.by_part(
        metric=view.metric, as_of=asking.day, is_stored=view.computed, seen_by=asking.seen_by
    )
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{asking.day}.csv"'
    return response


def _lines(found: Mapping[str, tuple[spreads.Standing, ...]]) -> Iterator[str]:
    """A line an account; a column for each value by which the measure is told apart."""
    (_, whole), *parts = found.items()
    writer = csv.writer(Echo())
    yield writer.writerow(
        ("account", "name", "value", "unknown", *(safe(slug.partition(":")[2]) for slug, _ in parts))
    )
    told = [{row.key: row.value for row in rows} for _, rows in parts]
    for row in whole:
        more = (_figure(part.get(row.key)) for part in told)
        yield writer.writerow(
            (safe(row.key), safe(row.name), _figure(row.value), safe(row.reason or ""), *more)
        )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _page(
    asking: Asking, *, search: str = "", seen: Sequence[str] | None = None, refused: str = ""
) -> pages.MeasuresPage:
    return pages.page(
        catalogue.all_metrics(),
        seen=seen,
        parameters=settings.parameters(),
        may_change=asking.seen_by.may("config.change"),
        search=search,
        refused=refused,
    )


def _one(request: HttpRequest, asking: Asking, slug: str) -> one.MeasurePage:
    view = catalogue.definition(slug)
    found = _values(request, asking, view)
    return one.page(
        view,
        found,
        cards=uses.scorecards(slug),
        segments=segments.asking(slug),
        views=saved_views.asking(f"metric.{slug}", seen_by=asking.seen_by),
        found=proofs.evidence(metric=slug, seen_by=asking.seen_by),
        sees_all=asking.seen_by.everything,
        may_change=asking.seen_by.may("config.change"),
        is_stored=view.computed,
        asks_lake=not view.computed and "now" in request.GET,
        parts=spreads.parts(metric=view.metric, seen_by=asking.seen_by) if view.computed else (),
    )


def _values(request: HttpRequest, asking: Asking, view: DefinitionView) -> one.Values | None:
    """What is stored is counted where it stands; the rest is computed only when somebody asks for it."""
    metric, sort = view.metric, request.GET.get("sort", "")
    order = cast("Order", sort if sort in dict(one.COLUMNS) else "value")
    descending = bool(request.GET.get("descending")) if sort else metric.better == "down"
    slug, may, stored = metric.slug, asking.seen_by, view.computed
    if stored:
        spread = spreads.today(metric=slug, seen_by=may) or Spread(asking.day, 0, 0)
        rows = spreads.standings(
            metric=slug, seen_by=may, order=order, descending=descending, limit=one.SHOWN
        )
    elif "now" in request.GET:
        every = spreads.computed(metric=slug, as_of=asking.day, seen_by=may)
        spread = spreads.spread(every, as_of=asking.day)
        rows = spreads.ordered(every, order, descending=descending)[: one.SHOWN]
    else:
        return None
    return one.values(
        metric,
        spread,
        spreads.weeks(metric=slug, seen_by=may) if stored else (),
        rows,
        judging=uses.judging(slug),
        sort=order,
        descending=descending,
        is_live=not stored,
    )
