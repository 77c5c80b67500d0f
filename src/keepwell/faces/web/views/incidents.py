"""Incidents: the list, one with its clock, its closure, and the completion of its tasks."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.web import back
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import incidents as pages
from keepwell.health.queries import scores
from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import incidents, tasks
from keepwell.plays.queries import incidents as found


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
    """One incident; for HTMX its clock or its tasks alone."""
    part = "clock" if request.headers.get("HX-Target") == "clock" else "tasks"
    return respond(request, "web/incident.html", _page(asking, incident_id), part=part)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Open an incident that no rule saw."""
    asking.seen_by.require("work.do")
    if request.method == "GET":
        page = pages.NewIncidentPage(account=request.GET.get("account", ""))
        return respond(request, "web/incident_new.html", page)
    page = pages.NewIncidentPage.read(request.POST)
    try:
        number = incidents.open_by_hand(
            account=accounts.meant(page.account, seen_by=asking.seen_by),
            title=page.title,
            note=page.note,
            clock_hours=page.clock_hours,
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        return respond(request, "web/incident_new.html", replace(page, refused=str(refusal)), status=422)
    messages.success(request, "The incident is open and its clock runs.", extra_tags="done")
    return HttpResponseRedirect(reverse("incident", args=(number,)))


@require_POST
@signed_in
def closure(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """Close an incident with its cause and plan; what is missing is said on the form."""
    cause, plan = request.POST.get("cause", ""), request.POST.get("plan", "")
    try:
        incidents.close(incident_id=incident_id, cause=cause, plan=plan, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        page = _page(asking, incident_id, refused=str(refusal), cause=cause, plan=plan)
        return respond(request, "web/incident.html", page, status=422)
    messages.success(request, "Incident closed. Its cause and plan are kept with it.", extra_tags="done")
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
        messages.warning(request, str(refusal), extra_tags="refused")
    if getattr(request, "htmx", False) and incident_id.isdecimal() and len(incident_id) < 19:
        return respond(request, "web/incident.html", _page(asking, int(incident_id)), part="tasks")
    return HttpResponseRedirect(back.to(request, otherwise=reverse("incidents")))


def _page(
    asking: Asking, incident_id: int, *, refused: str = "", cause: str = "", plan: str = ""
) -> pages.IncidentPage:
    incident = found.find(incident_id=incident_id, seen_by=asking.seen_by)
    may = asking.seen_by.may("work.do")
    standing = scores.current(account_id=incident.account_id, seen_by=asking.seen_by)
    return pages.detail(
        incident,
        now=asking.now,
        standing=standing,
        may_work=may,
        refused=refused,
        cause=cause,
        plan=plan,
    )
