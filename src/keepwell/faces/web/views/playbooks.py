"""Playbooks: the list, one with its runs, the editor, its versions, and what it would have done."""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.editing import Editor
from keepwell.faces.web.pages import conditions as forms
from keepwell.faces.web.pages import playbooks as pages
from keepwell.kernel import slugs, speech, tomls
from keepwell.kernel.errors import Conflict, Invalid, Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.plays import declared
from keepwell.plays.actions import dry_runs as dry_deeds
from keepwell.plays.actions import playbooks as deeds
from keepwell.plays.queries import dry_runs, playbooks, runs
from keepwell.segments.queries import vocabulary

SHOWN = 50
BEGINNING = """sentence = "What it is for."
most_days = 60

[starts]
rules = []
phases = []

[[steps]]
slug = "call"
title = "Call {name}"
role = "csm"
days = 3
"""
EDITOR = Editor(
    "web/playbook_edit.html",
    "Playbooks are written",
    "The draft is saved. Nothing starts it until it is published.",
    forms.plainly,
)


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


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Write a new playbook."""
    return _edited(request, asking, "")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Write one otherwise, in its draft."""
    return _edited(request, asking, slug)


def _edited(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    EDITOR.may(asking)
    if request.method == "GET":
        title, text = "", BEGINNING
        if slug:
            title = playbooks.find(slug=slug, seen_by=asking.seen_by).title
            newest = playbooks.versions(slug=slug)[0].definition
            text = tomls.written(declared.read(newest, plain=False).written)
        return respond(request, EDITOR.template, _page(slug, title, text))
    title, text = request.POST.get("title", "").strip(), request.POST.get("text", "").replace("\r\n", "\n")
    return EDITOR.answer(
        request,
        page=lambda refused: _page(slug, title, text, refused=refused),
        save=lambda: reverse("playbook", args=(_saved(asking, slug, title, text),)),
    )


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(speech.told("This is no TOML: %(error)s.", error=error)) from None


def _page(slug: str, title: str, text: str, *, refused: str = "") -> pages.EditPage:
    try:
        said = declared.read(_read(text), plain=False)
    except Refused as refusal:
        return pages.edit(slug, title, text, refused=refused or forms.plainly(str(refusal)))
    return pages.edit(slug, title, text, said=said, refused=refused)


def _saved(asking: Asking, slug: str, title: str, text: str) -> str:
    name = slug or slugs.made_of(title)
    if not slug and any(one.slug == name for one in playbooks.everything(seen_by=asking.seen_by)):
        raise Conflict(
            speech.told(
                "There is a playbook named like “%(title)s” already. Choose another title.", title=title
            )
        )
    deeds.save(slug=name, title=title, definition=_read(text), by=asking.seen_by, at=asking.now)
    return name


@require_POST
@signed_in
def publication(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Publish the draft that was looked at, or what an earlier version said."""
    number, seen = request.POST.get("number", ""), request.POST.get("seen", "")
    asked: dict[str, Any] = {"slug": slug, "by": asking.seen_by, "at": asking.now}
    asked["number"] = int(number) if number.isdecimal() and len(number) < 9 else 0
    if request.POST.get("again"):
        return _done(
            request, slug, lambda: deeds.roll_back(**asked), "It is in force again, as a new version."
        )
    looked = datetime.fromisoformat(seen) if seen else None
    said = "It is in force. Runs that have begun go on by their own version."
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
        return _done(request, slug, lambda: deeds.wake(**asked), "It may start again.")
    return _done(request, slug, lambda: deeds.rest(**asked), "It rests. What runs goes on.")


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
