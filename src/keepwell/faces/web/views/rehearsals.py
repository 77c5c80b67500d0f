"""Rehearsals: ask for one, watch it, read what it found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import rehearsals as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.signals.actions import rehearsals as deeds
from keepwell.signals.queries import rehearsals, rules


@require_POST
@signed_in
def ask(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Run the newest version over the past year, beside the one in force."""
    try:
        number = deeds.ask(slug=slug, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("rule", args=(slug,)))
    tasks.rehearse(number)
    return HttpResponseRedirect(reverse("rehearsal", args=(number,)))


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, rehearsal_id: int) -> HttpResponse:
    """How far it is, and what it found."""
    view = rehearsals.find(rehearsal_id=rehearsal_id, seen_by=asking.seen_by)
    rule = rules.find(slug=view.rule, seen_by=asking.seen_by, at=asking.now)
    return respond(request, "web/rehearsal.html", pages.page(view, rule.title, today=asking.today))
