"""An account on two days, side by side: the page and its file."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces import comparing
from keepwell.faces.comparing import Comparison
from keepwell.faces.web.as_of import KNOWN, THEN
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import comparison as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel.moments import parse_day


@require_GET
@signed_in
def page(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Today beside a quarter ago, or any two days."""
    told = _compared(request, asking, key)
    head = OneAccount(request, asking, key, "account-comparison").head
    made = pages.page(head, told, today=asking.today, then=_then(request))
    return respond(request, "web/account_comparison.html", made)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """The same as CSV."""
    found = _compared(request, asking, key)
    return streamed(f"{key}-comparison-{asking.day}", pages.HEAD, pages.cells(found))


def _compared(request: HttpRequest, asking: Asking, key: str) -> Comparison:
    since, until = (request.GET.get(name, "").strip() for name in ("since", "until"))
    return comparing.compare(
        key=key,
        since=parse_day(since) if since else None,
        until=parse_day(until) if until else None,
        then=_then(request),
        now=asking.now,
        seen_by=asking.seen_by,
    )


def _then(request: HttpRequest) -> bool:
    return request.GET.get(KNOWN) == THEN
