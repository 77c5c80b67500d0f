"""Autopsies: who left, what could have been known of it, and what all of them teach."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.drafting import autopsy_report
from keepwell.faces import incident_files
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import autopsies as pages
from keepwell.plays.queries import autopsies


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All of them, the latest departure first."""
    found = autopsies.everything(seen_by=asking.seen_by)
    return respond(
        request, "web/autopsies.html", pages.listing(found, autopsies.lessons(found), today=asking.today)
    )


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, autopsy_id: int) -> HttpResponse:
    """One."""
    found = autopsies.find(autopsy_id=autopsy_id, seen_by=asking.seen_by)
    return respond(request, "web/autopsy.html", pages.detail(found, today=asking.today))


@require_GET
@signed_in
def report(request: HttpRequest, asking: Asking, autopsy_id: int) -> HttpResponse:
    """One as a PDF."""
    found = autopsies.find(autopsy_id=autopsy_id, seen_by=asking.seen_by)
    response = HttpResponse(autopsy_report.pdf(found, at=asking.now), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="autopsy-{found.id}.pdf"'
    return response


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """All of them as a file."""
    found = autopsies.everything(seen_by=asking.seen_by)
    return streamed("autopsies", incident_files.AUTOPSY_COLUMNS, incident_files.autopsies(found))
