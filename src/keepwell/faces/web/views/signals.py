"""One signal: why, whom it was told, what people answered; and what is held back."""

import csv
from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.web import back, taken_away
from keepwell.faces.web.asking import Asking, signed_in
from keepwell.faces.web.asking import respond as answer
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import signals as pages
from keepwell.faces.web.pages import tasks as task_pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.plays import alarms as said
from keepwell.plays.actions import responses
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.queries import alarms
from keepwell.signals.queries import firings

AT_ONCE = 1000
RESPONDED = "signal-responded"


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, signal_id: int) -> HttpResponse:
    """One signal."""
    return answer(request, "web/signal.html", _page(asking, signal_id))


def _page(asking: Asking, signal_id: int, *, refused: str = "") -> pages.SignalPage:
    return pages.detail(
        firings.find(firing_id=signal_id, seen_by=asking.seen_by, now=asking.now),
        alarms.of_signal(firing_id=signal_id, seen_by=asking.seen_by),
        alarms.responses(firing_id=signal_id, seen_by=asking.seen_by),
        now=asking.now,
        may_work=asking.seen_by.may("work.do"),
        refused=refused,
    )


@require_POST
@signed_in
def respond(request: HttpRequest, asking: Asking, signal_id: int) -> HttpResponse:
    """Acknowledge, act, say that it was of no use; or take that back."""
    kind, home = request.POST.get("kind", ""), reverse("signal", args=(signal_id,))
    if request.POST.get("undo"):
        return _done(
            request,
            lambda: responses.take_back(firing_id=signal_id, kind=kind, by=asking.seen_by, at=asking.now),
            speech.told("It waits for an answer again."),
            home,
        )
    try:
        if kind in ("task", "incident"):
            return HttpResponseRedirect(_acted(request, asking, signal_id, kind))
        found = responses.respond(
            firing_id=signal_id,
            kind=kind,
            note=request.POST.get("note", ""),
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        page = _page(asking, signal_id, refused=str(refusal))
        return answer(request, "web/signal.html", page, status=422)
    told = speech.told("%(kind)s: %(what)s", kind=said.KINDS[kind], what=found.title)
    taken_away.keep(request, RESPONDED, [signal_id, kind], told=told)
    return HttpResponseRedirect(back.to(request, otherwise=home))


def _acted(request: HttpRequest, asking: Asking, signal_id: int, kind: str) -> str:
    title, by = request.POST.get("title", ""), asking.seen_by
    if kind == "incident":
        number = responses.act(firing_id=signal_id, incident=title, by=by, at=asking.now)
        messages.success(request, speech.told("The incident is open and its clock runs."), extra_tags="done")
        return reverse("incident", args=(number,))
    due = task_pages.due_of(request.POST.get("due", ""))
    wanted = Wanted(title, due, asking.by.email, request.POST.get("note", ""))
    number = responses.act(firing_id=signal_id, task=wanted, by=by, at=asking.now)
    messages.success(request, speech.told("The task is set."), extra_tags="done")
    return reverse("task", args=(number,))


@require_POST
@signed_in
def snooze(request: HttpRequest, asking: Asking, signal_id: int) -> HttpResponse:
    """Put a signal off for everybody, or take that back."""
    days, home = request.POST.get("days", ""), reverse("rules")
    if days.isdecimal() and len(days) < 5 and int(days):
        responses.put_off(firing_id=signal_id, days=int(days), by=asking.seen_by, at=asking.now)
        messages.success(request, speech.told("Put off."), extra_tags="done")
    else:
        responses.wake(firing_id=signal_id, by=asking.seen_by, at=asking.now)
        messages.success(request, speech.told("It is heard again."), extra_tags="done")
    return HttpResponseRedirect(back.to(request, otherwise=home))


@require_GET
@signed_in
def held(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What is held back of whom, why, and until when."""
    found = alarms.held_back(seen_by=asking.seen_by)
    page = pages.held(found, total=alarms.held_count(seen_by=asking.seen_by), now=asking.now)
    return answer(request, "web/signals_held.html", page)


@require_GET
@signed_in
def held_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as CSV."""
    del request
    response = StreamingHttpResponse(_lines(asking), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="held-back-{asking.today}.csv"'
    return response


def _lines(asking: Asking) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(
        ("signal", "rule", "severity", "account", "name", "person", "fired_at", "due_at", "why")
    )
    after = 0
    while rows := alarms.held_back(seen_by=asking.seen_by, after=after, limit=AT_ONCE):
        for row in rows:
            yield writer.writerow(
                (
                    row.signal, row.rule, row.severity, safe(row.account_key), safe(row.account_name),
                    safe(row.person), row.fired_at.isoformat(), row.due_at.isoformat(), row.because,
                )
            )  # fmt: skip
        after = rows[-1].id


def _done(request: HttpRequest, deed: Callable[[], None], told: str, home: str) -> HttpResponse:
    try:
        deed()
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(home)


def answered_again(mark: list[object], asking: Asking) -> tuple[str, str]:
    """Take an answer back."""
    signal_id, kind = int(str(mark[0])), str(mark[1])
    responses.take_back(firing_id=signal_id, kind=kind, by=asking.seen_by, at=asking.now)
    return speech.told("It waits for an answer again."), reverse("signal", args=(signal_id,))
