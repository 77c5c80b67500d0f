"""The editor of a scorecard's draft: every press of a button keeps what is typed; only Save writes."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import scorecard_editor, scorecard_forms, scorecard_gaps
from keepwell.faces.web.pages import scorecards as pages
from keepwell.faces.web.pages.conditions import Editor
from keepwell.faces.web.pages.scorecard_forms import Typed
from keepwell.health import cards as definitions
from keepwell.health import texts
from keepwell.health.actions import scorecards as deeds
from keepwell.health.queries import audience, cards
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.metrics.queries import catalogue
from keepwell.segments.queries import vocabulary


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """A scorecard that does not exist yet."""
    asking.seen_by.require("config.change")
    return _edited(request, asking, scorecard_forms.blank(), is_new=True)


@require_http_methods(["GET", "POST"])
@signed_in
def draft(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """The draft of a scorecard, or a new one that begins with what is in force."""
    asking.seen_by.require("config.change")
    view = cards.find(slug=slug)
    begun = view.draft or view.version(view.published or view.versions[0].number)
    return _edited(request, asking, scorecard_forms.of(view.slug, view.title, begun.definition), is_new=False)


@require_POST
@signed_in
def upload(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Save a scorecard that is written in TOML as a draft."""
    try:
        slug, title, definition = texts.read(request.POST.get("toml", ""))
        deeds.save(slug=slug, title=title, definition=definition, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        if not asking.seen_by.may("config.change"):
            raise
        words = vocabulary.accounts()
        page = _page(
            scorecard_forms.blank(), words, catalogue.answering(), here=reverse("settings-scorecard-new"), is_new=True,
            refused=str(refusal), toml=request.POST.get("toml", ""),
        )  # fmt: skip
        return respond(request, "web/scorecard_edit.html", page, status=422)
    messages.success(
        request, speech.told("The draft of “%(title)s” is saved.", title=title), extra_tags="done"
    )
    return HttpResponseRedirect(pages.address(slug))


def _edited(request: HttpRequest, asking: Asking, begun: Typed, *, is_new: bool) -> HttpResponse:
    words, deed = vocabulary.accounts(), request.POST.get("deed", "look")
    metrics = catalogue.answering()
    typed = begun if request.method == "GET" else scorecard_forms.typed(request.POST)
    slug = (typed.slug or scorecard_forms.slug_of(typed.title)) if is_new else begun.slug
    typed = scorecard_forms.named(replace(typed, slug=slug), {metric.slug: metric for metric in metrics})
    refused = scorecard_gaps.unfinished(typed) if deed == "save" else ""
    if deed == "save" and not refused:
        try:
            said = scorecard_forms.stated(typed, words)
            deeds.save(slug=slug, title=typed.title, definition=said, by=asking.seen_by, at=asking.now)
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(
                request,
                speech.told("The draft of “%(title)s” is saved.", title=typed.title),
                extra_tags="done",
            )
            return HttpResponseRedirect(pages.address(slug))
    acted = scorecard_forms.acted(typed, deed)
    page = _page(acted, words, metrics, here=request.path, is_new=is_new, refused=refused)
    return respond(request, "web/scorecard_edit.html", page, part="editor", status=422 if refused else 200)


def _page(
    typed: Typed,
    words: Vocabulary,
    metrics: Sequence[Metric],
    *,
    here: str,
    is_new: bool,
    refused: str = "",
    toml: str = "",
) -> scorecard_editor.EditorPage:
    return scorecard_editor.page(
        typed,
        here=here,
        back=reverse("settings-scorecards") if is_new else pages.address(typed.slug),
        is_new=is_new,
        metrics=metrics,
        editor=Editor.of(words),
        spreads=audience.distributions(metrics=frozenset(part.metric for part in typed.parts)),
        problem="" if refused else _problem(typed, words),
        refused=refused,
        toml=toml,
    )


def _problem(typed: Typed, words: Vocabulary) -> str:
    """What is not right yet; empty when it could be saved."""
    if lacks := scorecard_gaps.unfinished(typed):
        return lacks
    try:
        definitions.read(scorecard_forms.stated(typed, words), words)
    except Refused as refusal:
        return str(refusal)
    return ""
