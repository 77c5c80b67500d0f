"""The Overview of an account, and the column of what changed, which it loads."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web import as_of
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_health
from keepwell.faces.web.pages import overview as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.health.queries import scores
from keepwell.kernel.moments import day_of, start_of
from keepwell.ledger.actions import looks
from keepwell.ledger.queries import accounts, definitions, sentiments, timeline

TREND = timedelta(weeks=account_health.TREND_WEEKS)
FORTNIGHT = timedelta(days=14)
AT_ONCE = 40


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What is next, how its measures stand, and a place for what changed."""
    found = OneAccount(request, asking, key, "account")
    moment = found.as_of
    may: dict[str, Any] = {"account_id": found.id, "seen_by": asking.seen_by}
    is_bare = found.score is None and not found.people and not found.account.arr_parts
    page = pages.overview(
        found.head,
        as_of=moment,
        score=found.score,
        points=scores.history(**may, since=moment.day - TREND, until=moment.day),
        tasks=found.tasks,
        phase=found.phase,
        sentiments=sentiments.of_account(**may, before=moment.before, limit=1),
        custom=pages.custom_fields(definitions.of_noun("account"), found.account.fields),
        is_bare=is_bare,
    )
    return respond(request, "web/account_overview.html", page)


@require_GET
@signed_in
def changes(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What was learned since this person last looked; on a past day, what had happened in the two weeks before."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    moment = as_of.asked(request, asking)
    may: dict[str, Any] = {"account_id": found.id, "seen_by": asking.seen_by}
    since = None if moment.is_past else looks.look(account_id=found.id, by=asking.seen_by, at=asking.now)
    first_day = moment.day - FORTNIGHT if since is None else day_of(since)
    items = timeline.of_account(
        **may,
        until=moment.at,
        known_by=moment.known_by,
        since=None if since else start_of(first_day),
        learned_since=since,
        limit=AT_ONCE,
    )
    page = pages.changes(
        key=key,
        name=found.name or key,
        as_of=moment,
        since=since,
        first_day=first_day,
        moved=scores.moved(**may, since=first_day, until=moment.day),
        items=items,
        at_once=AT_ONCE,
    )
    return respond(request, "web/account_changes.html", page, part="changes")
