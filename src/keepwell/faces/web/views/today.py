"""Today: one ranked list; done, snooze and delegate, each with its undo."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.access.queries import users
from keepwell.cockpit.actions import acting
from keepwell.cockpit.queries import today
from keepwell.faces.components import words
from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import tasks as task_pages
from keepwell.faces.web.pages import today as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.plays.queries import alarms

MOST_COLLEAGUES = 200
DONE, SNOOZED, GIVEN, REJECTED = "today-done", "today-snoozed", "today-given", "today-rejected"
LONGEST_ITEM = 200


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page, or for HTMX its list alone, or the rows of the list after a rank."""
    after = pages.rows_until(request.GET.get("after", "")) if getattr(request, "htmx", False) else 0
    until = 0 if after else pages.rows_until(request.GET.get("rows", ""))
    page = _page(asking, after=after, until=until)
    return respond(request, "web/today.html", page, part="more" if after else "waiting")


def _page(asking: Asking, *, after: int = 0, until: int = 0) -> pages.TodayPage:
    now, may_work = asking.now, asking.seen_by.may("work.do")
    return pages.page(
        today.today(seen_by=asking.seen_by, now=now, days=pages.days_of(now)),
        now=now,
        sources=today.sources(),
        colleagues=tuple(
            (email, name)
            for email, name in users.colleagues(limit=MOST_COLLEAGUES)
            if email != asking.by.email
        )
        if may_work
        else (),
        may_work=may_work,
        held=alarms.held_count(seen_by=asking.seen_by, user_id=asking.by.pk),
        after=after,
        until=until,
    )


@require_POST
@signed_in
def done(request: HttpRequest, asking: Asking) -> HttpResponse:
    """It was seen to."""

    def deed(item: str) -> None:
        what = acting.done(item=item, by=asking.seen_by, at=asking.now, days=pages.days_of(asking.now))
        taken_away.keep(request, DONE, item, told=speech.told("Done: %(what)s", what=what))

    return _answer(request, asking, deed)


@require_POST
@signed_in
def not_useful(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The signal told nothing that one could use."""

    def deed(item: str) -> None:
        what = acting.reject(item=item, by=asking.seen_by, at=asking.now, days=pages.days_of(asking.now))
        taken_away.keep(request, REJECTED, item, told=speech.told("Not useful: %(what)s", what=what))

    return _answer(request, asking, deed)


@require_POST
@signed_in
def snooze(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Not before a day."""

    def deed(item: str) -> None:
        until = task_pages.morning_of(request.POST.get("until", ""))
        days = pages.days_of(asking.now)
        what = acting.snooze(item=item, until=until, by=asking.seen_by, at=asking.now, days=days)
        when = words.moment(until, today=asking.today)
        taken_away.keep(
            request, SNOOZED, item, told=speech.told("Snoozed until %(when)s: %(what)s", when=when, what=what)
        )

    return _answer(request, asking, deed)


@require_POST
@signed_in
def delegate(request: HttpRequest, asking: Asking) -> HttpResponse:
    """A colleague sees to it."""

    def deed(item: str) -> None:
        to, days = request.POST.get("to", ""), pages.days_of(asking.now)
        what = acting.delegate(item=item, to=to, by=asking.seen_by, at=asking.now, days=days)
        taken_away.keep(
            request,
            GIVEN,
            item,
            told=speech.told("Given to %(by_email)s: %(what)s", by_email=users.by_email(to), what=what),
        )

    return _answer(request, asking, deed)


@require_POST
@signed_in
def recall(request: HttpRequest, asking: Asking) -> HttpResponse:
    """It comes back from a colleague."""

    def deed(item: str) -> None:
        acting.recall(item=item, by=asking.seen_by, at=asking.now)
        messages.success(request, speech.told("It is on your list again."), extra_tags="done")

    return _answer(request, asking, deed)


def _answer(request: HttpRequest, asking: Asking, deed: Callable[[str], None]) -> HttpResponse:
    try:
        deed(request.POST.get("item", "")[:LONGEST_ITEM])
    except Refused as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    if getattr(request, "htmx", False):
        until = pages.rows_until(request.POST.get("rows", ""))
        return respond(request, "web/today.html", _page(asking, until=until), part="waiting")
    return HttpResponseRedirect(reverse("today"))


def _back(deed: Callable[..., None]) -> Callable[[Any, Asking], tuple[str, str]]:
    def put_back(said: Any, asking: Asking) -> tuple[str, str]:
        deed(item=str(said), by=asking.seen_by, at=asking.now)
        return speech.told("It is on your list again."), reverse("today")

    return put_back


RESTORERS = {
    DONE: _back(acting.undone),
    SNOOZED: _back(acting.wake),
    GIVEN: _back(acting.recall),
    REJECTED: _back(acting.unreject),
}
