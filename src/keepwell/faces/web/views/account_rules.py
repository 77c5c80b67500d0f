"""What every rule says of one account: a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.pages import account_rules as pages
from keepwell.ledger.queries import accounts
from keepwell.signals.queries import answers


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What fires, what is quiet, what cannot be told for something missing; asked of the lake once the page is there."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    frame = pages.frame(found.key, found.name or found.key, read=READ)
    if READ not in request.GET:
        return respond(request, "web/account_rules.html", frame)
    told = answers.of_account(key=key, seen_by=asking.seen_by)
    page = pages.answered(frame, told, now=asking.now)
    return respond(request, "web/account_rules.html", page, part="answers")
