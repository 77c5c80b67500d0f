"""Hand-overs: the list, one with its pack as page and PDF, and what breaks if somebody leaves today."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.access.queries import users
from keepwell.drafting import hand_over_report
from keepwell.faces import hand_over_files
from keepwell.faces.components import words
from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import hand_overs as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Forbidden, Invalid, NotFound, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import hand_overs as deeds
from keepwell.plays.queries import continuity, hand_overs

COLLEAGUES = 200
MADE = "handover_made"


@require_http_methods(["GET", "POST"])
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """To me, from me, all; a POST makes one."""
    refused = ""
    if request.method == "POST":
        try:
            return _made(request, asking)
        except (Forbidden, NotFound):
            raise
        except Refused as refusal:
            refused = str(refusal)
    page = _list(request, asking, refused)
    return respond(request, "web/hand_overs.html", page, status=422 if refused else 200)


def _made(request: HttpRequest, asking: Asking) -> HttpResponse:
    said = request.POST
    key = accounts.meant(said.get("account", "").strip(), seen_by=asking.seen_by)
    number = deeds.make(account=key, wanted=_wanted(request), by=asking.seen_by, at=asking.now)
    tasks.nudge()
    taken_away.keep(request, MADE, number, told=speech.told("The hand-over is made."))
    return HttpResponseRedirect(reverse("handover", args=(number,)))


def _wanted(request: HttpRequest) -> deeds.Wanted:
    said = request.POST
    return deeds.Wanted(
        said.get("kind", "csm_to_csm"), said.get("to", ""), said.get("note", ""), bool(said.get("assign"))
    )


def _list(request: HttpRequest, asking: Asking, refused: str) -> pages.ListPage:
    said = request.POST if request.method == "POST" else request.GET
    whose = request.GET.get("whose") or ("all" if asking.seen_by.everything else "mine")
    seen_by = asking.seen_by
    return pages.listing(
        hand_overs.page(whose=whose, seen_by=seen_by),
        whose=whose,
        csms=continuity.csms(seen_by=seen_by),
        today=asking.today,
        colleagues=users.colleagues(limit=COLLEAGUES),
        account=said.get("account", ""),
        note=said.get("note", ""),
        kind=said.get("kind", "csm_to_csm"),
        to=said.get("to", ""),
        refused=refused,
        may_make=seen_by.may("work.do") and seen_by.user_id is not None,
        may_assign=seen_by.may("accounts.assign"),
    )


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, pack_id: int) -> HttpResponse:
    """One, with all that the next one has to know."""
    found = hand_overs.find(pack_id=pack_id, seen_by=asking.seen_by)
    page = pages.detail(
        found,
        hand_overs.pack(account=found.account_key, seen_by=asking.seen_by, now=asking.now),
        me=asking.seen_by.user_id,
        may_work=asking.seen_by.may("work.do"),
        may_assign=asking.seen_by.may("accounts.assign"),
        now=asking.now,
        today=asking.today,
    )
    return respond(request, "web/hand_over.html", page)


@require_GET
@signed_in
def report(request: HttpRequest, asking: Asking, pack_id: int) -> HttpResponse:
    """The same as a PDF."""
    found = hand_overs.find(pack_id=pack_id, seen_by=asking.seen_by)
    pack = hand_overs.pack(account=found.account_key, seen_by=asking.seen_by, now=asking.now)
    response = HttpResponse(hand_over_report.pdf(found, pack, at=asking.now), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="hand-over-{found.id}.pdf"'
    return response


@require_POST
@signed_in
def change(request: HttpRequest, asking: Asking, pack_id: int) -> HttpResponse:
    """Accept it, say its note anew, or take it back."""
    here, deed = reverse("handover", args=(pack_id,)), request.POST.get("deed", "")
    told: dict[str, Any] = {"pack_id": pack_id, "by": asking.seen_by, "at": asking.now}
    note = request.POST.get("note", "")
    try:
        if deed == "accept":
            deeds.accept(**told, note=note)
            done = speech.told("It is yours now.")
        elif deed == "note":
            deeds.reword(**told, note=note)
            done = speech.told("The note is kept.")
        elif deed == "withdraw":
            deeds.withdraw(**told)
            done, here = speech.told("The hand-over is taken back."), reverse("handovers")
        else:
            raise Invalid("Accept it, say its note, or take it back.")
    except deeds.AlreadyAccepted as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(here)
    tasks.nudge()
    messages.success(request, done, extra_tags="done")
    return HttpResponseRedirect(here)


@require_http_methods(["GET", "POST"])
@signed_in
def check(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What breaks if somebody leaves today; a POST hands their whole book over."""
    user_id, refused = _user(request, asking), ""
    if request.method == "POST":
        try:
            made, there = deeds.make_all(
                giver_id=user_id, wanted=_wanted(request), by=asking.seen_by, at=asking.now
            )
            return _told(request, made, there)
        except (Forbidden, NotFound):
            raise
        except Refused as refusal:
            refused = str(refusal)
    page = pages.continuity(
        continuity.check(user_id=user_id, seen_by=asking.seen_by, now=asking.now),
        colleagues=users.colleagues(limit=COLLEAGUES),
        may_assign=asking.seen_by.may("accounts.assign"),
        refused=refused,
    )
    return respond(request, "web/continuity.html", page, status=422 if refused else 200)


@require_GET
@signed_in
def check_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file."""
    found = continuity.check(user_id=_user(request, asking), seen_by=asking.seen_by, now=asking.now)
    return streamed("continuity", hand_over_files.CONTINUITY_COLUMNS, hand_over_files.continuity(found))


@require_POST
@signed_in
def of_bulk(request: HttpRequest, asking: Asking, deed_id: int) -> HttpResponse:
    """Hand-overs for the accounts that a reassigning gave another owner."""
    made, there = deeds.after_bulk(deed_id=deed_id, by=asking.seen_by, at=asking.now)
    return _told(request, made, there)


def _told(request: HttpRequest, made: int, there: int) -> HttpResponse:
    tasks.nudge()
    told = speech.counted(made, "%(n)s hand-over is made.", "%(n)s hand-overs are made.", n=made)
    if there:
        told += " " + speech.told(
            "%(accounts)s were being handed over already.", accounts=words.count(there, "account")
        )
    messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(f"{reverse('handovers')}?whose=all")


def _user(request: HttpRequest, asking: Asking) -> int:
    said = request.GET.get("of", "")
    if not said and asking.seen_by.user_id is not None:
        return asking.seen_by.user_id
    if not said.isdecimal() or len(said) > 18:
        raise Invalid('"%(of)s" is nobody\'s number.', of=said[:20])
    return int(said)


def withdrawn(said: Any, asking: Asking) -> tuple[str, str]:
    """Take back what was just made."""
    deeds.withdraw(pack_id=int(said), by=asking.seen_by, at=asking.now)
    return speech.told("The hand-over is taken back."), reverse("handovers")


RESTORERS = {MADE: withdrawn}
