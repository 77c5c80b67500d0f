"""Departure: say when a customer counts as gone, and see who has left by it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages import departure as pages
from keepwell.kernel.errors import Refused
from keepwell.metrics import departures as declared
from keepwell.metrics.actions import departures as deeds
from keepwell.metrics.queries import departures

TEMPLATE = "web/departure.html"


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What is declared, and the form to declare it otherwise."""
    page = _page(asking, pages.of(departures.declared()), is_asked=True)
    return respond(request, TEMPLATE, page)


@require_GET
@signed_in
def left(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Who has left as departure is declared; reads the lake, so the page asks for it by itself."""
    given = pages.of(departures.declared())
    return respond(request, TEMPLATE, _page(asking, given, found=_found(asking, given)), part="left")


@require_http_methods(["GET", "POST"])
@signed_in
def declare(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Declare what the form says; or try it, or change the form. Who comes back to this address begins anew."""
    asking.seen_by.require("config.change")
    if request.method == "GET":
        return HttpResponseRedirect(reverse("settings-departure"))
    given, deed = pages.typed(request.POST.dict()), request.POST.get("deed", "")
    given = pages.changed(given, conditions.acted(given.events, deed))
    try:
        if deed == "save":
            said = deeds.declare(definition=pages.stated(given), by=asking.seen_by, at=asking.now)
            messages.success(request, said.sentence, extra_tags="done")
            return HttpResponseRedirect(reverse("settings-departure"))
        found = _found(asking, given) if deed == "try" else None
    except Refused as refusal:
        page = _page(asking, given, refused=pages.plainly(str(refusal)))
        return respond(request, TEMPLATE, page, part="editing", status=422)
    return respond(request, TEMPLATE, _page(asking, given, found=found), part="editing")


def _found(asking: Asking, given: pages.Typed) -> pages.FoundPage:
    departure = declared.read(pages.stated(given))
    told = departures.found(departure=departure, until=asking.day, seen_by=asking.seen_by)
    return pages.found(departure, told, today=asking.today)


def _page(
    asking: Asking,
    given: pages.Typed,
    *,
    refused: str = "",
    found: pages.FoundPage | None = None,
    is_asked: bool = False,
) -> pages.DeparturePage:
    return pages.page(
        departures.declared(),
        given,
        is_declared=departures.is_declared(),
        may_change=asking.seen_by.may("config.change"),
        refused=refused,
        found=found,
        is_asked=is_asked,
    )
