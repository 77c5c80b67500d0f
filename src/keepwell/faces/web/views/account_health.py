"""The Health tab of an account."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_health as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.health.queries import overrides, scores
from keepwell.ledger.queries import sentiments

TREND = timedelta(weeks=pages.TREND_WEEKS)


@require_GET
@signed_in
def health(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Health, over time, and part by part."""
    return respond(request, "web/account_health.html", health_tab(request, asking, key))


def health_tab(request: HttpRequest, asking: Asking, key: str) -> pages.HealthTab:
    """The Health tab of an account."""
    found = OneAccount(request, asking, key, "account-health")
    moment = found.as_of
    may: dict[str, Any] = {"account_id": found.id, "seen_by": asking.seen_by}
    points = scores.history(**may, since=moment.day - TREND, until=moment.day)
    before = moment.at if moment.is_past else None
    return pages.health(
        found.head,
        score=found.score,
        points=points,
        as_of=moment,
        overrides=() if moment.is_past else overrides.of_account(**may),
        sentiments=sentiments.of_account(**may, before=before),
    )
