"""An account beside its peers: a fragment that its page loads, or a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import peers as pages
from keepwell.ledger.queries import accounts
from keepwell.segments.queries import peers, segments


@require_GET
@signed_in
def account(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Beside all customers, or beside the members of a segment that it is in."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    chosen = request.GET.get("segment", "")
    page = pages.page(
        peers.of_account(account_id=found.id, seen_by=asking.seen_by, segment=chosen),
        [view for view, _ in segments.of_account(account_id=found.id, seen_by=asking.seen_by)],
        chosen=chosen,
        key=key,
        name=found.name or key,
    )
    return respond(request, "web/peers.html", page, part="peers")
