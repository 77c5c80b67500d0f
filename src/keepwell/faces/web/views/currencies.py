"""Currencies: the one that sums are told in, and what the others are worth."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import currencies as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import rates as deeds
from keepwell.ledger.queries import contracts, rates


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page."""
    return _shown(request, asking)


@require_POST
@signed_in
def reporting(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Choose the currency that sums are told in."""
    typed = request.POST.get("currency", "").strip().upper()
    try:
        deeds.report_in(currency=typed, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        return _shown(request, asking, refused=str(refusal))
    messages.success(
        request, speech.told("Sums are told in %(typed)s from now on.", typed=typed), extra_tags="done"
    )
    return HttpResponseRedirect(reverse("settings-currencies"))


def _shown(request: HttpRequest, asking: Asking, *, refused: str = "") -> HttpResponse:
    page = pages.page(
        known=rates.on(asking.day, into=rates.reporting()),
        in_use=contracts.currencies(),
        may_change=asking.seen_by.may("config.change"),
        refused=refused,
    )
    return respond(request, "web/currencies.html", page, status=422 if refused else 200)
