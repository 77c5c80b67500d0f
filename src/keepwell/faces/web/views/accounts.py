"""The book of business: page, fragment and CSV of one and the same question."""

import csv
from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import accounts as pages
from keepwell.faces.web.pages import measures
from keepwell.faces.web.pages.filters import LIMIT, Filters
from keepwell.health.queries import book
from keepwell.health.queries.book import BookPage, BookRow
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import settings

HEAD = (
    "key", "name", "industry", "health", "band", "known_weight_percent", "low", "high", "change_7_days",
    "reason",
)  # fmt: skip
TODAYS_HEAD = ("arr", "currency", "arr_signed", "renewal_date", "owner", "last_touch_at")
AT_ONCE = 500


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page, or the book alone for HTMX."""
    filters = Filters.read(request.GET, today=asking.today)
    found = _book(asking, filters, LIMIT)
    if not found.rows and found.total:
        filters = replace(filters, offset=(found.total - 1) // LIMIT * LIMIT)
        found = _book(asking, filters, LIMIT)
    page = pages.page(found, filters=filters, today=asking.today, asker=_asker(asking))
    response = respond(request, "web/accounts.html", page, part="book")
    typed = request.headers.get("HX-Trigger-Name") == "q"
    response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = filters.address(offset=filters.offset)
    return response


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The current view as CSV, all of its rows."""
    filters = replace(Filters.read(request.GET, today=asking.today), offset=0)
    first = _book(asking, filters, AT_ONCE)
    response = StreamingHttpResponse(_lines(asking, filters, first), content_type="text/csv; charset=utf-8")
    day = first.day if filters.as_of else asking.today
    response.headers["Content-Disposition"] = f'attachment; filename="accounts-{day}.csv"'
    return response


@require_GET
@signed_in
def suggestions(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Accounts that somebody may mean who types into the field that `in` names, for a list of proposals."""
    typed = request.GET.get(request.GET.get("in", ""), "").strip()
    found = accounts.suggested(typed, seen_by=asking.seen_by) if typed else ()
    return respond(request, "web/account_suggestions.html", found)


def _asker(asking: Asking) -> pages.Asker:
    may = asking.seen_by.may
    return pages.Asker(
        sees_everything=asking.seen_by.everything,
        may_import=may("data.import"),
        owns_some=accounts.owns_some(user_id=asking.by.pk),
        lacks_core_features=may("config.change") and measures.lacks_core_features(settings.parameters()),
    )


def _book(asking: Asking, filters: Filters, limit: int) -> BookPage:
    return book.page(
        seen_by=asking.seen_by,
        search=filters.search,
        band=filters.band or None,
        sort=filters.sort,
        descending=filters.descending,
        as_of=filters.as_of,
        former=filters.former,
        owner_id=asking.by.pk if filters.mine else None,
        offset=filters.offset,
        limit=limit,
    )


def _lines(asking: Asking, filters: Filters, first: BookPage) -> Iterator[str]:
    writer = csv.writer(Echo())
    is_past = filters.as_of is not None
    yield writer.writerow(HEAD if is_past else HEAD + TODAYS_HEAD)
    rows, offset = first.rows, 0
    while True:
        for row in rows:
            yield writer.writerow(_cells(row) if is_past else _cells(row) + _todays_cells(row))
        offset += len(rows)
        if len(rows) < AT_ONCE:
            return
        rows = _book(asking, replace(filters, offset=offset), AT_ONCE).rows


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
    )


def _todays_cells(row: BookRow) -> tuple[object, ...]:
    return (
        row.arr.amount if row.arr else "",
        row.arr.currency if row.arr else "",
        " + ".join(f"{money.amount} {money.currency}" for money in row.arr_signed),
        row.renewal_date or "",
        safe(row.owner),
        row.last_touch_at.isoformat() if row.last_touch_at else "",
    )
