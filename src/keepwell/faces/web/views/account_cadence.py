"""The Cadence tab of an account, and its outputs: say that one was delivered, take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_cadence as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.plays.actions import cadences as deeds
from keepwell.plays.queries import account_cadence

DELIVERED = "output_delivered"


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What is due, week by week what was kept, and the outputs of the phase."""
    found = OneAccount(request, asking, key, "account-cadence")
    moment = found.as_of
    told = account_cadence.of_account(account_id=found.id, seen_by=asking.seen_by, day=moment.day)
    may_work = asking.seen_by.may("work.do") and not moment.is_past
    page = pages.tab(found.head, told, day=moment.day, may_work=may_work, path=request.path)
    return respond(request, "web/account_cadence.html", page)


@require_POST
@signed_in
def output(request: HttpRequest, asking: Asking, key: str, slug: str) -> HttpResponse:
    """Say that an output was delivered, or that it was not after all."""
    told: dict[str, Any] = {
        "account": key,
        "output": slug,
        "by": asking.seen_by,
        "at": asking.now,
        "day": asking.day,
    }
    here = reverse("account-cadence", args=(key,))
    try:
        if request.POST.get("reopen"):
            deeds.take_back(**told)
            messages.success(request, speech.told("It is open again."), extra_tags="done")
        else:
            deeds.deliver(**told, link=request.POST.get("link", ""), note=request.POST.get("note", ""))
            taken_away.keep(request, DELIVERED, [key, slug], told=speech.told("Noted as delivered."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(here)


def opened(said: Any, asking: Asking) -> tuple[str, str]:
    """Take back that an output was delivered."""
    key, slug = said
    deeds.take_back(account=key, output=slug, by=asking.seen_by, at=asking.now, day=asking.day)
    return speech.told("It is open again."), reverse("account-cadence", args=(key,))


RESTORERS = {DELIVERED: opened}
