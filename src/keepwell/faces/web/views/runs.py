"""Runs of playbooks: start one, look at it, do its steps, let it rest, cancel it and take that back."""

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web import back
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import runs as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Forbidden, NotFound, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import messages as message_deeds
from keepwell.plays.actions import runs as deeds
from keepwell.plays.queries import messages, runs

DEEDS: dict[str, tuple[Any, bool, str]] = {
    "pause": (deeds.pause, True, speech.later("It rests.")),
    "go_on": (deeds.go_on, False, speech.later("It goes on.")),
    "cancel": (
        deeds.cancel,
        True,
        speech.later("It is cancelled. What was still to do is off everybody’s list."),
    ),
    "take_back": (deeds.take_back, False, speech.later("It goes on where it was.")),
}
OF_STEP: dict[str, tuple[Any, bool, str]] = {
    "complete": (deeds.complete, False, speech.later("The step is done.")),
    "refuse": (deeds.refuse, True, speech.later("It is refused.")),
    "skip": (deeds.skip, True, speech.later("The step is left out.")),
}


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, run_id: int) -> HttpResponse:
    """One run with its steps and messages."""
    seen_by = asking.seen_by
    page = pages.page(
        runs.find(run_id=run_id, seen_by=seen_by),
        runs.steps(run_id=run_id, seen_by=seen_by),
        messages.page(seen_by=seen_by, run=run_id),
        now=asking.now,
        may_work=seen_by.may("work.do"),
    )
    return respond(request, "web/run.html", page)


@require_POST
@signed_in
def start(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Start a playbook for an account."""
    playbook = request.POST.get("playbook", "")
    here = back.to(request, otherwise=reverse("playbooks"))
    try:
        number = deeds.start(
            playbook=playbook,
            account=accounts.meant(request.POST.get("account", ""), seen_by=asking.seen_by),
            because=request.POST.get("because", ""),
            by=asking.seen_by,
            at=asking.now,
        )
    except Forbidden:
        raise
    except Refused as refusal:
        toasts.error(request, str(refusal), extra_tags="refused")
        return HttpResponseRedirect(here)
    return _done(request, speech.later("It has begun."), number)


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, run_id: int) -> HttpResponse:
    """Let a run rest or go on, cancel it, take that back; or do, refuse or skip a step of it."""
    step = request.POST.get("step", "")
    known = OF_STEP if step else DEEDS
    name = request.POST.get("deed", "")
    if name not in known:
        raise NotFound('There is no deed "%(deed)s".', deed=name)
    act, needs_why, said = known[name]
    asked: dict[str, Any] = {"run_id": run_id, "by": asking.seen_by, "at": asking.now}
    asked |= {"step": step} if step else {}
    asked |= {"because": request.POST.get("because", "")} if needs_why else {}
    try:
        act(**asked)
    except (Forbidden, NotFound):
        raise
    except Refused as refusal:
        toasts.error(request, str(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("run", args=(run_id,)))
    return _done(request, said, run_id)


@require_POST
@signed_in
def replay(request: HttpRequest, asking: Asking, message_id: int) -> HttpResponse:
    """Send a message once more."""
    view = messages.find(message_id=message_id, seen_by=asking.seen_by)
    try:
        message_deeds.replay(message_id=message_id, by=asking.seen_by, at=asking.now)
    except Forbidden:
        raise
    except Refused as refusal:
        toasts.error(request, str(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("run", args=(view.run,)) if view.run else reverse("playbooks"))
    return _done(request, speech.later("It is sent once more."), view.run)


def _done(request: HttpRequest, said: str, run: int | None) -> HttpResponse:
    tasks.nudge()
    toasts.success(request, speech.told(said), extra_tags="done")
    return HttpResponseRedirect(reverse("run", args=(run,)) if run else reverse("playbooks"))
