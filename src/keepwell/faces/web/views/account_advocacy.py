"""The Advocacy tab of an account: who was asked for what, what came of it, whom one may ask next and why."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces import advocacy_files, advocating
from keepwell.faces.web import as_of
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import account_advocacy as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.outcomes.queries import advocacy

HERE = "account-advocacy"


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The tab; on a past day what was asked by then, and who could have been asked then."""
    one = OneAccount(request, asking, key, HERE)
    moment = one.as_of
    page = pages.tab(
        one.head,
        advocacy.of_account(account=key, seen_by=asking.seen_by, day=moment.day, known_by=moment.known_by),
        advocating.suggested(one.told, seen_by=asking.seen_by),
        rest_days=advocacy.rest_days(),
        csv=moment.of("account-advocacy-csv", key),
        day=moment.day,
        may_work=asking.seen_by.may("work.do") and not moment.is_past,
    )
    return respond(request, "web/account_advocacy.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """The asks of the account as a file."""
    moment = as_of.asked(request, asking)
    found = advocacy.of_account(account=key, seen_by=asking.seen_by, day=moment.day, known_by=moment.known_by)
    return streamed(f"advocacy-{key}", advocacy_files.COLUMNS, advocacy_files.asks(found))
