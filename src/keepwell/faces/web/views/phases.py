"""Phases: their order on the page of segments, and the phase of one account with its history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import phases as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.queries import accounts
from keepwell.segments.actions import phases as deeds
from keepwell.segments.queries import phases


@require_POST
@signed_in
def declare(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say which segments are phases, in which order."""
    slugs = [slug for slug in request.POST.getlist("phase") if slug]
    try:
        deeds.declare(slugs=slugs, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, speech.told("The order of phases is saved."), extra_tags="done")
    return HttpResponseRedirect(reverse("segments") + "#phases")


@require_GET
@signed_in
def of_account(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """In which phases an account was, why, and by whom."""
    account = accounts.find(key=key, seen_by=asking.seen_by)
    spans = phases.history(account_id=account.id, seen_by=asking.seen_by)
    page = pages.page(account, spans, phases.titles(), may_work=asking.seen_by.may("work.do"))
    return respond(request, "web/account_phase.html", page, part="phases")


@require_POST
@signed_in
def override(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Say in which phase it is, whatever the rules say; or, without a phase, let the rules say it again."""
    phase, by = request.POST.get("phase", ""), asking.seen_by
    try:
        if phase:
            reason = request.POST.get("reason", "")
            deeds.override(account=key, phase=phase, reason=reason, by=by, at=asking.now)
        else:
            deeds.end(account=key, by=by, at=asking.now)
    except (Invalid, Conflict, NotFound) as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        said = (
            speech.told("The phase is said by hand.")
            if phase
            else speech.told("The rules say the phase again.")
        )
        messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(reverse("account-phase", args=(key,)))
