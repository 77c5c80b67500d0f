"""What is declared of the journey of customers, and how long an account rests that was asked: read by all, changed by few."""

import json
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import journey_declared as pages
from keepwell.faces.web.pages import journey_forms
from keepwell.faces.web.pages.journey_forms import Typed
from keepwell.intake.queries import quality
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.metrics.queries import catalogue
from keepwell.outcomes.actions import advocacy as advocates
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.queries import advocacy, journey_preview, journeys
from keepwell.outcomes.queries.journey_preview import JourneyPreview
from keepwell.segments.queries import vocabulary

TEMPLATE = "web/journey_declared.html"


@require_http_methods(["GET", "POST"])
@signed_in
def declared(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What is declared; a POST declares it anew."""
    if request.method == "GET":
        return respond(request, TEMPLATE, _page(asking))
    asking.seen_by.require("config.change")
    if "form" in request.POST:
        return _filled(request, asking)
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
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, speech.told("Journeys are told like that from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-journey"))


def _filled(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The form: every button keeps what is typed; Preview says what it would come to, Declare writes it."""
    deed = request.POST.get("deed", "look")
    typed = journey_forms.acted(journey_forms.typed(request.POST), deed, journeys.known_phases())
    if deed not in ("save", "preview"):
        return respond(request, TEMPLATE, _page(asking, form=typed), part="editing")
    definition = journey_forms.stated(typed, vocabulary.accounts())
    wrong, refused = journeys.problems(definition), ""
    try:
        if not wrong and deed == "preview":
            found = journey_preview.find(definition=definition, seen_by=asking.seen_by, day=asking.day)
            return respond(request, TEMPLATE, _page(asking, form=typed, preview=found))
        if not wrong:
            deeds.declare(definition=definition, by=asking.seen_by, at=asking.now)
            return _done(request)
    except Refused as refusal:
        refused = str(refusal)
    page = _page(asking, form=typed, problems=wrong, refused=refused)
    return respond(request, TEMPLATE, page, status=422)


def _rested(request: HttpRequest, asking: Asking) -> HttpResponse:
    said = request.POST.get("days", "").strip()
    if not said.isdecimal() or len(said) > 4:
        raise Invalid('"%(said)s" is no number of days.', said=said[:20])
    advocates.rest(days=int(said), by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("Who was asked rests that long from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-journey") + "#rest-title")


def _page(
    asking: Asking,
    *,
    typed: str = "",
    refused: str = "",
    form: Typed | None = None,
    problems: Mapping[str, Invalid] | None = None,
    preview: JourneyPreview | None = None,
) -> pages.DeclaredJourneyPage:
    answering = catalogue.answering()
    return pages.declared(
        journeys.everything(),
        journeys.known_phases(),
        metrics={one.slug: str(one.title) for one in answering},
        day_metrics=[(one.slug, str(one.title)) for one in answering if one.unit == "days"],
        vocabulary=vocabulary.accounts(),
        may_change=asking.seen_by.may("config.change"),
        rest_days=advocacy.rest_days(),
        today=asking.today,
        typed=typed,
        refused=refused,
        form=form,
        problems=problems,
        names=quality.event_names() if form is not None else (),
        preview=preview,
    )


def _read(typed: str) -> object:
    try:
        return json.loads(typed)
    except ValueError as error:
        raise Invalid("The declaration is no JSON: %(why)s.", why=str(error)) from None
