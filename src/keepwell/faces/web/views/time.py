"""Time: where it goes, beside what the practice asks for; note some by hand."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.coverage.actions import time as deeds
from keepwell.coverage.queries import time
from keepwell.faces import time_files
from keepwell.faces.components import words
from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import time as pages
from keepwell.health.queries import portfolio
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused

TEMPLATE = "web/time.html"
REMOVED = "time_entry"


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The shares of a person's, a team's or everybody's time."""
    return respond(request, TEMPLATE, _page(request, asking, pages.Typed(asking.today.isoformat())))


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """Each stretch of time, a row each."""
    of, weeks = _asked(request, asking)
    rows = time_files.rows(of, until=asking.today, weeks=weeks, seen_by=asking.seen_by)
    return streamed("time", time_files.HEAD, rows)


@require_POST
@signed_in
def note(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Note time; what is refused stays typed."""
    typed = pages.typed(request.POST.dict(), today=asking.today)
    try:
        row = deeds.note(
            day=_day(typed.day),
            minutes=_minutes(typed.hours),
            activity=typed.activity,
            account=typed.account,
            note=typed.note,
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        return respond(request, TEMPLATE, _page(request, asking, typed, refused=str(refusal)), status=422)
    said = speech.told("%(hours)s h noted.", hours=words.exact(row.minutes / 60, 1))
    taken_away.keep(request, NOTED, row.pk, told=said)
    return HttpResponseRedirect(reverse("time"))


@require_POST
@signed_in
def removal(request: HttpRequest, asking: Asking, entry_id: int) -> HttpResponse:
    """Take one's own entry away."""
    row = deeds.remove(entry_id=entry_id, by=asking.seen_by, at=asking.now)
    taken_away.keep(request, REMOVED, row.pk, told=speech.told("The time is not noted any more."))
    return HttpResponseRedirect(reverse("time"))


def restored(said: Any, asking: Asking) -> tuple[str, str]:
    """Bring an entry back."""
    deeds.restore(entry_id=said, by=asking.seen_by, at=asking.now)
    return speech.told("The time is noted again."), reverse("time")


def unnoted(said: Any, asking: Asking) -> tuple[str, str]:
    """Take back what was just noted."""
    deeds.remove(entry_id=said, by=asking.seen_by, at=asking.now)
    return speech.told("The time is not noted any more."), reverse("time")


NOTED = "time_noted"
RESTORERS = {REMOVED: restored, NOTED: unnoted}


def _page(request: HttpRequest, asking: Asking, typed: pages.Typed, *, refused: str = "") -> pages.TimePage:
    of, weeks = _asked(request, asking)
    return pages.page(
        of,
        time.spent(of, until=asking.today, weeks=weeks, seen_by=asking.seen_by),
        weeks=weeks,
        whose=portfolio.choices(seen_by=asking.seen_by),
        entries=time.entries(seen_by=asking.seen_by),
        may_note=asking.seen_by.may("work.do") and asking.seen_by.user_id is not None,
        typed=typed,
        today=asking.today,
        refused=refused,
    )


def _asked(request: HttpRequest, asking: Asking) -> tuple[Whose, int]:
    of = portfolio.whose(request.GET.get("of", portfolio.MINE), seen_by=asking.seen_by)
    weeks = request.GET.get("weeks", "4")
    if weeks not in {str(n) for n, _ in pages.PERIODS}:
        raise Invalid('"%(weeks)s" weeks cannot be shown. Use 1, 4 or 13.', weeks=weeks[:20])
    return of, int(weeks)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid('"%(day)s" is no day. Use YYYY-MM-DD.', day=text[:20]) from None


def _minutes(text: str) -> int:
    try:
        hours = float(text.replace(",", "."))
        return round(hours * 60)
    except (ValueError, OverflowError):
        raise Invalid(
            speech.told(
                'How long it took is a number of hours such as 1.5, not "%(hours)s".', hours=text[:20]
            )
        ) from None
