"""Incidents: the list, one with its clock, its closure, and the completion of its tasks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import incidents as pages
from keepwell.health.queries import scores
from keepwell.kernel.errors import Invalid, Refused
from keepwell.plays.actions import incidents, tasks
from keepwell.plays.queries import incidents as found


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Open incidents, the shortest clock first, then the last closed ones."""
    page = pages.listing(
        found.open_ones(seen_by=asking.seen_by), found.recently_closed(seen_by=asking.seen_by), now=asking.now
    )
    return respond(request, "web/incidents.html", page)


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, incident_id: int) -> HttpResponse:
    """One incident."""
    return respond(request, "web/incident.html", _page(asking, incident_id))


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
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    return (
        back
        if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        else reverse("incidents")
    )


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
