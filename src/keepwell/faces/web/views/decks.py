"""Decks of many accounts in one run, watched while it goes, and the company's own paper that they are made on."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces import deck_paper, reviewing
from keepwell.faces.jobs import decking, tasks
from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Answer, Asking, respond, signed_in, watched
from keepwell.faces.web.pages import decks as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.kernel.moments import parse_day
from keepwell.outcomes.actions import deck_runs, deck_templates
from keepwell.outcomes.queries import deck_runs as runs
from keepwell.outcomes.queries import deck_templates as papers
from keepwell.segments.queries import segments

DROPPED = "deck-template-dropped"


@require_http_methods(["GET", "POST"])
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Ask for the decks of a segment or a book; the latest runs."""
    if request.method == "GET":
        return respond(request, "web/decks.html", _page(asking, {}))
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        whose, keys = reviewing.chosen(typed.get("of", ""), seen_by=asking.seen_by)
        asked = reviewing.period(
            since=parse_day(typed["since"]) if typed.get("since") else None,
            until=parse_day(typed["until"]) if typed.get("until") else None,
            today=asking.today,
        )
        number = deck_runs.ask(
            keys=keys, whose=whose, since=asked.since, until=asked.until, form=typed.get("form", ""),
            by=asking.seen_by, at=asking.now,
        )  # fmt: skip
    except Refused as refusal:
        return respond(request, "web/decks.html", _page(asking, typed, str(refusal)), status=422)
    tasks.make_decks(number)
    return HttpResponseRedirect(reverse("deck-run", args=(number,)))


def _page(asking: Asking, typed: dict[str, str], refused: str = "") -> pages.DecksPage:
    return pages.listing(
        runs.lately(seen_by=asking.seen_by),
        segments=segments.titles(),
        usual=reviewing.usual(asking.today),
        paper=papers.current(),
        typed=typed,
        may_change=asking.seen_by.may("config.change"),
        now=asking.now,
        refused=refused,
    )


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, run_id: int) -> HttpResponse:
    """One run: how far it is, and its file."""
    view = runs.find(run_id=run_id, seen_by=asking.seen_by)
    return respond(request, "web/deck_run.html", pages.one(view, now=asking.now))


@require_GET
@signed_in
def progress(request: HttpRequest, asking: Asking, run_id: int) -> HttpResponse:
    """How far it is; once it has ended, the whole page is asked for again."""
    view = runs.find(run_id=run_id, seen_by=asking.seen_by)
    return watched(request, "web/deck_run.html", pages.one(view, now=asking.now), moving=view.is_moving)


@require_POST
@signed_in
def stop(request: HttpRequest, asking: Asking, run_id: int) -> HttpResponse:
    """Make no further deck."""
    try:
        deck_runs.stop(run_id=run_id, by=asking.seen_by, at=asking.now)
        messages.success(request, speech.told("The run is stopped."), extra_tags="done")
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    return HttpResponseRedirect(reverse("deck-run", args=(run_id,)))


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, run_id: int) -> Answer:
    """Its file."""
    del request
    view = runs.find(run_id=run_id, seen_by=asking.seen_by)
    if not view.place or not decking.path(view.place).is_file():
        raise NotFound("This run has no file.")
    return FileResponse(
        decking.path(view.place).open("rb"),
        as_attachment=True,
        filename=f"reviews-{view.until}.zip",
        content_type="application/zip",
    )


@require_http_methods(["GET", "POST"])
@signed_in
def paper(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The company's own paper: what is in force; POST takes another file or none."""
    asking.seen_by.require("config.change")
    if request.method == "GET":
        return respond(request, "web/deck_paper.html", pages.paper(papers.current(), now=asking.now))
    try:
        if request.POST.get("deed") == "drop":
            number = deck_templates.drop(by=asking.seen_by, at=asking.now)
            taken_away.keep(
                request, DROPPED, number, told=speech.told("Decks are made on Keepwell’s own paper again.")
            )
        else:
            given = request.FILES.get("file")
            if given is None:
                raise Invalid("Choose a PowerPoint file.")
            deck_paper.adopt(name=given.name or "", content=given.read(), by=asking.seen_by, at=asking.now)
            messages.success(
                request, speech.told("Decks are made with this file from now on."), extra_tags="done"
            )
    except Refused as refusal:
        page = pages.paper(papers.current(), now=asking.now, refused=str(refusal))
        return respond(request, "web/deck_paper.html", page, status=422)
    return HttpResponseRedirect(reverse("settings-decks"))


def taken_up(said: Any, asking: Asking) -> tuple[str, str]:
    """Make decks with the earlier file again."""
    deck_templates.take_up(template_id=said, by=asking.seen_by, at=asking.now)
    return speech.told("Decks are made with this file from now on."), reverse("settings-decks")


RESTORERS = {DROPPED: taken_up}
