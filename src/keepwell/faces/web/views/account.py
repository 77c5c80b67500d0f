"""One account: a page a tab, all under the same head."""

from datetime import datetime

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
from keepwell.intake.queries import findings
from keepwell.kernel.moments import end_of, parse_moment, within_reach
from keepwell.ledger.queries import movements, timeline
from keepwell.plays.queries import tasks

AT_ONCE = 100


@require_GET
@signed_in
def persons(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Who they are and how they stand to us."""
    found = OneAccount(request, asking, key, "account-people")
    rows = tuple(pages.person(row, today=found.as_of.day) for row in found.people)
    page = pages.PeopleTab(
        found.head,
        rows,
        movers=() if found.as_of.is_past else tuple(row for row in rows if not row.has_left),
        here=reverse("account-people", args=(key,)),
        today=asking.today.isoformat(),
    )
    return respond(request, "web/account_people.html", page)


@require_GET
@signed_in
def signed(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What is signed, latest first."""
    found = OneAccount(request, asking, key, "account-contracts")
    rows, moment = found.contracts, found.as_of
    told = movements.changes(
        account_id=found.id, seen_by=asking.seen_by, until=moment.at, known_by=moment.known_by
    )
    here = reverse("account-contracts", args=(key,))
    products = {row.key: row.product for row in rows}
    page = contract_pages.ContractsTab(
        found.head,
        tuple(contract_pages.contract(row, today=moment.day, back=here) for row in rows),
        tuple(contract_pages.change(one, today=moment.day, products=products) for one in told),
        moment.of("account-chart", key, "arr"),
        () if moment.is_past else sections(asking, found, "money", back=here, without=("contracts",)),
        f"{reverse('record-new', args=('contracts',))}?{urlencode({'account': key, 'back': here})}",
    )
    return respond(request, "web/account_contracts.html", page)


@require_GET
@signed_in
def happened(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What happened, latest first, a hundred facts at a time."""
    found = OneAccount(request, asking, key, "account-timeline")
    moment = found.as_of
    until = min(_until(request, asking), moment.at if moment.is_past else end_of(asking.today))
    items = timeline.of_account(
        account_id=found.id, seen_by=asking.seen_by, until=until, known_by=moment.known_by, limit=AT_ONCE
    )
    here = reverse("account-timeline", args=(key,))
    older = ""
    if len(items) == AT_ONCE:
        older = moment.of("account-timeline", key, until=items[-1].at.isoformat().replace("+00:00", "Z"))
    page = pages.TimelineTab(
        found.head,
        pages.days(items, today=moment.day),
        older,
        f"{reverse('record-new', args=('touchpoints',))}?{urlencode({'account': key, 'back': here})}",
        here if written.is_settling(request, asking.now) else "",
    )
    return respond(request, "web/account_timeline.html", page)


@require_GET
@signed_in
def burning(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The account's incidents."""
    found = OneAccount(request, asking, key, "account-incidents")
    moment = found.as_of
    rows = tuple(incident_pages.row(incident, now=moment.at) for incident in found.incidents)
    set_tasks = tasks.of_account(
        account_id=found.id, seen_by=asking.seen_by, before=moment.at if moment.is_past else None
    )
    page = pages.IncidentsTab(
        found.head, rows, tuple(task_pages.row(task, now=moment.at) for task in set_tasks)
    )
    return respond(request, "web/account_incidents.html", page)


@require_GET
@signed_in
def quality(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """How much of the score rests on what is not known, and what is wrong with what is known."""
    found = OneAccount(request, asking, key, "account-quality")
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
