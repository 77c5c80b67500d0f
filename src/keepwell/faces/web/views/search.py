"""The search: a page of results, and what the palette lists while one types."""

from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.keys import AccountKey
from keepwell.faces.web.pages import search as pages
from keepwell.ledger.queries import accounts
from keepwell.search.queries import search

ON_PAGE = 50
IN_PALETTE = 12


@require_GET
@signed_in
def results(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Everything that answers, for whoever has no script or wants more of it."""
    text, kind = request.GET.get("q", "").strip()[: search.LONGEST], request.GET.get("kind", "")
    found = search.answers(text, seen_by=asking.seen_by, own=asking.by.pk, kind=kind, limit=ON_PAGE)
    page = pages.page(text, kind, found, titles=search.kinds(), may=asking.seen_by.capabilities)
    return respond(request, "web/search_results.html", page)


@require_GET
@signed_in
def palette(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The list under the palette's field; `recent` are segments of addresses of accounts, the latest first."""
    text = request.GET.get("q", "").strip()[: search.LONGEST]
    recent = [_key(part) for part in request.GET.getlist("recent")[: search.MOST_RECENT]]
    may = asking.seen_by.capabilities
    if not text:
        names = accounts.names(keys=recent, seen_by=asking.seen_by)
        hits = pages.first(((key, names[key]) for key in recent if key in names), may=may)
    else:
        rest = pages.account_part(text)
        found = search.answers(
            rest or text,
            seen_by=asking.seen_by,
            own=asking.by.pk,
            recent=recent,
            kind="account" if rest else "",
            limit=IN_PALETTE,
        )
        hits = pages.palette(text, found, may=may, today=asking.today)
    return respond(request, "web/palette_list.html", hits)


def _key(part: str) -> str:
    try:
        return AccountKey().to_python(unquote(part))
    except ValueError:
        return ""
