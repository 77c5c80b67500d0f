"""The Usage tab of an account, and its file."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web import as_of
from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import account_usage as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.ledger.queries import accounts, usage_patterns


@require_GET
@signed_in
def use(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Thirteen weeks: seats, features by week, when and by whom; read from the lake once the page is there."""
    found = OneAccount(request, asking, key, "account-usage")
    moment = found.as_of
    if READ not in request.GET:
        waiting = pages.awaiting(found.head, read=moment.of("account-usage", key, **{READ: "1"}))
        return respond(request, "web/account_usage.html", waiting)
    page = pages.tab(
        found.head,
        usage_patterns.of_account(
            account_id=found.id, seen_by=asking.seen_by, until=moment.day, known_by=moment.known_by
        ),
        contracts=found.contracts,
        day=moment.day,
        is_past=moment.is_past,
        charts=(moment.of("account-chart", key, "people"), moment.of("account-chart", key, "events")),
        csv=moment.of("account-usage-csv", key),
    )
    return respond(request, "web/account_usage.html", page, part="used")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """Features by week and people, as CSV."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    moment = as_of.asked(request, asking)
    pattern = usage_patterns.of_account(
        account_id=found.id, seen_by=asking.seen_by, until=moment.day, known_by=moment.known_by
    )
    return streamed(f"{key}-usage-{moment.day}", pages.heading(pattern), pages.cells(pattern))
