"""The business reviews of a book: to come, to be noted, held; and the accounts that wait for one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces import review_files
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import review_book as pages
from keepwell.faces.web.views import books
from keepwell.outcomes.queries import review_book, reviews

SHOWN = 100


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The list."""
    asked, offset = books.asked(request), books.offset(request)
    mine = _mine(asking, asked)
    is_due = asked["state"] == pages.DUE
    rows = () if is_due else reviews.page(**_told(asking, asked), offset=offset, limit=SHOWN + 1)
    due = (
        review_book.due(seen_by=asking.seen_by, now=asking.now, mine=mine, search=asked["q"].strip())
        if is_due
        else ()
    )
    tally = reviews.tally(seen_by=asking.seen_by, now=asking.now, mine=mine)
    page = pages.page(rows, due, tally, asked=asked, offset=offset, limit=SHOWN, now=asking.now)
    return respond(request, "web/reviews.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file."""
    asked = books.asked(request)
    if asked["state"] == pages.DUE:
        due = review_book.due(
            seen_by=asking.seen_by, now=asking.now, mine=_mine(asking, asked), search=asked["q"].strip()
        )
        return streamed(f"reviews-due-{asking.today}", review_files.DUE_COLUMNS, review_files.due(due))
    rows = reviews.each(**_told(asking, asked))
    return streamed(f"reviews-{asking.today}", review_files.COLUMNS, review_files.rows(rows))


def _mine(asking: Asking, asked: dict[str, str]) -> int | None:
    return asking.seen_by.user_id if asked["of"] == "mine" else None


def _told(asking: Asking, asked: dict[str, str]) -> dict[str, Any]:
    which = reviews.Asked(asked["state"], search=asked["q"].strip(), mine=_mine(asking, asked))
    return {"asked": which, "seen_by": asking.seen_by, "now": asking.now}
