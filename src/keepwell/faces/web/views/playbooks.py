"""Playbooks: the list, one with its runs, the editor, its versions, and what it would have done."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import playbooks as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid, Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.plays import declared
from keepwell.plays.actions import dry_runs as dry_deeds
from keepwell.plays.actions import playbooks as deeds
from keepwell.plays.queries import dry_runs, playbooks, runs
from keepwell.segments.queries import vocabulary

SHOWN = 50


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Every playbook."""
    found = playbooks.everything(seen_by=asking.seen_by)
    return respond(
        request, "web/playbooks.html", pages.listing(found, may_change=asking.seen_by.may("config.change"))
    )


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """What a playbook says, and how its runs go."""
    one, words = playbooks.find(slug=slug, seen_by=asking.seen_by), vocabulary.accounts()
    versions = playbooks.versions(slug=slug)
    asked = runs.read(playbook=slug)
    drafts = [view for view in versions if view.published_at is None]
    said = declared.read(one.definition, words, plain=False)
    page = pages.detail(
        one,
        said,
        [
            (view, declared.read(view.definition, words, plain=False) if view in drafts else said)
            for view in versions
        ],
        runs.page(asked=asked, seen_by=asking.seen_by, limit=SHOWN),
        dry_runs.of_playbook(slug=slug, seen_by=asking.seen_by),
        now=asking.now,
        may_change=asking.seen_by.may("config.change"),
        may_work=asking.seen_by.may("work.do"),
    )
    return respond(request, "web/playbook.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, slug: str) -> StreamingHttpResponse:
    """All runs of a playbook as CSV, the latest first."""
    del request
    playbooks.find(slug=slug, seen_by=asking.seen_by)
    response = StreamingHttpResponse(_lines(asking, slug), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="runs-{slug}-{asking.today}.csv"'
    return response


def _lines(asking: Asking, slug: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(
        (
            "run",
            "account",
            "name",
            "version",
            "origin",
            "started_at",
            "because",
            "steps_over",
            "steps",
            "ended_at",
            "how",
        )
    )
    for run in runs.each(asked=runs.read(playbook=slug), seen_by=asking.seen_by):
        ended = run.ended_at.isoformat() if run.ended_at else ""
        yield writer.writerow(
            (
                run.id, safe(run.account_key), safe(run.account_name), run.number, run.origin,
                run.started_at.isoformat(), safe("; ".join(run.because)), run.steps_over, run.steps_total, ended, run.how,
            )
        )  # fmt: skip


@require_POST
@signed_in
def publication(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Publish the draft that was looked at, or what an earlier version said."""
    number, seen = request.POST.get("number", ""), request.POST.get("seen", "")
    asked: dict[str, Any] = {"slug": slug, "by": asking.seen_by, "at": asking.now}
    asked["number"] = int(number) if number.isdecimal() and len(number) < 9 else 0
    if request.POST.get("again"):
        return _done(
            request,
            slug,
            lambda: deeds.roll_back(**asked),
            speech.later("It is in force again, as a new version."),
        )
    looked = datetime.fromisoformat(seen) if seen else None
    said = speech.later("It is in force. Runs that have begun go on by their own version.")
    return _done(request, slug, lambda: deeds.publish(seen=looked, **asked), said)


@require_POST
@signed_in
def discard(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Throw the draft away."""
    deeds.discard(slug=slug, by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("The draft is thrown away."), extra_tags="done")
    known = {one.slug for one in playbooks.everything(seen_by=asking.seen_by)}
    return HttpResponseRedirect(reverse("playbook", args=(slug,)) if slug in known else reverse("playbooks"))


@require_POST
@signed_in
def rest(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Let a playbook rest, or wake it."""
    asked: dict[str, Any] = {"slug": slug, "by": asking.seen_by, "at": asking.now}
    if request.POST.get("wake"):
        return _done(request, slug, lambda: deeds.wake(**asked), speech.later("It may start again."))
    return _done(request, slug, lambda: deeds.rest(**asked), speech.later("It rests. What runs goes on."))


@require_POST
@signed_in
def dry_run(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Ask what it would have done for an account."""
    try:
        account = accounts.meant(request.POST.get("account", ""), seen_by=asking.seen_by)
        since: date = parse_day(request.POST.get("since", ""))
        number = dry_deeds.ask(
            slug=slug, account=account, since=since, draft=bool(request.POST.get("draft")),
            by=asking.seen_by, at=asking.now,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("playbook", args=(slug,)))
    tasks.dry_run(number)
    return HttpResponseRedirect(reverse("playbook-dry-run", args=(number,)))


@require_GET
@signed_in
def dry_run_page(request: HttpRequest, asking: Asking, dry_run_id: int) -> HttpResponse:
    """What it would have done, day by day."""
    view = dry_runs.find(dry_run_id=dry_run_id, seen_by=asking.seen_by)
    return respond(request, "web/playbook_dry_run.html", pages.dry(view))


def _done(request: HttpRequest, slug: str, deed: Any, said: str) -> HttpResponse:
    try:
        deed()
    except (Invalid, Conflict) as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, speech.told(said), extra_tags="done")
    return HttpResponseRedirect(reverse("playbook", args=(slug,)))
