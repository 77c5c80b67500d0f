"""Overrides on the account's Health tab: say where it stands, or let its score say it again."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.views.account_health import health_tab
from keepwell.health.actions import overrides as deeds
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.kernel.moments import parse_day


@require_POST
@signed_in
def override(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Say where the account stands, until a day and with a reason."""
    given = request.POST
    try:
        points = given.get("points", "").strip()
        deeds.override(
            account=key,
            band=given.get("band", ""),
            points=_number(points) if points else None,
            reason=given.get("reason", ""),
            expires_on=parse_day(given.get("expires_on", "")),
            by=asking.seen_by,
            at=asking.now,
        )
    except (Invalid, Conflict) as refusal:
        return _refused(request, asking, key, str(refusal))
    tasks.nudge()
    messages.success(
        request, speech.told("The override holds; the score goes on beside it."), extra_tags="done"
    )
    return HttpResponseRedirect(reverse("account-health", args=(key,)) + "#override")


def _refused(request: HttpRequest, asking: Asking, key: str, why: str) -> HttpResponse:
    """The form again with what was typed; without a form, as when another override holds, the reason alone."""
    page = health_tab(request, asking, key)
    if page.override is None or page.override.said:
        messages.error(request, why, extra_tags="refused")
        return HttpResponseRedirect(reverse("account-health", args=(key,)) + "#override")
    override = replace(page.override, refused=why, typed=request.POST.dict())
    page = replace(page, override=override)
    return respond(request, "web/account_health.html", page, status=422)


@require_POST
@signed_in
def end(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """End the override before its day."""
    deeds.end(account=key, reason=request.POST.get("reason", ""), by=asking.seen_by, at=asking.now)
    tasks.nudge()
    messages.success(request, speech.told("The account stands where its score puts it."), extra_tags="done")
    return HttpResponseRedirect(reverse("account-health", args=(key,)) + "#override")


def _number(typed: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise Invalid(
            '"%(typed)s" is no number of points. Write one between 0 and 100, or leave it out.', typed=typed
        ) from None
