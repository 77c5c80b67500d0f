"""The Usage tab of an account."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_usage as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel.moments import DAY, end_of, start_of
from keepwell.ledger.queries import usage

QUARTER = timedelta(days=90)


@require_GET
@signed_in
def use(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Usage by week, and feature by feature over ninety days."""
    found = OneAccount(request, asking, key, "account-usage")
    moment = found.as_of
    span = usage.of_account(
        account_id=found.id,
        seen_by=asking.seen_by,
        since=start_of(moment.day - QUARTER + DAY),
        until=end_of(moment.day),
        known_by=moment.known_by,
    )
    page = pages.UsageTab(
        head=found.head,
        span=f"the 90 days until {moment.day:%-d %B %Y}" if moment.is_past else "the last 90 days",
        features=pages.features(span.features, today=moment.day),
        people_chart=moment.of("account-chart", key, "people"),
        events_chart=moment.of("account-chart", key, "events"),
    )
    return respond(request, "web/account_usage.html", page)
