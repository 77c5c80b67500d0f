"""Office hours: the weekly slots, each hour with its questions and people, and how it went."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.views.decorators.http import require_GET, require_POST

from keepwell.access.queries import users
from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import office_hours as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import office_hours as deeds
from keepwell.plays.queries import office_hours as found

ENDED = "office-hour-ended"
MOST_COLLEAGUES = 200
HEAD = ("ticket", "question", "account", "account_name", "person", "name", "email", "came", "answered")


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Slots, and hours with questions."""
    return respond(request, "web/office_hours.html", _page(asking, pages.SlotForm()))


def _page(asking: Asking, form: pages.SlotForm, *, refused: str = "") -> pages.HoursPage:
    return pages.listing(
        found.slots_of(seen_by=asking.seen_by, at=asking.now),
        found.sessions(seen_by=asking.seen_by, at=asking.now),
        form=form if form.zone else pages.SlotForm(zone=get_current_timezone_name()),
        colleagues=users.colleagues(limit=MOST_COLLEAGUES),
        now=asking.now,
        may_work=asking.seen_by.may("work.do"),
        refused=refused,
    )


@require_POST
@signed_in
def make(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Hold an hour every week."""
    form = pages.SlotForm.read(request.POST.dict())
    try:
        deeds.make(wanted=_wanted(form, asking), by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        return respond(
            request, "web/office_hours.html", _page(asking, form, refused=str(refusal)), status=422
        )
    messages.success(request, speech.told("The office hour is held every week."), extra_tags="done")
    return HttpResponseRedirect(reverse("office-hours"))


def _wanted(form: pages.SlotForm, asking: Asking) -> deeds.Wanted:
    try:
        clock = time.fromisoformat(form.clock)
    except ValueError:
        raise Invalid('"%(clock)s" is no time. Use HH:MM.', clock=form.clock[:20]) from None
    if not (form.minutes.isdecimal() and len(form.minutes) < 5 and form.weekday.isdecimal()):
        raise Invalid("Say the weekday and how many minutes it takes.")
    account = accounts.meant(form.account, seen_by=asking.seen_by) if form.account else ""
    return deeds.Wanted(
        form.title, int(form.weekday[:3]), clock.replace(tzinfo=None), form.zone, int(form.minutes), form.place,
        account, form.host,
    )  # fmt: skip


@require_POST
@signed_in
def end(request: HttpRequest, asking: Asking, slot_id: int) -> HttpResponse:
    """Hold it no more."""
    deeds.end(office_hour_id=slot_id, by=asking.seen_by, at=asking.now)
    taken_away.keep(request, ENDED, slot_id, told=speech.told("The office hour is not held any more."))
    return HttpResponseRedirect(reverse("office-hours"))


def resumed(said: Any, asking: Asking) -> tuple[str, str]:
    """Hold it again."""
    deeds.resume(office_hour_id=said, by=asking.seen_by, at=asking.now)
    return speech.told("The office hour is held again."), reverse("office-hours")


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, session_id: int) -> HttpResponse:
    """One hour: its questions and people."""
    return respond(request, "web/office_hour.html", _session(asking, session_id))


def _session(asking: Asking, session_id: int, *, note: str = "", refused: str = "") -> pages.HourPage:
    return pages.detail(
        found.find(session_id=session_id, seen_by=asking.seen_by),
        found.questions(session_id=session_id, seen_by=asking.seen_by),
        now=asking.now,
        may_work=asking.seen_by.may("work.do"),
        note=note,
        refused=refused,
    )


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, session_id: int) -> StreamingHttpResponse:
    """Its questions and people as a file."""
    del request
    found.find(session_id=session_id, seen_by=asking.seen_by)
    rows = (
        (
            one.ticket, one.subject, one.account_key, one.account_name, one.person_key, one.person, one.email,
            "yes" if one.came else "no", "yes" if one.resolved else "no",
        )
        for one in found.questions(session_id=session_id, seen_by=asking.seen_by)
    )  # fmt: skip
    return streamed(f"office-hour-{session_id}", HEAD, rows)


@require_POST
@signed_in
def hold(request: HttpRequest, asking: Asking, session_id: int) -> HttpResponse:
    """It took place."""
    given, minutes = request.POST, request.POST.get("minutes", "").strip()
    try:
        if minutes and not (minutes.isdecimal() and len(minutes) < 5):
            raise Invalid("Say how many minutes it took.")
        count = deeds.hold(
            session_id=session_id, attended=given.getlist("came"), minutes=int(minutes) if minutes else None,
            note=given.get("note", ""), by=asking.seen_by, at=asking.now,
        )  # fmt: skip
    except Refused as refusal:
        page = _session(asking, session_id, note=given.get("note", ""), refused=str(refusal))
        return respond(request, "web/office_hour.html", page, status=422)
    told = speech.counted(
        count,
        "Held: %(n)s ticket is answered, and who came stands in the timeline.",
        "Held: %(n)s tickets are answered, and who came stands in the timeline.",
        n=count,
    )
    messages.success(request, told, extra_tags="done")
    _nudged(request, asking)
    return HttpResponseRedirect(reverse("office-hour", args=(session_id,)))


@require_POST
@signed_in
def move_on(request: HttpRequest, asking: Asking, session_id: int) -> HttpResponse:
    """It did not take place."""
    count = deeds.move_on(session_id=session_id, by=asking.seen_by, at=asking.now)
    told = speech.counted(
        count, "%(n)s question moved to the next one.", "%(n)s questions moved to the next one.", n=count
    )
    messages.success(request, told, extra_tags="done")
    _nudged(request, asking)
    return HttpResponseRedirect(reverse("office-hours"))


def _nudged(request: HttpRequest, asking: Asking) -> None:
    written.note(request, asking.now)
    tasks.nudge()


RESTORERS = {ENDED: resumed}
