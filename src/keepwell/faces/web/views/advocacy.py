"""Advocacy: whom one may ask to speak for us, who was asked and what came of it, similar customers; and the deeds."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces import advocacy_files
from keepwell.faces.jobs import tasks
from keepwell.faces.web import back, taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import advocacy as pages
from keepwell.faces.web.pages import advocate_rows
from keepwell.health.queries import portfolio
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.kernel.errors import NotFound, Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries import people as stakeholders
from keepwell.outcomes.actions import advocacy as deeds
from keepwell.outcomes.queries import advocacy, advocates, alike

TABS = ("suggestions", "asks", "alike")
ASKED, SHOWN = "advocate_asked", 100


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """One of three lists: suggestions, asks, similar customers."""
    asked, of, offset = _wanted(request), _of(request, asking), _offset(request)
    if asked["tab"] not in TABS:
        raise NotFound("There is no such list.")
    may: dict[str, Any] = {"of": of, "seen_by": asking.seen_by}
    told: dict[str, Any] = {"suggestions": (), "asks": (), "alike": (), "tally": {}}
    narrowed: dict[str, Any] = {"kind": asked["kind"], "search": asked["q"]}
    if asked["tab"] == "suggestions":
        told["suggestions"] = advocates.of_book(day=asking.day, also_barred=True, **narrowed, **may)
    elif asked["tab"] == "asks":
        told["asks"] = advocacy.asks(state=asked["state"], offset=offset, limit=SHOWN + 1, **narrowed, **may)
        told["tally"] = advocacy.tally(**narrowed, **may)
    elif asked["like"]:
        told["alike"] = alike.find(account=asked["like"], day=asking.day, **may)
    page = pages.page(
        asked=asked, of=of, whose=portfolio.choices(seen_by=asking.seen_by), offset=offset, limit=SHOWN,
        rest_days=advocacy.rest_days(), today=asking.today, may_work=asking.seen_by.may("work.do"), **told,
    )  # fmt: skip
    return respond(request, "web/advocacy.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """All asks of a book as a file."""
    asked = _wanted(request)
    rows = advocacy.each(
        of=_of(request, asking), seen_by=asking.seen_by, state=asked["state"], kind=asked["kind"], search=asked["q"]
    )  # fmt: skip
    return streamed("advocacy", advocacy_files.COLUMNS, advocacy_files.asks(rows))


@require_GET
@signed_in
def people(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """Everybody whom one may ask, or may not ask now, as a file."""
    asked = _wanted(request)
    found = advocates.of_book(
        of=_of(request, asking), seen_by=asking.seen_by, day=asking.day, also_barred=True, kind=asked["kind"],
        search=asked["q"],
    )  # fmt: skip
    return streamed("advocates", advocacy_files.PEOPLE, advocacy_files.suggestions(found))


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Note that somebody of the account was asked."""
    asking.seen_by.require("work.do")
    account = accounts.find(key=key, seen_by=asking.seen_by)
    typed = {name: str(value) for name, value in (request.POST or request.GET).items()}
    refused, where = "", back.to(request, otherwise=pages.address({"tab": "asks"}))
    if request.method == "POST":
        try:
            number = _asked(asking, key, typed)
        except Refused as refusal:
            refused = str(refusal)
        else:
            tasks.nudge()
            taken_away.keep(request, ASKED, number, told=speech.told("The ask is noted."))
            return HttpResponseRedirect(where)
    theirs = [
        (one.key, one.name)
        for one in stakeholders.of_account(account_id=account.id, seen_by=asking.seen_by)
        if one.status == "active"
    ]
    page = advocate_rows.form(
        key, account.name or key, theirs, typed, back=where, today=asking.today, refused=refused
    )
    return respond(request, "web/advocate_ask.html", page, status=422 if refused else 200)


def _asked(asking: Asking, key: str, typed: dict[str, str]) -> int:
    return deeds.ask(
        account=key, person=typed.get("person", ""), kind=typed.get("kind", ""), on=parse_day(typed.get("on", "")),
        for_whom=typed.get("for_whom", ""), note=typed.get("note", ""), anyway=bool(typed.get("anyway")),
        by=asking.seen_by, at=asking.now,
    )  # fmt: skip


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, ask_id: int) -> HttpResponse:
    """Note the answer, note what came of it, or take back what was noted last."""
    asking.seen_by.require("work.do")
    told: dict[str, Any] = {"ask_id": ask_id, "by": asking.seen_by, "at": asking.now}
    given = {name: str(value) for name, value in request.POST.items()}
    try:
        said = _do(told, given)
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(back.to(request, otherwise=pages.address({"tab": "asks"})))


def _do(told: dict[str, Any], given: dict[str, str]) -> str:
    if given.get("deed") == "answer":
        again = given.get("again_on", "").strip()
        deeds.answer(
            answer=given.get("answer", ""), on=parse_day(given.get("on", "")), note=given.get("note", ""),
            again_on=parse_day(again) if again else None, **told,
        )  # fmt: skip
        return speech.told("The answer is noted.")
    if given.get("deed") == "outcome":
        deeds.note_outcome(
            text=given.get("text", ""), on=parse_day(given.get("on", "")), link=given.get("link", ""), **told
        )
        return speech.told("What came of it is noted.")
    if given.get("deed") == "back":
        deeds.take_back(**told)
        return speech.told("What was noted last is taken back.")
    raise NotFound("There is no such deed on an ask.")


def unasked(number: Any, asking: Asking) -> tuple[str, str]:
    """Take back that somebody was asked."""
    deeds.take_back(ask_id=int(number), by=asking.seen_by, at=asking.now)
    return speech.told("What was noted last is taken back."), reverse("advocacy")


def _wanted(request: HttpRequest) -> dict[str, str]:
    said = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:200]
        for name in ("kind", "state", "q", "like")
    }
    return {"tab": request.GET.get("tab") or TABS[0], **said}


def _offset(request: HttpRequest) -> int:
    said = request.GET.get("offset", "")
    return int(said) if said.isdecimal() and len(said) < 8 else 0


def _of(request: HttpRequest, asking: Asking) -> Whose:
    usual = portfolio.ALL if asking.seen_by.everything else portfolio.MINE
    return portfolio.whose(request.GET.get("of") or usual, seen_by=asking.seen_by)


RESTORERS = {ASKED: unasked}
