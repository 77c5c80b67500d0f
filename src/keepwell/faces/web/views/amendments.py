"""Renew, expand, reduce a contract or say that it is not renewed: the form, what it would move, and taking it back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces import amendment_files
from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import amendments as pages
from keepwell.faces.web.views.account_plan import number
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.actions import amendments as deeds
from keepwell.ledger.actions import renewals
from keepwell.ledger.amending import Given
from keepwell.ledger.queries import amendments

AMENDED = "contract_amended"
HERE = "account-contracts"
TRUTH = {"yes": True, "no": False}


@require_http_methods(["GET", "POST"])
@signed_in
def amend(request: HttpRequest, asking: Asking, key: str, kind: str) -> HttpResponse:
    """The form; what is typed is shown with what it would move, and written when it is sent."""
    asking.seen_by.require("work.do")
    if kind not in pages.KINDS:
        raise NotFound("There is no such deed on a contract.")
    of = request.GET.get("contract", "").replace("\x00", "")[:200]
    contract = amendments.amendable(account=key, key=of, seen_by=asking.seen_by)
    if request.method != "POST":
        typed = pages.begun(kind, contract, today=asking.today)
        return _shown(request, asking, pages.form(kind, contract, typed, today=asking.today), None)
    typed = {name: str(value) for name, value in request.POST.items()}
    page = pages.form(kind, contract, typed, today=asking.today)
    try:
        given = _given(kind, of, typed)
        if typed.get("deed") != "save":
            return _shown(request, asking, page, given)
        made = deeds.amend(account=key, given=given, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        is_preview = typed.get("deed") != "save"
        refused = replace(page, refused=str(refusal))
        return respond(
            request,
            "web/amendment.html",
            refused,
            part="effect" if is_preview else "",
            status=200 if is_preview else 422,
        )
    tasks.nudge()
    taken_away.keep(request, AMENDED, made, told=_told(kind))
    return HttpResponseRedirect(reverse(HERE, args=(key,)))


def _shown(
    request: HttpRequest, asking: Asking, page: pages.AmendmentForm, given: Given | None
) -> HttpResponse:
    """The form, with what it would move once enough is typed to tell."""
    if given is None:
        try:
            given = _given(page.kind, page.contract, {**page.typed, "reason": page.reasons[1].value})
        except Refused:
            return respond(request, "web/amendment.html", page, part="effect")
    told = replace(given, reason=given.reason or page.reasons[1].value)
    account = request.resolver_match.kwargs["key"] if request.resolver_match else ""
    try:
        effect = amendments.effect(account=account, given=told, seen_by=asking.seen_by, today=asking.today)
    except Refused as refusal:
        shown = page if request.method != "POST" else replace(page, refused=str(refusal))
        return respond(request, "web/amendment.html", shown, part="effect")
    card = pages.card(effect, today=asking.today)
    return respond(request, "web/amendment.html", replace(page, effect=card), part="effect")


@require_POST
@signed_in
def removal(request: HttpRequest, asking: Asking, key: str, amendment_id: int) -> HttpResponse:
    """Take it back: the terms are as they were."""

    def take_back() -> str:
        deeds.take_back(amendment=amendment_id, by=asking.seen_by, at=asking.now)
        return speech.told("It is taken back: the terms are as they were.")

    return _answer(request, asking, key, amendment_id, take_back)


@require_POST
@signed_in
def told(request: HttpRequest, asking: Asking, key: str, amendment_id: int) -> HttpResponse:
    """Say of a contract of a source whether it tells the same renewal."""
    same = request.POST.get("deed") == "same"
    contract = request.POST.get("contract", "").replace("\x00", "")[:200]

    def say() -> str:
        renewals.say(amendment=amendment_id, contract=contract, same=same, by=asking.seen_by, at=asking.now)
        if same:
            return speech.told("It is one renewal: its ARR counts once.")
        return speech.told("They are two contracts: both count.")

    return _answer(request, asking, key, amendment_id, say)


def _answer(
    request: HttpRequest, asking: Asking, key: str, amendment_id: int, deed: Callable[[], str]
) -> HttpResponse:
    """Do something about an amendment of this account, and say how it went beside its contracts."""
    asking.seen_by.require("work.do")
    if amendments.find(amendment=amendment_id, seen_by=asking.seen_by).account != key:
        raise NotFound("There is no amendment %(number)s.", number=amendment_id)
    try:
        done = deed()
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, done, extra_tags="done")
    return HttpResponseRedirect(reverse(HERE, args=(key,)))


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """The amendments of an account as a file."""
    del request
    found = amendments.of_book(seen_by=asking.seen_by, account=key)
    return streamed(f"amendments-{key}", amendment_files.COLUMNS, amendment_files.rows(found))


def taken_back(said: Any, asking: Asking) -> tuple[str, str]:
    """The button of the toast."""
    key = deeds.take_back(amendment=int(said), by=asking.seen_by, at=asking.now)
    return speech.told("It is taken back: the terms are as they were."), reverse(HERE, args=(key,))


def _told(kind: str) -> str:
    return {
        "renewed": speech.told("The contract is renewed."),
        "expanded": speech.told("The expansion is written."),
        "reduced": speech.told("The reduction is written."),
        "not_renewed": speech.told("It is noted that the contract is not renewed."),
    }[kind]


def _given(kind: str, contract: str, typed: Mapping[str, str]) -> Given:
    amount = number(typed.get("amount", ""))
    if amount is not None and not abs(amount) < 10**13:
        raise Invalid("Name the amount a year, as a positive number.")
    said = typed.get("products", "")
    return Given(
        kind=kind,
        contract=contract,
        reason=typed.get("reason", ""),
        amount=None if amount is None else Decimal(str(amount)),
        on=_day(typed.get("on", "")),
        months=_whole(typed.get("months", "")),
        seats=_whole(typed.get("seats", "")),
        products=tuple(dict.fromkeys(name.strip()[:200] for name in said.split(",") if name.strip())),
        preventable=TRUTH.get(typed.get("preventable", "")),
        signed_on=_day(typed.get("signed_on", "")),
        note=typed.get("note", ""),
    )


def _day(text: str) -> date | None:
    return parse_day(text) if text.strip() else None


def _whole(text: str) -> int | None:
    found = number(text)
    if found is None:
        return None
    if found != int(found) or not 0 <= found < 10**9:
        raise Invalid('"%(text)s" is no whole number.', text=text[:40])
    return int(found)


RESTORERS = {AMENDED: taken_back}
