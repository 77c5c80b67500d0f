"""Scorecards in Settings: which judge whom in which order, one card with its versions, publishing and going back."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.access.actions import versions
from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import scorecard_previews as preview_pages
from keepwell.faces.web.pages import scorecards as pages
from keepwell.health import cards as definitions
from keepwell.health import texts
from keepwell.health.actions import previews as preview_deeds
from keepwell.health.actions import rollups as rollup_deeds
from keepwell.health.actions import scorecards as deeds
from keepwell.health.card import Card
from keepwell.health.queries import audience, cards, kept_previews, previews, rollups
from keepwell.health.queries.cards import ScorecardView
from keepwell.health.queries.kept_previews import WholeView
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All scorecards, those that judge in their order."""
    return respond(request, "web/scorecards.html", _list(asking))


@require_POST
@signed_in
def order(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say which cards judge, in which order."""
    wanted = request.POST.get("order", "").split()
    try:
        deeds.put_in_order(order=wanted, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        return respond(request, "web/scorecards.html", _list(asking, refused=str(refusal)), status=422)
    tasks.nudge()
    messages.success(
        request,
        speech.told("The order holds from today on. Scores follow within a minute."),
        extra_tags="done",
    )
    return HttpResponseRedirect(reverse("settings-scorecards"))


@require_POST
@signed_in
def rollup(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say by which function the health of parents is told."""
    rollup_deeds.choose(function=request.POST.get("function", ""), by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("Parents are told that way from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-scorecards"))


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """One card: the version in force, or the one that is asked for."""
    view = cards.find(slug=slug)
    asked = request.GET.get("version", "")
    shown = view.version(int(asked) if asked.isdecimal() else view.published or view.versions[0].number)
    page = pages.one(
        view,
        shown,
        _read(view),
        audience.judged(seen_by=asking.seen_by),
        today=asking.today,
        may_change=asking.seen_by.may("config.change"),
    )
    return respond(request, "web/scorecard.html", page)


@require_GET
@signed_in
def preview(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """What publishing the draft would change, and the button that does it."""
    return _preview(request, asking, slug)


@require_GET
@signed_in
def preview_progress(request: HttpRequest, asking: Asking, slug: str, preview_id: int) -> HttpResponse:
    """How far the preview of all customers is; once it has ended, the whole page is asked for again."""
    whole = kept_previews.find(preview_id=preview_id, seen_by=asking.seen_by)
    progress = preview_pages.progress(slug, whole)
    if progress is None:
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    return respond(request, "web/scorecard_progress.html", progress)


@require_POST
@signed_in
def publication(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Publish the draft that was looked at."""
    number, seen = int(request.POST.get("number", "0") or 0), request.POST.get("seen", "")
    try:
        deeds.publish(
            slug=slug,
            number=number,
            seen=datetime.fromisoformat(seen) if seen else None,
            by=asking.seen_by,
            at=asking.now,
        )
    except versions.DraftChanged as refusal:
        return _preview(request, asking, slug, refused=str(refusal), status=409)
    tasks.nudge()
    said = speech.told(
        "Version %(number)s is in force from today on. Scores follow within a minute.", number=number
    )
    messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(pages.address(slug))


@require_POST
@signed_in
def rollback(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Publish what an earlier version said."""
    number = int(request.POST.get("number", "0") or 0)
    made = deeds.roll_back(slug=slug, number=number, by=asking.seen_by, at=asking.now)
    tasks.nudge()
    said = speech.told(
        "Version %(number)s says what version %(number2)s said, and is in force from today on.",
        number=made.number,
        number2=number,
    )
    messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(pages.address(slug))


@require_POST
@signed_in
def discard(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Throw the draft away."""
    deeds.discard(slug=slug, by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("The draft is gone."), extra_tags="done")
    left = any(card.slug == slug for card in cards.everything())
    return HttpResponseRedirect(pages.address(slug) if left else reverse("settings-scorecards"))


@require_GET
@signed_in
def as_toml(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """A version as TOML, as a pack has it."""
    del asking
    view = cards.find(slug=slug)
    asked = request.GET.get("version", "")
    version = view.version(int(asked) if asked.isdecimal() else view.published or view.versions[0].number)
    text = texts.write(view.slug, view.title, version.definition)
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{view.slug}.toml"'
    return answer


def _list(asking: Asking, *, refused: str = "") -> pages.ListPage:
    found = cards.everything()
    read = {card.slug: definitions.read(_main(card)) for card in found if card.versions}
    return pages.listing(
        found,
        read,
        audience.judged(seen_by=asking.seen_by),
        may_change=asking.seen_by.may("config.change"),
        rollup=rollups.function(),
        refused=refused,
    )


def _main(card: ScorecardView) -> dict[str, object]:
    """What the version in force says, or the draft of a card that never was."""
    number = card.published or card.versions[0].number
    return card.version(number).definition


def _read(view: ScorecardView) -> dict[int, Card]:
    return {version.number: definitions.read(version.definition) for version in view.versions}


def _preview(
    request: HttpRequest, asking: Asking, slug: str, *, refused: str = "", status: int = 200
) -> HttpResponse:
    view = cards.find(slug=slug)
    draft = view.draft
    if draft is None:
        raise NotFound("%(title)s has no draft.", title=view.title)
    whole = None
    try:
        found = previews.of(
            slug=slug, definition=draft.definition, seen_by=asking.seen_by, most=previews.AT_ONCE
        )
        if found.is_sample and asking.seen_by.everything:
            whole = _whole(asking, slug)
    except Invalid as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
        return HttpResponseRedirect(pages.address(slug))
    page = preview_pages.preview(
        view, draft, _read(view), (whole and whole.found) or found, whole=whole, refused=refused
    )
    return respond(request, "web/scorecard_preview.html", page, status=status)


def _whole(asking: Asking, slug: str) -> WholeView:
    """The preview of all customers, which a job works out."""
    preview_id = preview_deeds.ask(slug=slug, by=asking.seen_by, at=asking.now)
    whole = kept_previews.find(preview_id=preview_id, seen_by=asking.seen_by)
    if whole.state in ("queued", "running"):
        tasks.preview(preview_id)
    return whole
