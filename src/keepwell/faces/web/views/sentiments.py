"""The check-in on an account's Health tab: how it feels to those who look after it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, signed_in
from keepwell.intake.actions import records
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.queries import accounts


@require_POST
@signed_in
def give(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Say how the account feels, from 1 to 5 and in words; the score stays as it is."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    said = {
        "account": found.key,
        "score": request.POST.get("score", ""),
        "words": request.POST.get("words", "").strip(),
        "given_by": asking.by.email,
        "given_at": asking.now.isoformat(),
    }
    try:
        records.create(kind="sentiments", said=said, source="web", by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(
            request, speech.told("Your check-in is kept. The score is not touched by it."), extra_tags="done"
        )
    return HttpResponseRedirect(reverse("account-health", args=(key,)) + "#check-in")
