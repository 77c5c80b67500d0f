"""Two to four segments side by side."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import segments_beside as pages
from keepwell.health.queries import beside
from keepwell.health.queries.beside import Beside
from keepwell.kernel import speech
from keepwell.metrics.queries import catalogue
from keepwell.segments.queries import segments

TEACHES = speech.later(
    "Choose at least two segments: their worth, health, renewals and measures then stand in a column each."
)


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The choice, and the figures of what was chosen."""
    chosen = _chosen(request)
    found = _found(request, asking) if len(chosen) >= beside.FEWEST else None
    page = pages.page(
        found,
        chosen=chosen,
        titles=segments.titles(),
        known=[metric for metric in catalogue.all_metrics() if metric.kept],
        measures=request.GET.getlist("measure") or beside.usual_measures(),
        nothing="" if found else TEACHES,
    )
    return respond(request, "web/segments_beside.html", page)


@require_GET
@signed_in
def charts(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The bands of each over time, which the page loads by itself."""
    page = pages.charts(_found(request, asking))
    return respond(request, "web/segments_beside_charts.html", page, part="pictures")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """Every figure, a row each."""
    found = _found(request, asking)
    return streamed("segments-side-by-side", pages.HEAD, pages.cells(found))


def _chosen(request: HttpRequest) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slug for slug in request.GET.getlist("segment") if slug))


def _found(request: HttpRequest, asking: Asking) -> Beside:
    return beside.of(_chosen(request), seen_by=asking.seen_by, measures=request.GET.getlist("measure"))
