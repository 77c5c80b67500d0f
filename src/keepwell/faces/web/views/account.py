"""One account: a page a tab, all under the same head."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.pages import account as pages
from keepwell.faces.web.pages import account_quality as quality_pages
from keepwell.faces.web.pages import amendments as amendment_pages
from keepwell.faces.web.pages import contracts as contract_pages
from keepwell.faces.web.pages import incidents as incident_pages
from keepwell.faces.web.pages import rules as rule_pages
from keepwell.faces.web.pages import runs as run_pages
from keepwell.faces.web.pages import tasks as task_pages
from keepwell.faces.web.views.account_sections import sections
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.intake.queries import findings
from keepwell.ledger.queries import amendments, invoices, movements, renewals
from keepwell.metrics.queries import values
from keepwell.plays.queries import playbooks, runs, tasks
from keepwell.signals.queries import firings

SHOWN = 20


@require_GET
@signed_in
def signed(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What is signed, latest first; what changed when is read from the lake once the page is there."""
    found = OneAccount(request, asking, key, "account-contracts")
    rows, moment = found.contracts, found.as_of
    is_read = READ in request.GET
    told = (
        movements.changes(
            account_id=found.id, seen_by=asking.seen_by, until=moment.at, known_by=moment.known_by
        )
        if is_read
        else ()
    )
    here = reverse("account-contracts", args=(key,))
    products = {row.key: row.product for row in rows}
    use = () if moment.is_past else values.current(account_id=found.id, seen_by=asking.seen_by)
    late = invoices.overdue(on=moment.day, seen_by=asking.seen_by, account=key)
    agreed = () if moment.is_past else amendments.of_book(seen_by=asking.seen_by, account=key)
    ends = {
        one.contract: one.kind
        for one in agreed
        if one.kind in amendments.ENDS and one.successor != one.contract
    }
    waits = any(one.kind == "renewed" and one.successor and not one.told_again for one in agreed)
    again = renewals.asked(account=key, seen_by=asking.seen_by) if waits else {}
    amends = key if asking.seen_by.may("work.do") and not moment.is_past else ""
    followed = contract_pages.followed(rows)
    page = contract_pages.ContractsTab(
        found.head,
        contract_pages.facts(rows, late, {one.metric.slug: one.value for one in use}, today=moment.day),
        tuple(
            contract_pages.contract(
                row,
                today=moment.day,
                back=here,
                ended=ends.get(row.key, ""),
                amends=amends,
                is_followed=row.key in followed,
            )
            for row in rows
        ),
        tuple(contract_pages.change(one, today=moment.day, products=products) for one in told),
        "" if is_read else moment.of("account-contracts", key, **{READ: "1"}),
        moment.of("account-chart", key, "arr"),
        () if moment.is_past else sections(asking, found, "money", back=here, without=("contracts",)),
        f"{reverse('record-new', args=('contracts',))}?{urlencode({'account': key, 'back': here})}",
        amendment_pages.rows(agreed, again, today=moment.day),
        bool(amends),
    )
    return respond(request, "web/account_contracts.html", page, part="changed" if is_read else "")


@require_GET
@signed_in
def burning(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The account's incidents."""
    found = OneAccount(request, asking, key, "account-incidents")
    moment = found.as_of
    rows = tuple(incident_pages.row(incident, now=moment.at) for incident in found.incidents)
    set_tasks = tasks.of_account(account_id=found.id, seen_by=asking.seen_by, before=moment.before)
    told = (
        ()
        if moment.is_past
        else firings.of_account(account_id=found.id, seen_by=asking.seen_by, now=asking.now)
    )
    page = pages.IncidentsTab(
        found.head,
        rows,
        tuple(task_pages.row(task, now=moment.at) for task in set_tasks),
        _signals(told, asking.now, holding=True),
        _signals(told, asking.now, holding=False),
        *_plays(found, asking),
    )
    return respond(request, "web/account_incidents.html", page)


def _plays(
    found: OneAccount, asking: Asking
) -> tuple[tuple[run_pages.RunRow, ...], tuple[tuple[str, str], ...]]:
    """The playbooks that ran for it, and those that may be started."""
    if found.as_of.is_past:
        return (), ()
    asked = runs.read(account=found.account.key)
    told = runs.page(asked=asked, seen_by=asking.seen_by, limit=SHOWN)
    rows = tuple(run_pages.run_row(run, now=asking.now, of_account=True) for run in told)
    return rows, playbooks.startable() if asking.seen_by.may("work.do") else ()


def _signals(
    told: tuple[firings.FiringView, ...], now: datetime, *, holding: bool
) -> tuple[rule_pages.SignalRow, ...]:
    return tuple(
        rule_pages.signal(one, now=now, of_account=True) for one in told if (one.ended_at is None) is holding
    )


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
