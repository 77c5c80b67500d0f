"""What every rule says of one account: a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_rules as pages
from keepwell.ledger.queries import accounts
from keepwell.signals.queries import answers


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What fires, what is quiet, and what cannot be told because something is missing."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    told = answers.of_account(key=key, seen_by=asking.seen_by)
    page = pages.page(found.key, found.name or found.key, told, now=asking.now)
    return respond(request, "web/account_rules.html", page)
