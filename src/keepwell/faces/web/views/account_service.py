"""The Service tab: what waits and how the account is served, above the tickets, answers and check-ins themselves."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_sections
from keepwell.faces.web.pages import account_service as pages
from keepwell.faces.web.views.account_sections import sections
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel import speech
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import service


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What waits, how fast it is solved, how content they are."""
    found = OneAccount(request, asking, key, "account-service")
    moment = found.as_of
    here = reverse("account-service", args=(key,))
    at = end_of(moment.day)
    may: dict[str, Any] = {"account_id": found.id, "seen_by": asking.seen_by, "at": at}
    waits = service.waiting(**may)
    rows = () if moment.is_past else sections(asking, found, "service", back=here)
    tab = account_sections.tab(found.head, title=speech.told("Service"), sections=rows)
    page = pages.ServiceTab(
        head=found.head,
        facts=pages.facts(waits, service.figures(**may)),
        waiting=pages.tickets(waits.longest, back=here, now=moment.at),
        more=waits.count - len(waits.longest),
        chart=moment.of("account-chart", key, "tickets"),
        incidents=moment.of("account-incidents", key),
        sections=tab.sections,
        missing=tab.missing,
    )
    return respond(request, "web/account_service.html", page)
