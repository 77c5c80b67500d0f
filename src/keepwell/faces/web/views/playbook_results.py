"""What came while runs of a playbook went, as a page and as CSV."""

import csv
from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import playbook_results as pages
from keepwell.kernel.moments import parse_day
from keepwell.plays.queries import results
from keepwell.plays.queries.results import Results


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """The page."""
    return respond(
        request, "web/playbook_results.html", pages.page(_found(request, asking, slug), now=asking.now)
    )


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, slug: str) -> StreamingHttpResponse:
    """Run by run as CSV, the latest first."""
    found = _found(request, asking, slug)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="results-{slug}-{asking.today}.csv"'
    return response


def _found(request: HttpRequest, asking: Asking, slug: str) -> Results:
    since = request.GET.get("since", "")
    day: date | None = parse_day(since) if since else None
    return results.find(slug=slug, since=day, seen_by=asking.seen_by, at=asking.now)


def _lines(found: Results) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(
        ("run", "account", "name", "started_at", "ended_at", "how", "arr_moved", "currency")
    )
    for one in found.runs:
        yield writer.writerow(
            (
                one.run, safe(one.account_key), safe(one.account_name), one.started_at.isoformat(),
                one.ended_at.isoformat() if one.ended_at else "", one.how,
                "" if one.moved is None else one.moved.amount, "" if one.moved is None else one.moved.currency,
            )
        )  # fmt: skip
