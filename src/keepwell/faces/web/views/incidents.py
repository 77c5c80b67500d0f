"""Incidents: the list, one with its clock, its closure, and the completion of its tasks."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.access.queries import decisions, users
from keepwell.faces import incident_files
from keepwell.faces.web import back
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import incidents as pages
from keepwell.faces.web.pages import war_room as rooms
from keepwell.health.queries import scores
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import escalating, incidents, responding, tasks
from keepwell.plays.queries import incidents as found
from keepwell.plays.queries import practices, war_room

TEMPLATE = "web/incident.html"
PARTS = ("clock", "clocks", "tasks", "happened")
THERE = "there_"
COLLEAGUES = 200


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Open incidents, the shortest clock first, then the last closed ones."""
    page = pages.listing(
        found.open_ones(seen_by=asking.seen_by), found.recently_closed(seen_by=asking.seen_by), now=asking.now
    )
    return respond(request, "web/incidents.html", page, part="burning")


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """One incident; for HTMX the part that it asks for alone."""
    asked = request.headers.get("HX-Target", "")
    return respond(request, TEMPLATE, _page(asking, incident_id), part=asked if asked in PARTS else "tasks")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The open incidents and the last closed ones as a file."""
    rows = (
        *found.open_ones(seen_by=asking.seen_by),
        *found.recently_closed(seen_by=asking.seen_by),
    )
    return streamed("incidents", incident_files.INCIDENT_COLUMNS, incident_files.incidents(rows))


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Open an incident that no rule saw."""
    asking.seen_by.require("work.do")
    causes = practices.everything(seen_by=asking.seen_by)[0].practice.causes
    if request.method == "GET":
        page = pages.NewIncidentPage(account=request.GET.get("account", ""))
        page = replace(page, causes=rooms.new_causes(causes, page.about))
        return respond(request, "web/incident_new.html", page)
    page = pages.NewIncidentPage.read(request.POST)
    page = replace(page, causes=rooms.new_causes(causes, page.about))
    try:
        number = incidents.open_by_hand(
            account=accounts.meant(page.account, seen_by=asking.seen_by),
            title=page.title,
            note=page.note,
            about=page.about,
            clock_hours=page.clock_hours,
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        return respond(request, "web/incident_new.html", replace(page, refused=str(refusal)), status=422)
    messages.success(request, speech.told("The incident is open and its clock runs."), extra_tags="done")
    return HttpResponseRedirect(reverse("incident", args=(number,)))


@require_POST
@signed_in
def closure(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Close an incident with its cause and plan; what is missing is said on the form."""
    said = {name: request.POST.get(name, "") for name in ("cause_kind", "cause", "plan")}
    return _done(
        request,
        asking,
        incident_id,
        lambda: incidents.close(incident_id=incident_id, **said, by=asking.seen_by, at=asking.now),
        speech.told("Incident closed. Its cause and plan are kept with it."),
        said,
    )


@require_POST
@signed_in
def reopening(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Take a closure back."""
    return _done(
        request,
        asking,
        incident_id,
        lambda: incidents.reopen(incident_id=incident_id, by=asking.seen_by, at=asking.now),
        speech.told("The incident is open again."),
    )


@require_POST
@signed_in
def call(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Note that the call was held, and who was there."""
    there = {
        name.removeprefix(THERE): value for name, value in request.POST.items() if name.startswith(THERE)
    }
    said = str(request.POST.get("said", ""))
    return _done(
        request,
        asking,
        incident_id,
        lambda: responding.call(
            incident_id=incident_id,
            attended={role: str(email) for role, email in there.items()},
            said=said,
            by=asking.seen_by,
            at=asking.now,
        ),
        speech.told("The call is noted with who was there."),
    )


@require_POST
@signed_in
def cause(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Note the root cause."""
    said = {name: request.POST.get(name, "") for name in ("cause_kind", "cause")}
    return _done(
        request,
        asking,
        incident_id,
        lambda: responding.find_cause(
            incident_id=incident_id,
            cause_kind=said["cause_kind"],
            text=said["cause"],
            by=asking.seen_by,
            at=asking.now,
        ),
        speech.told("The root cause is noted; its clock has stopped."),
        said,
    )


@require_POST
@signed_in
def plan(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Note the corrective plan."""
    said = {"plan": request.POST.get("plan", "")}
    return _done(
        request,
        asking,
        incident_id,
        lambda: responding.make_plan(
            incident_id=incident_id, text=said["plan"], by=asking.seen_by, at=asking.now
        ),
        speech.told("The corrective plan is noted; its clock has stopped."),
        said,
    )


@require_POST
@signed_in
def escalation(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Go straight to the executive."""
    words = request.POST.get("words", "")
    return _done(
        request,
        asking,
        incident_id,
        lambda: escalating.by_hand(incident_id=incident_id, words=words, by=asking.seen_by, at=asking.now),
        speech.told("The executive was told."),
    )


@require_POST
@signed_in
def note(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Write a note; whom it mentions is told."""
    return _done(
        request,
        asking,
        incident_id,
        lambda: responding.write(
            incident_id=incident_id, text=request.POST.get("text", ""), by=asking.seen_by, at=asking.now
        ),
        "",
    )


def _done(
    request: HttpRequest,
    asking: Asking,
    incident_id: int,
    deed: Callable[[], object],
    told: str,
    said: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Do it and go back to the page; what is refused is said there, and what was typed stays typed."""
    try:
        deed()
    except Invalid as refusal:
        page = _page(asking, incident_id, refused=str(refusal), said=said)
        return respond(request, TEMPLATE, page, status=422)
    if told:
        messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(reverse("incident", args=(incident_id,)))


@require_POST
@signed_in
def completion(request: HttpRequest, asking: Asking, task_id: int) -> HttpResponse:
    """Complete a task, or reopen it; HTMX gets the tasks, others go back to the page."""
    incident_id = request.POST.get("incident", "")
    reopens = request.POST.get("reopen") == "1"
    try:
        if reopens:
            tasks.reopen(task_id=task_id, by=asking.seen_by, at=asking.now)
        else:
            tasks.complete(task_id=task_id, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        messages.warning(request, speech.said(refusal), extra_tags="refused")
    if getattr(request, "htmx", False) and incident_id.isdecimal() and len(incident_id) < 19:
        return respond(request, TEMPLATE, _page(asking, int(incident_id)), part="tasks")
    return HttpResponseRedirect(back.to(request, otherwise=reverse("incidents")))


def _page(
    asking: Asking, incident_id: int, *, refused: str = "", said: Mapping[str, str] | None = None
) -> pages.IncidentPage:
    told = war_room.find(incident_id=incident_id, seen_by=asking.seen_by)
    may = asking.seen_by.may("work.do")
    standing = scores.current(account_id=told.incident.account_id, seen_by=asking.seen_by)
    calendar = decisions.company().calendar
    return pages.detail(
        told.incident,
        now=asking.now,
        standing=standing,
        may_work=may,
        room=rooms.room(told, now=asking.now, calendar=calendar, said=said or {}),
        colleagues=users.colleagues(limit=COLLEAGUES) if may and told.incident.open else (),
        refused=refused,
    )
