"""The Journey tab of an account: its path, and the deeds on frictions that somebody wrote down."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces import journey_files
from keepwell.faces.jobs import tasks
from keepwell.faces.web import as_of, taken_away
from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import account_journey as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel import speech
from keepwell.kernel.errors import NotFound, Refused
from keepwell.kernel.moments import parse_day
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.queries import account_journey

HERE = "account-journey"
WITHDRAWN = "friction_withdrawn"


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The path, the criteria of the phase, what went against the customer; read from the lake once the page is there."""
    found = OneAccount(request, asking, key, HERE)
    moment = found.as_of
    if READ not in request.GET:
        waiting = pages.JourneyTab(found.head, awaits=moment.of(HERE, key, **{READ: "1"}))
        return respond(request, "web/account_journey.html", waiting)
    told = account_journey.find(key=key, seen_by=asking.seen_by, day=moment.day, known_by=moment.known_by)
    may_work = asking.seen_by.may("work.do") and not moment.is_past
    page = pages.tab(found.head, told, may_work=may_work, csv=moment.of("account-journey-csv", key))
    return respond(request, "web/account_journey.html", page, part="walked")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """The path and the frictions as a file."""
    moment = as_of.asked(request, asking)
    told = account_journey.find(key=key, seen_by=asking.seen_by, day=moment.day, known_by=moment.known_by)
    return streamed(f"journey-{key}", journey_files.PATH_COLUMNS, journey_files.path(told))


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Write down a friction, settle it, open it again, take it back."""
    asking.seen_by.require("work.do")
    told: dict[str, Any] = {"account": key, "by": asking.seen_by, "at": asking.now}
    try:
        _do(request, told)
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
    return HttpResponseRedirect(reverse(HERE, args=(key,)))


def _do(request: HttpRequest, told: dict[str, Any]) -> None:
    said = request.POST.get("deed", "")
    number = request.POST.get("id", "")
    which: dict[str, Any] = {"friction_id": int(number) if number.isdecimal() and len(number) < 18 else 0}
    if said == "note":
        deeds.note(text=request.POST.get("text", ""), on=parse_day(request.POST.get("on", "")), **told)
        messages.success(request, speech.told("The friction is noted."), extra_tags="done")
    elif said == "settle":
        day = parse_day(request.POST.get("on", ""))
        deeds.settle(on=day, text=request.POST.get("text", ""), **which, **told)
        messages.success(request, speech.told("It is out of the way."), extra_tags="done")
    elif said == "reopen":
        deeds.reopen(**which, **told)
        messages.success(request, speech.told("It is open again."), extra_tags="done")
    elif said == "withdraw":
        kept = deeds.withdraw_friction(**which, **told)
        taken_away.keep(request, WITHDRAWN, kept, told=speech.told("The friction is taken back."))
    else:
        raise NotFound("There is no such deed on a journey.")


def noted_again(kept: Any, asking: Asking) -> tuple[str, str]:
    """Put back what was taken back."""
    deeds.note(
        account=kept["account"], text=kept["text"], on=parse_day(kept["on"]), by=asking.seen_by, at=asking.now
    )
    return speech.told("The friction is noted again."), reverse(HERE, args=(kept["account"],))


RESTORERS = {WITHDRAWN: noted_again}
