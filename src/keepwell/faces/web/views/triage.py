"""The inbox of tickets: by kind, with deeds on one or several, all of which can be taken back."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.access.queries import users
from keepwell.faces.jobs import tasks
from keepwell.faces.web import back, taken_away, written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import triage as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import triage as deeds
from keepwell.plays.actions import triage_ways as ways
from keepwell.plays.actions.triage import Done
from keepwell.plays.queries import gaps, library
from keepwell.plays.queries import triage as found
from keepwell.plays.queries.triage import Asked

SHOWN = 100
MOST_COLLEAGUES = 200
TRIAGED = "triaged"
HEAD = (
    "ticket", "subject", "kind", "severity", "escalated", "opened_at", "account", "account_name", "arr", "currency",
    "person", "assignee", "triager",
)  # fmt: skip


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Tickets that wait, by kind; or what was made of others."""
    return respond(request, "web/triage.html", _page(request, asking), part="rows")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same tickets as a file."""
    return streamed(f"triage-{asking.today}", HEAD, _cells(_asked(request, asking), asking))


def _cells(asked: Asked, asking: Asking) -> Iterator[tuple[object, ...]]:
    for one in found.each(asked=asked, seen_by=asking.seen_by):
        arr = (one.arr.amount, one.arr.currency) if one.arr else (None, None)
        yield (
            one.key, one.subject, one.said or one.kind, one.severity, "yes" if one.escalated else "no",
            one.opened_at.isoformat(), one.account_key, one.account_name, *arr, one.person, one.assignee, one.triager,
        )  # fmt: skip


@require_POST
@signed_in
def several(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Set the kind of the chosen tickets, or settle them in one way."""
    chosen, said = request.POST.getlist("ticket"), request.POST.get("deed", "")
    here = back.to(request, otherwise=reverse("triage"))
    try:
        deed = _DEEDS.get(said.partition(":")[0])
        if deed is None:
            raise Invalid("Choose what to do with the tickets.")
        if not chosen:
            raise Invalid("Choose at least one ticket.")
        done, told = deed(request, asking, chosen)
        if done.unwritten:
            told += " " + speech.counted(
                done.unwritten,
                "Of one no address is known: tell them yourself.",
                "Of %(n)s no address is known: tell them yourself.",
                n=done.unwritten,
            )
        taken_away.keep(request, TRIAGED, [list(done.ids), here], told=told)
    except Refused as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        written.note(request, asking.now)
        tasks.nudge()
    return HttpResponseRedirect(here)


def _kind(request: HttpRequest, asking: Asking, chosen: list[str]) -> tuple[Done, str]:
    kind = request.POST.get("deed", "").partition(":")[2]
    done = deeds.set_kind(tickets=chosen, kind=kind, by=asking.seen_by, at=asking.now)
    return done, speech.told("%(tickets)s: %(kind)s.", tickets=_tickets(done), kind=pages.kind_title(kind))


def _article(request: HttpRequest, asking: Asking, chosen: list[str]) -> tuple[Done, str]:
    number = request.POST.get("article", "")
    if not number.isdecimal() or len(number) > 18:
        raise Invalid("Choose the article that answers it.")
    done = ways.answer(
        tickets=chosen,
        article=int(number),
        note=request.POST.get("note", ""),
        by=asking.seen_by,
        at=asking.now,
    )
    return done, speech.told("%(tickets)s answered with an article.", tickets=_tickets(done))


def _office_hour(request: HttpRequest, asking: Asking, chosen: list[str]) -> tuple[Done, str]:
    del request
    done = ways.into_office_hour(tickets=chosen, by=asking.seen_by, at=asking.now)
    return done, speech.told("%(tickets)s put into the next office hour.", tickets=_tickets(done))


def _gap(request: HttpRequest, asking: Asking, chosen: list[str]) -> tuple[Done, str]:
    given = request.POST
    done = ways.into_gap(
        tickets=chosen,
        gap=given.get("gap", ""),
        title=given.get("title", ""),
        by=asking.seen_by,
        at=asking.now,
    )
    return done, speech.told("%(tickets)s merged into a product gap.", tickets=_tickets(done))


def _pm(request: HttpRequest, asking: Asking, chosen: list[str]) -> tuple[Done, str]:
    done = ways.to_pm(tickets=chosen, to=request.POST.get("to", ""), by=asking.seen_by, at=asking.now)
    return done, speech.told("%(tickets)s handed to the PM.", tickets=_tickets(done))


def _tickets(done: Done) -> str:
    n = len(done.ids)
    return speech.counted(n, "%(n)s ticket", "%(n)s tickets", n=n)


_DEEDS: dict[str, Callable[[HttpRequest, Asking, list[str]], tuple[Done, str]]] = {
    "kind": _kind,
    "article": _article,
    "office_hour": _office_hour,
    "gap": _gap,
    "pm": _pm,
}


@require_POST
@signed_in
def undo(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Take one back from the list of what was triaged."""
    number = request.POST.get("triage", "")
    if not number.isdecimal() or len(number) > 18:
        raise Invalid("Choose what to take back.")
    told, _ = untriaged([[int(number)], ""], asking)
    messages.success(request, told, extra_tags="done")
    written.note(request, asking.now)
    tasks.nudge()
    return HttpResponseRedirect(back.to(request, otherwise=reverse("triage")))


def untriaged(said: Any, asking: Asking) -> tuple[str, str]:
    """Take triage back; what to tell, and where to go."""
    ids, here = said
    count, gone = deeds.undo(ids=ids, by=asking.seen_by, at=asking.now)
    told = speech.counted(count, "%(n)s ticket is as it was.", "%(n)s tickets are as they were.", n=count)
    if gone:
        told += " " + speech.counted(
            gone, "Its letter had gone out already.", "%(n)s letters had gone out already.", n=gone
        )
    return told, here or reverse("triage")


def _asked(request: HttpRequest, asking: Asking) -> Asked:
    given = request.GET
    account = given.get("account", "").strip()
    return found.read(
        state=given.get("state", "waiting"),
        whose=given.get("whose", "all"),
        kind=given.get("kind", ""),
        account=accounts.meant(account, seen_by=asking.seen_by) if account else "",
        search=given.get("q", "").strip().replace("\x00", ""),
        escalated=bool(given.get("escalated")),
    )


def _page(request: HttpRequest, asking: Asking) -> pages.TriagePage:
    asked, may = _asked(request, asking), asking.seen_by
    text = request.GET.get("offset", "")
    offset = int(text) if text.isdecimal() and len(text) < 10 else 0
    waits = asked.state == "waiting"
    may_work = may.may("work.do")
    return pages.page(
        found.page(asked=asked, seen_by=may, offset=offset, limit=SHOWN) if waits else (),
        () if waits else found.done(asked=asked, seen_by=may, offset=offset, limit=SHOWN),
        found.counts(asked=asked, seen_by=may) if waits else {},
        asked=asked,
        offset=offset,
        limit=SHOWN,
        now=asking.now,
        may_work=may_work,
        articles=library.choices(seen_by=may) if waits and may_work else (),
        gaps=gaps.choices(seen_by=may) if waits and may_work else (),
        colleagues=users.colleagues(limit=MOST_COLLEAGUES) if waits and may_work else (),
    )
