"""Measures: what each number means, and which features are core."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import measures as pages
from keepwell.kernel.errors import Invalid
from keepwell.ledger.queries import usage
from keepwell.metrics.actions import settings as deeds
from keepwell.metrics.queries import catalogue, settings


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Every measure with its definition."""
    return respond(request, "web/measures.html", _page(asking))


@require_POST
@signed_in
def core_features(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say which features are core."""
    typed = [line.strip() for line in request.POST.get("others", "").splitlines() if line.strip()]
    features = list(dict.fromkeys([*request.POST.getlist("feature"), *typed]))
    try:
        deeds.save(metric=pages.CORE, parameters={"features": features}, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        return respond(request, "web/measures.html", _page(asking, refused=str(refusal)), status=422)
    tasks.nudge()
    messages.success(request, "Core features saved. Scores follow within a minute.", extra_tags="done")
    return HttpResponseRedirect(reverse("measures") + "#core")


def _page(asking: Asking, *, refused: str = "") -> pages.MeasuresPage:
    return pages.page(
        catalogue.all_metrics(),
        seen=usage.features(),
        parameters=settings.parameters(),
        may_change=asking.seen_by.may("config.change"),
        refused=refused,
    )
