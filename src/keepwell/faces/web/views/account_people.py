"""The People tab: the map of today or of a past day, one person beside it, their changes with undo, and everybody as CSV."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import account_people as pages
from keepwell.faces.web.pages import people_map
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.intake.actions import records as deeds
from keepwell.intake.queries import records
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts, contacts, people, stakeholder_history
from keepwell.ledger.queries.contacts import Contact
from keepwell.ledger.queries.people import StakeholderView

STAKE = "stake"
CHANGED = ("roles", "title", "stance", "influence", "reports_to")
HEAD = (
    "key", "name", "email", "title", "roles", "stance", "influence", "reports_to", "status", "strength", "last_contact",
    "met_90_days", "wrote_90_days", "declined_90_days",
)  # fmt: skip


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Who they are and how they stand to us; with `person` one of them beside the map."""
    return _shown(request, asking, key)


def _shown(
    request: HttpRequest,
    asking: Asking,
    key: str,
    *,
    chosen: str = "",
    typed: Mapping[str, str] = {},
    refused: str = "",
) -> HttpResponse:
    found = OneAccount(request, asking, key, "account-people")
    moment, there, day = found.as_of, found.people, found.as_of.day
    close = contacts.of_account(account_id=found.id, seen_by=asking.seen_by, until=end_of(day))
    here = reverse("account-people", args=(key,))
    query = dict(moment.asks)
    chosen = chosen or request.GET.get("person", "")
    listed = pages.rows(there, close, here=here, today=day)
    shows_all = "all" in request.GET or len(listed) <= pages.LISTED
    page = pages.PeopleTab(
        head=found.head,
        map=people_map.build(there, close, here=here, chosen=chosen, today=day, query=query),
        panel=_panel(asking, key, chosen, there, close, query, day, typed, refused) if chosen else None,
        people=listed if shows_all else listed[: pages.LISTED],
        count=len(listed),
        every="" if shows_all else f"{here}?{urlencode({**query, 'all': 1})}#everybody",
        csv=moment.of("account-people-csv", key),
        movers=() if moment.is_past else tuple(row for row in listed if not row.has_left)[:200],
        here=here,
        today=asking.today.isoformat(),
    )
    return respond(request, "web/account_people.html", page, part="beside", status=422 if refused else 200)


def _panel(
    asking: Asking,
    key: str,
    person: str,
    there: tuple[StakeholderView, ...],
    close: Mapping[str, Contact],
    query: Mapping[str, str],
    day: date,
    typed: Mapping[str, str],
    refused: str,
) -> pages.PersonPanel:
    one = next((each for each in there if each.key == person), None)
    if one is None:
        raise NotFound(
            '"%(person)s" does not belong to "%(key)s" on that day.'
            if query
            else '"%(person)s" does not belong to "%(key)s".',
            person=person,
            key=key,
        )
    here = reverse("account-people", args=(key,))
    places = people.places(person=person, seen_by=asking.seen_by)
    others = tuple((name or at, at) for at, name, status in places if at != key and status != "left")
    back = urlencode({"account": key, "back": f"{here}?{urlencode({'person': person})}"})
    return pages.panel(
        one,
        close.get(person, contacts.NEVER),
        people=there,
        elsewhere=tuple((name, reverse("account-people", args=(at,))) for name, at in others),
        links={
            "close": f"{here}?{urlencode(query)}" if query else here,
            "history": reverse("account-person-history", args=(key, person)),
            "href": reverse("account-person", args=(key, person)),
            "record": f"{reverse('record', args=('people', person))}?{back}",
        },
        typed=typed,
        refused=refused,
        may_change=not query and asking.seen_by.may("work.do"),
        today=day,
    )


@require_POST
@signed_in
def change(request: HttpRequest, asking: Asking, key: str, person: str) -> HttpResponse:
    """Change what a person is to the account; the answer offers to take it back."""
    stored = records.find(kind="people", key=person, seen_by=asking.seen_by, account=key)
    said = {name: request.POST[name] for name in CHANGED if name in request.POST}
    try:
        _update(asking, key, person, said)
    except (Invalid, Conflict) as refusal:
        typed = {name: str(value) for name, value in said.items()}
        return _shown(request, asking, key, chosen=person, typed=typed, refused=str(refusal))
    _follow(request, asking)
    before = {name: _typed(stored.values.get(name)) for name in said}
    name = stored.values.get("name") or person
    if before != said:
        kept = {"account": key, "person": person, "said": before, "name": name}
        taken_away.keep(request, STAKE, kept, told=speech.told("%(name)s is saved.", name=name))
    return HttpResponseRedirect(f"{reverse('account-people', args=(key,))}?{urlencode({'person': person})}")


def taken_back(kept: dict[str, Any], asking: Asking) -> tuple[str, str]:
    """Undo a change: what a person is to the account is as it was before."""
    account, person = kept["account"], kept["person"]
    _update(asking, account, person, kept["said"])
    here = reverse("account-people", args=(account,))
    return speech.told("%(name)s is as before.", name=kept["name"]), f"{here}?{urlencode({'person': person})}"


def _update(asking: Asking, account: str, person: str, said: Mapping[str, str]) -> None:
    deeds.update(
        kind="people",
        key=person,
        said=said,
        source="web",
        by=asking.seen_by,
        at=asking.now,
        account=account,
    )


def _typed(value: Any) -> str:
    """A stored value as a form says it."""
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _follow(request: HttpRequest, asking: Asking) -> None:
    written.note(request, asking.now)
    tasks.nudge()


@require_GET
@signed_in
def history(request: HttpRequest, asking: Asking, key: str, person: str) -> HttpResponse:
    """What changed about a person in this account, latest first."""
    account = accounts.find(key=key, seen_by=asking.seen_by)
    told = stakeholder_history.changes(
        account_id=account.id, seen_by=asking.seen_by, until=end_of(asking.day), person=person
    )
    names = {one.key: one.name for one in people.of_account(account_id=account.id, seen_by=asking.seen_by)}
    if person not in names:
        raise NotFound('"%(person)s" does not belong to "%(key)s".', person=person, key=key)
    page = pages.PersonHistory(
        name=names[person] or person,
        back=f"{reverse('account-people', args=(key,))}?{urlencode({'person': person})}",
        rows=pages.history(told, names=names, today=asking.today),
    )
    return respond(request, "web/person_history.html", page, part="history")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """Everybody as CSV, as of the day that the page shows."""
    found = OneAccount(request, asking, key, "account-people")
    there, day = found.people, found.as_of.day
    close = contacts.of_account(account_id=found.id, seen_by=asking.seen_by, until=end_of(day))
    response = StreamingHttpResponse(_lines(there, close), content_type="text/csv; charset=utf-8")
    name = f"people-{day}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(there: tuple[StakeholderView, ...], close: Mapping[str, Contact]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(HEAD)
    for one in there:
        contact = close.get(one.key, contacts.NEVER)
        last = contact.last_at.isoformat() if contact.last_at else ""
        told = (one.key, one.name, one.email, one.title, ", ".join(one.roles), one.stance)
        yield writer.writerow(
            (
                *map(safe, told),
                one.influence or "",
                safe(one.reports_to_key),
                one.status,
                contact.strength if contact is not contacts.NEVER else "",
                last,
                contact.met,
                contact.wrote,
                contact.declined,
            )
        )
