"""Why the score of an account moved: a fragment that its page loads, or a page of its own."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web import as_of
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import movement as pages
from keepwell.health.queries import applying, explaining, raising, seen
from keepwell.kernel.errors import Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts

USUAL = timedelta(days=28)


@require_GET
@signed_in
def account(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """From a day (four weeks ago) until another (today)."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    moment = as_of.asked(request, asking)
    until = parse_day(request.GET["until"]) if request.GET.get("until") else moment.day
    since = parse_day(request.GET["since"]) if request.GET.get("since") else until - USUAL
    view, nothing = None, ""
    try:
        view = explaining.change(
            account_id=found.id, seen_by=asking.seen_by, since=since, until=until, known_by=moment.known_by
        )
    except Refused as refusal:
        nothing = str(refusal)
    now = None if moment.is_past else seen.today(account_id=found.id, seen_by=asking.seen_by)
    page = pages.page(
        view,
        raising.most(now),
        applying.cards(now),
        as_of=moment,
        key=key,
        name=found.name or key,
        since=since,
        until=until,
        nothing=nothing,
    )
    return respond(request, "web/movement.html", page, part="movement")
