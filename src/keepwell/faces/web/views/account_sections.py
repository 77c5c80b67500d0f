"""The tabs of an account that are made of records: delivery and training; and the sections of service and of contracts."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_sections as pages
from keepwell.faces.web.pages import records as tables
from keepwell.faces.web.pages.account_sections import Section
from keepwell.faces.web.pages.record_columns import NEWEST
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.intake.queries import naming, records
from keepwell.kernel import speech

SHOWN = 25
BIG = {"raci": 400, "risks": 200}
TITLES = {"delivery": speech.later("Delivery"), "training": speech.later("Training")}


@require_GET
@signed_in
def tab(request: HttpRequest, asking: Asking, key: str, name: str) -> HttpResponse:
    """What is known of one side of the work, a section a kind."""
    found = OneAccount(request, asking, key, f"account-{name}")
    made = sections(asking, found, name, back=reverse(f"account-{name}", args=(key,)))
    page = pages.tab(found.head, title=TITLES[name], sections=made)
    return respond(request, "web/account_sections.html", page)


def sections(
    asking: Asking, found: OneAccount, name: str, *, back: str, without: tuple[str, ...] = ()
) -> tuple[Section, ...]:
    """The sections of a tab. Two queries a kind, and one for names where rows name others."""
    people = {("people", person.key): person.name for person in found.people}
    made = []
    for kind in pages.kinds_of(name):
        if kind.slug in without:
            continue
        told = records.page(
            kind=kind.slug,
            seen_by=asking.seen_by,
            account=found.account.key,
            limit=BIG.get(kind.slug, SHOWN),
            newest=NEWEST.get(kind.slug, ""),
        )
        made.append(
            pages.section(
                kind,
                told.items,
                account=found.account.key,
                back=back,
                today=asking.today,
                may_write=asking.seen_by.may(kind.creating),
                names=naming.called(
                    told.items, fields=tables.shown_fields(kind), seen_by=asking.seen_by, known=people
                ),
                has_more=told.next is not None,
            )
        )
    return tuple(made)
