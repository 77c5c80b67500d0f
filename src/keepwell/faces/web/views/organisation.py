"""An account's place among others: hierarchy, owners, mergers, splits; each shown as of a day and changed here."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.access.queries import users
from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import organisation as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.health.queries import rollups
from keepwell.kernel import speech
from keepwell.kernel.errors import Forbidden, Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.actions import accounts as account_deeds
from keepwell.ledger.actions import hand_overs
from keepwell.ledger.actions import hierarchy as hierarchy_deeds
from keepwell.ledger.actions import mergers as deeds
from keepwell.ledger.actions import people as people_deeds
from keepwell.ledger.catalogue import HIERARCHIES
from keepwell.ledger.queries import accounts, contracts, hierarchy, mergers, people
from keepwell.ledger.queries import hand_overs as hand_over_queries

COLLEAGUES = 1000


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The tab."""
    return _shown(request, asking, key)


def _shown(request: HttpRequest, asking: Asking, key: str, *, refused: str = "") -> HttpResponse:
    found = OneAccount(request, asking, key, "account-organisation")
    as_of = found.as_of.day
    may: dict[str, Any] = {"account_id": found.id, "seen_by": asking.seen_by}
    known = hierarchy.kinds(account_id=found.id)
    asked = request.GET.get("kind", "")
    kind = asked if asked in HIERARCHIES else next(iter(known), hierarchy.DEFAULT)
    tree = hierarchy.tree(kind=kind, as_of=as_of, known_by=found.as_of.known_by, **may)
    health = rollups.of_tree(tree, seen_by=asking.seen_by) if len(tree.nodes) > 1 else {}
    belongs = mergers.belongings(**may)
    nodes = pages.rows(tree, key=key, health=health)
    page = pages.OrganisationTab(
        head=found.head,
        kind=kind,
        kinds=tuple((slug, title, slug == kind) for slug, title in HIERARCHIES.items()),
        as_of=as_of.isoformat(),
        above=tuple(pages.node(node, here=key) for node in tree.above(key)),
        nodes=nodes,
        below=pages.below(nodes, tree, key=key, health=health),
        rolled_up=rollups.TITLES[rollups.function()] if health else "",
        spans=tuple(pages.span(span, today=asking.today) for span in hierarchy.history(**may)),
        owners=tuple(pages.owner(span, today=asking.today) for span in accounts.owner_history(**may)),
        ahead=tuple(
            pages.ahead(one, key=key, today=asking.today) for one in hand_over_queries.of_account(**may)
        ),
        today=asking.today.isoformat(),
        roles=tuple((slug, role.title) for slug, role in ROLES.items() if slug != "customer"),
        colleagues=users.colleagues(limit=COLLEAGUES) if asking.seen_by.may("accounts.assign") else (),
        deeds=tuple(pages.deed(row, key=key, today=asking.today) for row in mergers.deeds(**may)),
        keys=belongs.keys,
        domains=belongs.domains,
        merged_into=found.account.merged_into,
        merged_href=reverse("account", args=(found.account.merged_into,))
        if found.account.merged_into
        else "",
        merged_day=DayMark.of(found.account.merged_at, today=asking.today),
        may_change=asking.seen_by.may("accounts.assign") and not found.as_of.is_past,
        refused=refused,
    )
    return respond(request, "web/account_organisation.html", page, status=422 if refused else 200)


@require_POST
@signed_in
def place(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Put the account under another, or under none."""
    since = request.POST.get("since", "").strip()
    parent = accounts.meant(request.POST.get("parent", "").strip(), seen_by=asking.seen_by)
    return _done(
        request, asking, key, speech.told("Its place is stated."),
        lambda: hierarchy_deeds.place(
            child=key,
            parent=parent or None,
            kind=request.POST.get("kind", ""),
            since=parse_day(since) if since else None,
            by=asking.seen_by,
            at=asking.now,
        ),
    )  # fmt: skip


@require_POST
@signed_in
def owner(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Hand the account over in a role."""
    email = request.POST.get("email", "").strip()
    role = request.POST.get("role", "")
    said = request.POST.get("since", "").strip()
    since = parse_day(said) if said else asking.today
    if since == asking.today:
        told = speech.told("%(email)s looks after it from today.", email=email)
    else:
        day = words.day(since, today=asking.today)
        told = speech.told("%(email)s looks after it from %(day)s.", email=email, day=day)
    return _done(
        request, asking, key, told,
        lambda: account_deeds.assign_by_email(
            key=key, email=email, role=role, by=asking.seen_by, at=asking.now, since=since
        ),
    )  # fmt: skip


@require_POST
@signed_in
def hand_over_drop(request: HttpRequest, asking: Asking, key: str, slug: str) -> HttpResponse:
    """Take a hand-over back that has not begun."""
    return _done(
        request, asking, key, speech.told("It stays with who has it."),
        lambda: hand_overs.drop_one(key=key, role=slug, by=asking.seen_by, at=asking.now),
    )  # fmt: skip


@require_POST
@signed_in
def undo(request: HttpRequest, asking: Asking, key: str, number: int) -> HttpResponse:
    """Take a merger, a split or a move back."""
    return _done(
        request, asking, key, speech.told("It is taken back. Numbers follow."),
        lambda: deeds.undo(number=number, by=asking.seen_by, at=asking.now),
    )  # fmt: skip


def _done(
    request: HttpRequest, asking: Asking, key: str, said: str, deed: Callable[[], object]
) -> HttpResponse:
    try:
        deed()
    except Forbidden:
        raise
    except Refused as refusal:
        return _shown(request, asking, key, refused=str(refusal))
    tasks.nudge()
    messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(reverse("account-organisation", args=(key,)))


@require_http_methods(["GET", "POST"])
@signed_in
def merger(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Say into which account, see what moves, and do it."""
    asking.seen_by.require("accounts.assign")
    name = accounts.find(key=key, seen_by=asking.seen_by).name
    typed = (request.POST if request.method == "POST" else request.GET).get("target", "").strip()
    target = accounts.meant(typed, seen_by=asking.seen_by)
    if not target:
        return respond(request, "web/organisation_merger.html", pages.MergerPage(key, name))
    try:
        if request.method == "POST":
            deeds.merge(source=key, target=target, by=asking.seen_by, at=asking.now)
        found = mergers.merge_preview(source=key, target=target, on=asking.day, seen_by=asking.seen_by)
    except Refused as refusal:
        page = pages.MergerPage(key, name, target, refused=str(refusal))
        return respond(request, "web/organisation_merger.html", page, status=422)
    if request.method == "POST":
        tasks.nudge()
        messages.success(
            request,
            speech.told(
                "%(name)s is part of %(target_name)s. Numbers follow.",
                name=name,
                target_name=found.target_name,
            ),
            extra_tags="done",
        )
        return HttpResponseRedirect(reverse("account-organisation", args=(target,)))
    page = pages.MergerPage(
        key, name, target, found.target_name, pages.moves(found), pages.money(found.arr_after)
    )
    return respond(request, "web/organisation_merger.html", page)


@require_http_methods(["GET", "POST"])
@signed_in
def split(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Choose what goes to a new account, see what moves, and do it."""
    asking.seen_by.require("accounts.assign")
    account = accounts.find(key=key, seen_by=asking.seen_by)
    given = request.POST
    names: dict[str, Any] = {noun: given.getlist(noun) for noun in ("contracts", "people", "keys")}
    new_key, new_name = given.get("key", "").strip(), given.get("name", "").strip()
    shown: dict[str, Any] = {"new_key": new_key, "new_name": new_name}
    status = 200
    if request.method == "POST":
        try:
            found = mergers.split_preview(source=key, on=asking.day, seen_by=asking.seen_by, **names)
            if given.get("sure") == "1":
                deeds.split(source=key, key=new_key, name=new_name, by=asking.seen_by, at=asking.now, **names)
                tasks.nudge()
                messages.success(
                    request,
                    speech.told("%(new_name)s is an account of its own.", new_name=new_name or new_key),
                    extra_tags="done",
                )
                return HttpResponseRedirect(reverse("account-organisation", args=(new_key,)))
            shown |= {"moves": pages.moves(found), "after": pages.money(found.arr_after)}
        except Refused as refusal:
            shown, status = shown | {"refused": str(refusal)}, 422
    may: dict[str, Any] = {"account_id": account.id, "seen_by": asking.seen_by}
    page = pages.SplitPage(
        key,
        account.name,
        contracts=tuple(
            (
                row.key,
                " · ".join(
                    dict.fromkeys((row.product or row.key, str(row.arr or speech.told("no ARR")), row.key))
                ),
                row.key in names["contracts"],
            )
            for row in contracts.of_account(**may)
        ),
        people=tuple((row.key, row.name, row.key in names["people"]) for row in people.of_account(**may)),
        keys=tuple(
            (raw, raw, raw in names["keys"])
            for raw in mergers.belongings(**may).keys
            if raw != key and not raw.startswith("contract:")
        ),
        **shown,
    )
    return respond(request, "web/organisation_split.html", page, status=status)


@require_POST
@signed_in
def move_person(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """A person leaves this account for another."""
    target = accounts.meant(request.POST.get("target", "").strip(), seen_by=asking.seen_by)
    here = reverse("account-people", args=(key,))
    try:
        people_deeds.move(
            person=request.POST.get("person", ""),
            source=key,
            target=target,
            on=parse_day(request.POST.get("on", "")),
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
        return HttpResponseRedirect(here)
    tasks.nudge()
    messages.success(
        request, speech.told("They belong to %(target)s from that day on.", target=target), extra_tags="done"
    )
    return HttpResponseRedirect(here)
