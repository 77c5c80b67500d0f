"""An account on two days, side by side: the page and its file."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces import comparing
from keepwell.faces.standing import Moment
from keepwell.faces.web.as_of import KNOWN, THEN
from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import comparison as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel.moments import parse_day


@require_GET
@signed_in
def page(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Today beside a quarter ago, or any two days; both are read from the lake once the page is there."""
    first, last = _days(request, asking)
    head = OneAccount(request, asking, key, "account-comparison").head
    said = pages.Asked(key, first.day, last.day, asking.today, _then(request))
    if READ not in request.GET:
        return respond(request, "web/account_comparison.html", pages.awaiting(head, said, read=READ))
    found = comparing.compare(key=key, first=first, last=last, seen_by=asking.seen_by)
    return respond(request, "web/account_comparison.html", pages.page(head, said, found), part="compared")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """The same as CSV."""
    first, last = _days(request, asking)
    found = comparing.compare(key=key, first=first, last=last, seen_by=asking.seen_by)
    return streamed(f"{key}-comparison-{asking.day}", pages.HEAD, pages.cells(found))


def _days(request: HttpRequest, asking: Asking) -> tuple[Moment, Moment]:
    since, until = (request.GET.get(name, "").strip() for name in ("since", "until"))
    return comparing.days(
        since=parse_day(since) if since else None,
        until=parse_day(until) if until else None,
        then=_then(request),
        now=asking.now,
    )


def _then(request: HttpRequest) -> bool:
    return request.GET.get(KNOWN) == THEN
