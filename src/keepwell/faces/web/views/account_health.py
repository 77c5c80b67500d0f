"""The Health tab of an account."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web import as_of
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import account_health as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.health.queries import overrides, scores
from keepwell.intake.queries import findings
from keepwell.kernel.moments import day_of
from keepwell.ledger.queries import accounts, freshness, sentiments
from keepwell.metrics.queries import catalogue, facts

TREND = timedelta(weeks=pages.TREND_WEEKS)
YEAR = timedelta(days=364)
USE = "usage"


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
    return pages.health(
        found.head,
        score=found.score,
        points=points,
        as_of=moment,
        ages=_ages(found, may),
        overrides=() if moment.is_past else overrides.of_account(**may),
        sentiments=sentiments.of_account(**may, before=moment.before),
    )


def _ages(found: OneAccount, may: dict[str, Any]) -> dict[str, date]:
    """By metric, the day of the last fact that its parts of the score rest on, as far as tables tell."""
    if found.score is None:
        return {}
    asked = {part.metric for part in found.score.parts}
    lasts = freshness.last_facts(**may, before=found.as_of.at)
    used = findings.last_use(**may)
    if used is not None and used < found.as_of.at:
        lasts[USE] = day_of(used)
    ages: dict[str, date] = {}
    for metric in catalogue.all_metrics():
        if metric.slug not in asked:
            continue
        feeds = (*facts.families(metric), *((USE,) if facts.looks_at_use(metric) else ()))
        days = [lasts[feed] for feed in feeds if feed in lasts]
        if days:
            ages[metric.slug] = max(days)
    return ages


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """A year of stored days, part by part, as CSV."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    moment = as_of.asked(request, asking)
    points = scores.history(
        account_id=found.id, seen_by=asking.seen_by, since=moment.day - YEAR, until=moment.day
    )
    return streamed(f"{key}-health-{moment.day}", pages.HEAD, pages.cells(points))
