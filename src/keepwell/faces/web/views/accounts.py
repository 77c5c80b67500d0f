"""The book of business: page, fragment and CSV of one and the same question."""

import csv
from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import accounts as pages
from keepwell.faces.web.pages.filters import LIMIT, Filters
from keepwell.health.queries import book
from keepwell.health.queries.book import BookPage, BookRow

HEAD = (
    "key", "name", "industry", "health", "band", "known_weight_percent", "low", "high", "change_7_days",
    "reason", "arr", "currency", "renewal_date", "owner", "last_touch_at",
)  # fmt: skip
AT_ONCE = 500


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page, or the book alone for HTMX."""
    filters = Filters.read(request.GET, today=asking.today)
    page = pages.page(_book(asking, filters, LIMIT), filters=filters, today=asking.today)
    response = respond(request, "web/accounts.html", page, part="book")
    response.headers["HX-Push-Url"] = filters.address(offset=filters.offset)
    return response


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The current view as CSV, all of its rows."""
    filters = Filters.read(request.GET, today=asking.today)
    response = StreamingHttpResponse(_lines(asking, filters), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="accounts-{filters.as_of or asking.today}.csv"'
    )
    return response


def _book(asking: Asking, filters: Filters, limit: int) -> BookPage:
    return book.page(
        seen_by=asking.seen_by,
        search=filters.search,
        band=filters.band or None,
        sort=filters.sort,
        descending=filters.descending,
        as_of=filters.as_of,
        former=filters.former,
        offset=filters.offset,
        limit=limit,
    )


def _lines(asking: Asking, filters: Filters) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(HEAD)
    offset = 0
    while True:
        rows = _book(asking, replace(filters, offset=offset), AT_ONCE).rows
        for row in rows:
            yield writer.writerow(_cells(row))
        offset += len(rows)
        if len(rows) < AT_ONCE:
            return


def _cells(row: BookRow) -> tuple[object, ...]:
    told = (row.key, row.name, row.industry)
    return (
        *map(safe, told),
        row.points,
        row.band,
        row.known_weight,
        row.low,
        row.high,
        row.change,
        safe(row.reason),
        row.arr.amount if row.arr else "",
        row.arr.currency if row.arr else "",
        row.renewal_date or "",
        safe(row.owner),
        row.last_touch_at.isoformat() if row.last_touch_at else "",
    )
