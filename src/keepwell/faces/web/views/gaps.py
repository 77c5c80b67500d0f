"""The one list of product gaps for the PM: ranked, given a status, merged; and who asked is told when one is shipped."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web import back, taken_away, written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import gaps as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.outcomes.actions import gap_wordings
from keepwell.outcomes.queries import shared_gaps
from keepwell.plays import triage
from keepwell.plays.actions import gaps as deeds
from keepwell.plays.queries import gaps

STATUS, MERGED, WORDED = "gap-status", "gap-merged", "gap-worded"
HEAD = (
    "gap", "title", "status", "points", "arr", "currency", "accounts", "accounts_without_arr", "tickets", "people",
    "worst_severity", "first_asked_at", "waiting_to_hear",
)  # fmt: skip


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All gaps, the one that comes first on top."""
    state, text = request.GET.get("state", "all"), request.GET.get("q", "").strip()
    found = gaps.ranked(seen_by=asking.seen_by, at=asking.now, state=state, search=text)
    page = pages.listing(found, state=state, search=text, now=asking.now, sees_all=asking.seen_by.everything)
    return respond(request, "web/gaps.html", page, part="rows")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file."""
    state, text = request.GET.get("state", "all"), request.GET.get("q", "").strip()
    found = gaps.ranked(seen_by=asking.seen_by, at=asking.now, state=state, search=text)
    return streamed(f"product-gaps-{asking.today}", HEAD, _cells(found))


def _cells(found: tuple[gaps.GapView, ...]) -> Iterator[tuple[object, ...]]:
    for gap in found:
        arr = (gap.arr.amount, gap.arr.currency) if gap.arr else (None, None)
        yield (
            gap.key, gap.title, gap.status, f"{gap.rank.points:.1f}", *arr, gap.accounts, gap.unstated, gap.tickets,
            gap.people, gap.severity, gap.first_at and gap.first_at.isoformat(), gap.untold,
        )  # fmt: skip


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, gap: str) -> HttpResponse:
    """One gap: who asked, and whether they were told."""
    return respond(request, "web/gap.html", _page(asking, gap))


def _page(asking: Asking, gap: str, *, typed: str = "", refused: str = "") -> pages.GapPage:
    return pages.detail(
        gaps.find(key=gap, seen_by=asking.seen_by, at=asking.now),
        gaps.requests(key=gap, seen_by=asking.seen_by),
        others=gaps.choices(seen_by=asking.seen_by),
        now=asking.now,
        may_work=asking.seen_by.may("work.do"),
        wording=shared_gaps.wording(gap=gap, seen_by=asking.seen_by),
        typed=typed,
        refused=refused,
    )


@require_POST
@signed_in
def status(request: HttpRequest, asking: Asking, gap: str) -> HttpResponse:
    """Say how it stands with it."""
    said = request.POST.get("status", "")
    was = deeds.set_status(gap=gap, status=said, by=asking.seen_by, at=asking.now)
    told = speech.told("%(gap)s: %(status)s.", gap=gap, status=triage.STATUSES[said])
    taken_away.keep(request, STATUS, [gap, was], told=told)
    _nudged(request, asking)
    return HttpResponseRedirect(back.to(request, otherwise=reverse("gap", args=(gap,))))


def restated(said: Any, asking: Asking) -> tuple[str, str]:
    """Give a gap the status that it had."""
    gap, was = said
    deeds.set_status(gap=gap, status=was, by=asking.seen_by, at=asking.now)
    return speech.told("The status is as it was."), reverse("gap", args=(gap,))


@require_POST
@signed_in
def merger(request: HttpRequest, asking: Asking, gap: str) -> HttpResponse:
    """The one is the same as the other."""
    into = request.POST.get("into", "")
    if not into:
        raise Invalid("Choose the gap that it is the same as.")
    deeds.merge(gap=gap, into=into, by=asking.seen_by, at=asking.now)
    taken_away.keep(request, MERGED, gap, told=speech.told("Merged: what was asked for there counts here."))
    _nudged(request, asking)
    return HttpResponseRedirect(reverse("gap", args=(into,)))


def split(said: Any, asking: Asking) -> tuple[str, str]:
    """Take a merger back."""
    deeds.split(gap=said, by=asking.seen_by, at=asking.now)
    return speech.told("It stands alone again."), reverse("gap", args=(said,))


@require_POST
@signed_in
def telling(request: HttpRequest, asking: Asking, gap: str) -> HttpResponse:
    """Write to who asked that it is there."""
    text = request.POST.get("text", "")
    try:
        done = deeds.tell_back(gap=gap, text=text, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        page = _page(asking, gap, typed=text, refused=str(refusal))
        return respond(request, "web/gap.html", page, status=422)
    told = speech.counted(
        done.letters, "%(n)s letter is on its way.", "%(n)s letters are on their way.", n=done.letters
    )
    if done.unwritten:
        told += " " + speech.counted(
            done.unwritten,
            "Of one request no address is known: tell them yourself.",
            "Of %(n)s requests no address is known: tell them yourself.",
            n=done.unwritten,
        )
    messages.success(request, told, extra_tags="done")
    _nudged(request, asking)
    return HttpResponseRedirect(reverse("gap", args=(gap,)))


@require_POST
@signed_in
def told(request: HttpRequest, asking: Asking, gap: str) -> HttpResponse:
    """Somebody told them otherwise."""
    keys = request.POST.getlist("request")
    if not keys:
        raise Invalid("Choose who was told.")
    count = deeds.told_by_hand(requests=keys, by=asking.seen_by, at=asking.now)
    said = speech.counted(count, "Noted: one was told.", "Noted: %(n)s were told.", n=count)
    messages.success(request, said, extra_tags="done")
    _nudged(request, asking)
    return HttpResponseRedirect(reverse("gap", args=(gap,)))


@require_POST
@signed_in
def wording(request: HttpRequest, asking: Asking, gap: str) -> HttpResponse:
    """Say what customers read of it, or that they read nothing."""
    words = request.POST.get("words", "")
    try:
        before = _worded(gap, words, asking)
    except Refused as refusal:
        return respond(request, "web/gap.html", _page(asking, gap, refused=str(refusal)), status=422)
    told = (
        speech.told("Who asked reads this in their next deck.")
        if words.strip()
        else speech.told("Customers read nothing of it any more.")
    )
    taken_away.keep(request, WORDED, [gap, before], told=told)
    return HttpResponseRedirect(reverse("gap", args=(gap,)))


def _worded(gap: str, words: str, asking: Asking) -> str:
    if words.strip():
        return gap_wordings.write(gap=gap, words=words, by=asking.seen_by, at=asking.now)
    return gap_wordings.drop(gap=gap, by=asking.seen_by, at=asking.now)


def reworded(said: Any, asking: Asking) -> tuple[str, str]:
    """Give back the words that there were."""
    gap, before = said
    _worded(gap, before, asking)
    return speech.told("What customers read is as it was."), reverse("gap", args=(gap,))


def _nudged(request: HttpRequest, asking: Asking) -> None:
    written.note(request, asking.now)
    tasks.nudge()


RESTORERS = {STATUS: restated, MERGED: split, WORDED: reworded}
