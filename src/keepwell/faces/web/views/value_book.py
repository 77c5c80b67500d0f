"""The value of all accounts of a book, and the same as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces import value_files
from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import value_book as pages
from keepwell.faces.web.views import books
from keepwell.outcomes.queries import value_book, value_book_totals

SHOWN = 100


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The accounts with what they got for their money, the largest first; the sums of the book are asked for after them."""
    asked, offset = books.asked(request), books.offset(request)
    told = books.told(asking, asked)
    whose: dict[str, Any] = {"seen_by": asking.seen_by, "day": asking.day, "mine": told["mine"]}
    is_read = READ in request.GET
    alone = is_read and bool(getattr(request, "htmx", False))
    page = pages.page(
        () if alone else value_book.page(**told, offset=offset, limit=SHOWN + 1),
        (value_book_totals.of_book(**whose), value_book.tally(**whose)) if is_read else None,
        asked=asked,
        offset=offset,
        limit=SHOWN,
        today=asking.today,
    )
    return respond(request, "web/value_book.html", page, part="sums" if is_read else "")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """All of them as a file."""
    rows = value_book.each(**books.told(asking, books.asked(request)))
    return streamed(f"value-{asking.today}", value_files.BOOK_COLUMNS, value_files.book(rows))
