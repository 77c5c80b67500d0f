"""How incidents are answered: what is declared for the company and for segments, and the form to declare it otherwise."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import incident_practices as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.plays.actions import practices as deeds
from keepwell.plays.queries import practices
from keepwell.segments.queries import segments

TEMPLATE = "web/incident_practices.html"


@require_http_methods(["GET", "POST"])
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What is declared; a POST declares it anew for the company or a segment."""
    segment = request.POST.get("segment", request.GET.get("segment", ""))
    if request.method == "GET":
        return respond(request, TEMPLATE, _page(asking, segment))
    asking.seen_by.require("config.change")
    typed = request.POST.get("definition", "")
    try:
        if request.POST.get("deed") == "withdraw":
            deeds.withdraw(segment=segment, by=asking.seen_by, at=asking.now)
        else:
            deeds.declare(definition=_read(typed), segment=segment, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        page = _page(asking, segment, typed=typed, refused=str(refusal))
        return respond(request, TEMPLATE, page, status=422)
    messages.success(request, speech.told("Incidents are answered like that from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-incidents"))


def _read(typed: str) -> object:
    try:
        return json.loads(typed)
    except ValueError as error:
        raise Invalid("The declaration is no JSON: %(why)s.", why=str(error)) from None


def _page(asking: Asking, segment: str, *, typed: str = "", refused: str = "") -> pages.PracticesPage:
    return pages.page(
        practices.everything(seen_by=asking.seen_by),
        segments=segments.titles(),
        segment=segment,
        may_change=asking.seen_by.may("config.change"),
        today=asking.today,
        typed=typed,
        refused=refused,
    )
