"""What is declared of the journey of customers, and how long an account rests that was asked: read by all, changed by few."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import journey_declared as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.metrics.queries import catalogue
from keepwell.outcomes.actions import advocacy as advocates
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.queries import advocacy, journeys
from keepwell.segments.queries import vocabulary

TEMPLATE = "web/journey_declared.html"


@require_http_methods(["GET", "POST"])
@signed_in
def declared(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What is declared; a POST declares it anew."""
    if request.method == "GET":
        return respond(request, TEMPLATE, _page(asking))
    asking.seen_by.require("config.change")
    typed = request.POST.get("definition", "")
    try:
        if request.POST.get("deed") == "rest":
            return _rested(request, asking)
        if request.POST.get("deed") == "withdraw":
            deeds.withdraw(by=asking.seen_by, at=asking.now)
        else:
            deeds.declare(definition=_read(typed), by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        return respond(request, TEMPLATE, _page(asking, typed=typed, refused=str(refusal)), status=422)
    messages.success(request, speech.told("Journeys are told like that from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-journey"))


def _rested(request: HttpRequest, asking: Asking) -> HttpResponse:
    said = request.POST.get("days", "").strip()
    if not said.isdecimal() or len(said) > 4:
        raise Invalid('"%(said)s" is no number of days.', said=said[:20])
    advocates.rest(days=int(said), by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("Who was asked rests that long from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-journey") + "#rest-title")


def _page(asking: Asking, *, typed: str = "", refused: str = "") -> pages.DeclaredJourneyPage:
    return pages.declared(
        journeys.everything(),
        journeys.known_phases(),
        metrics={one.slug: str(one.title) for one in catalogue.answering()},
        vocabulary=vocabulary.accounts(),
        may_change=asking.seen_by.may("config.change"),
        rest_days=advocacy.rest_days(),
        today=asking.today,
        typed=typed,
        refused=refused,
    )


def _read(typed: str) -> object:
    try:
        return json.loads(typed)
    except ValueError as error:
        raise Invalid("The declaration is no JSON: %(why)s.", why=str(error)) from None
