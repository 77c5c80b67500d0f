"""One account: a page a tab, all under the same head."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from keepwell.faces.web import written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account as pages
from keepwell.faces.web.pages import account_quality as quality_pages
from keepwell.faces.web.pages import contracts as contract_pages
from keepwell.faces.web.pages import incidents as incident_pages
from keepwell.faces.web.pages import tasks as task_pages
from keepwell.faces.web.views.account_sections import sections
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.health.queries import overrides, scores
from keepwell.intake.queries import findings
from keepwell.kernel.moments import end_of, parse_moment, start_of, within_reach
from keepwell.ledger.queries import contracts, definitions, movements, sentiments, timeline, usage
from keepwell.plays.queries import tasks

TREND = timedelta(weeks=pages.TREND_WEEKS)
QUARTER = timedelta(days=90)
AT_ONCE = 100


@require_GET
@signed_in
def health(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Health now, over time, and part by part."""
    return respond(request, "web/account_health.html", health_tab(asking, key))


def health_tab(asking: Asking, key: str) -> pages.HealthTab:
    """The Health tab of an account."""
    found = OneAccount(asking, key, "account")
    points = scores.history(account_id=found.id, since=asking.today - TREND, seen_by=asking.seen_by)
    custom = pages.custom_fields(definitions.of_noun("account"), found.account.fields)
    past = overrides.of_account(account_id=found.id, seen_by=asking.seen_by)
    return pages.health(
        found.head,
        score=found.score,
        points=points,
        custom=custom,
        now=asking.now,
        overrides=past,
        sentiments=sentiments.of_account(account_id=found.id, seen_by=asking.seen_by),
    )


@require_GET
@signed_in
def use(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Usage by week, and feature by feature over ninety days."""
    found = OneAccount(asking, key, "account-usage")
    span = usage.of_account(
        account_id=found.id,
        seen_by=asking.seen_by,
        since=start_of(asking.today - QUARTER + timedelta(days=1)),
        until=end_of(asking.today),
    )
    page = pages.UsageTab(
        head=found.head,
        span="the last 90 days",
        features=pages.features(span.features, today=asking.today),
        people_chart=reverse("account-chart", args=(key, "people")),
        events_chart=reverse("account-chart", args=(key, "events")),
    )
    return respond(request, "web/account_usage.html", page)


@require_GET
@signed_in
def persons(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Who they are and how they stand to us."""
    found = OneAccount(asking, key, "account-people")
    rows = tuple(pages.person(row, today=asking.today) for row in found.people)
    page = pages.PeopleTab(
        found.head,
        rows,
        movers=tuple(row for row in rows if not row.has_left),
        here=reverse("account-people", args=(key,)),
        today=asking.today.isoformat(),
    )
    return respond(request, "web/account_people.html", page)


@require_GET
@signed_in
def signed(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What is signed, latest first."""
    found = OneAccount(asking, key, "account-contracts")
    rows = contracts.of_account(account_id=found.id, seen_by=asking.seen_by)
    told = movements.changes(account_id=found.id, seen_by=asking.seen_by, until=asking.now)
    here = reverse("account-contracts", args=(key,))
    products = {row.key: row.product for row in rows}
    page = contract_pages.ContractsTab(
        found.head,
        tuple(contract_pages.contract(row, today=asking.today, back=here) for row in rows),
        tuple(contract_pages.change(one, today=asking.today, products=products) for one in told),
        reverse("account-chart", args=(key, "arr")),
        sections(asking, found, "money", back=here, without=("contracts",)),
        f"{reverse('record-new', args=('contracts',))}?{urlencode({'account': key, 'back': here})}",
    )
    return respond(request, "web/account_contracts.html", page)


@require_GET
@signed_in
def happened(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What happened, latest first, a hundred facts at a time."""
    found = OneAccount(asking, key, "account-timeline")
    until = _until(request, asking)
    items = timeline.of_account(account_id=found.id, seen_by=asking.seen_by, until=until, limit=AT_ONCE)
    here = reverse("account-timeline", args=(key,))
    older = f"{here}?until={items[-1].at.isoformat().replace('+00:00', 'Z')}" if len(items) == AT_ONCE else ""
    page = pages.TimelineTab(
        found.head,
        pages.days(items, today=asking.today),
        older,
        f"{reverse('record-new', args=('touchpoints',))}?{urlencode({'account': key, 'back': here})}",
        here if written.is_settling(request, asking.now) else "",
    )
    return respond(request, "web/account_timeline.html", page)


@require_GET
@signed_in
def burning(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The account's incidents."""
    found = OneAccount(asking, key, "account-incidents")
    rows = tuple(incident_pages.row(incident, now=asking.now) for incident in found.incidents)
    set_tasks = tasks.of_account(account_id=found.id, seen_by=asking.seen_by)
    page = pages.IncidentsTab(
        found.head, rows, tuple(task_pages.row(task, now=asking.now) for task in set_tasks)
    )
    return respond(request, "web/account_incidents.html", page)


@require_GET
@signed_in
def quality(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """How much of the score rests on what is not known, and what is wrong with what is known."""
    found = OneAccount(asking, key, "account-quality")
    failed = findings.of_account(account_id=found.id, seen_by=asking.seen_by)
    page = quality_pages.tab(
        found.head, score=found.score, found=failed, looked_at=findings.refreshed_at(), now=asking.now
    )
    return respond(request, "web/account_quality.html", page)


def _until(request: HttpRequest, asking: Asking) -> datetime:
    asked = request.GET.get("until")
    if not asked:
        return end_of(asking.today)
    until = parse_moment(asked)
    within_reach(until.date())
    return until
