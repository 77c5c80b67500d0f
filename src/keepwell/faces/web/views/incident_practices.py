"""How incidents are answered: what is declared for the company and for segments, and the form to declare it otherwise."""

import json
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import incident_practices as pages
from keepwell.faces.web.pages import practice_forms
from keepwell.faces.web.pages.practice_forms import Typed
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.plays import practice
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
    if "form" in request.POST:
        return _filled(request, asking, segment)
    typed = request.POST.get("definition", "")
    try:
        if request.POST.get("deed") == "withdraw":
            deeds.withdraw(segment=segment, by=asking.seen_by, at=asking.now)
        else:
            deeds.declare(definition=_read(typed), segment=segment, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        page = _page(asking, segment, typed=typed, refused=str(refusal))
        return respond(request, TEMPLATE, page, status=422)
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, speech.told("Incidents are answered like that from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-incidents"))


def _filled(request: HttpRequest, asking: Asking, segment: str) -> HttpResponse:
    """The form: every button keeps what is typed; Declare writes it."""
    deed = request.POST.get("deed", "look")
    if deed == "load":
        return respond(request, TEMPLATE, _page(asking, segment))
    typed = practice_forms.acted(practice_forms.typed(request.POST), deed)
    if deed != "save":
        return respond(request, TEMPLATE, _page(asking, segment, form=typed))
    definition = practice_forms.stated(typed)
    wrong, refused = practice.problems(definition), ""
    try:
        if not wrong:
            deeds.declare(definition=definition, segment=segment, by=asking.seen_by, at=asking.now)
            return _done(request)
    except Refused as refusal:
        refused = str(refusal)
    page = _page(asking, segment, form=typed, problems=wrong, refused=refused)
    return respond(request, TEMPLATE, page, status=422)


def _read(typed: str) -> object:
    try:
        return json.loads(typed)
    except ValueError as error:
        raise Invalid("The declaration is no JSON: %(why)s.", why=str(error)) from None


def _page(
    asking: Asking,
    segment: str,
    *,
    typed: str = "",
    form: Typed | None = None,
    problems: Mapping[str, Invalid] | None = None,
    refused: str = "",
) -> pages.PracticesPage:
    return pages.page(
        practices.everything(seen_by=asking.seen_by),
        segments=segments.titles(),
        segment=segment,
        may_change=asking.seen_by.may("config.change"),
        today=asking.today,
        typed=typed,
        form=form,
        problems=problems,
        refused=refused,
    )
