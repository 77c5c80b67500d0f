"""Preferences of the person, settings of the company."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.access import decisions as declared
from keepwell.access.actions import decisions as deeds
from keepwell.access.queries import decisions, feeds
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import calendar as calendar_pages
from keepwell.faces.web.pages import decisions as pages
from keepwell.faces.web.places import GROUPS
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid

TEMPLATE = "web/decisions.html"


@require_http_methods(["GET", "POST"])
@signed_in
def preferences(request: HttpRequest, asking: Asking) -> HttpResponse:
    """How Keepwell looks and speaks to this person."""
    said, refused = decisions.of(asking.by.preferences), ""
    if request.method == "POST":
        typed = _typed(request, declared.OF_PERSON)
        try:
            deeds.prefer(said=typed, by=asking.seen_by, at=asking.now)
        except Invalid as refusal:
            said, refused = said | typed, str(refusal)
        else:
            messages.success(request, speech.told("Your preferences are kept."), extra_tags="done")
            return HttpResponseRedirect(reverse("settings-preferences"))
    calendar = calendar_pages.part(feeds.own(seen_by=asking.seen_by))
    page = pages.preferences(said, declared.OF_PERSON, calendar=calendar, refused=refused)
    return respond(request, TEMPLATE, page, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def company(request: HttpRequest, asking: Asking) -> HttpResponse:
    """How the company counts its days and years."""
    refused = ""
    if request.method == "POST":
        try:
            deeds.decide(said=_typed(request, declared.OF_COMPANY), by=asking.seen_by, at=asking.now)
        except Invalid as refusal:
            refused = str(refusal)
        else:
            messages.success(request, speech.told("The company's settings are kept."), extra_tags="done")
            return HttpResponseRedirect(reverse("settings-company"))
    page = pages.company(
        decisions.company(),
        declared.OF_COMPANY,
        today=asking.today,
        may_change=asking.seen_by.may("config.change"),
        refused=refused,
    )
    return respond(request, TEMPLATE, page, status=422 if refused else 200)


@signed_in
def home(request: HttpRequest, asking: Asking) -> HttpResponse:
    """To the page on which this person starts."""
    names = [place.name for group in GROUPS for place in group.places]
    start = decisions.of(asking.by.preferences)["start"]
    return HttpResponseRedirect(reverse(start if start in names else names[0]))


def _typed(request: HttpRequest, asked: tuple[declared.Decision, ...]) -> dict[str, Any]:
    return {
        one.slug: request.POST.getlist(one.slug) if one.form == "days" else request.POST[one.slug]
        for one in asked
        if one.slug in request.POST or one.form == "days"
    }
