"""The editor of measures: a form with what it would say today, the same as TOML; save and retire."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.faces.web import editing
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.editing import Editor
from keepwell.faces.web.pages import measure_editor as pages
from keepwell.faces.web.pages import measure_forms as forms
from keepwell.faces.web.pages import measure_gaps as gaps
from keepwell.faces.web.pages.measure_forms import Typed
from keepwell.health import texts
from keepwell.intake.queries import quality
from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.catalogue import FACTS
from keepwell.metrics import catalogue as reading
from keepwell.metrics.actions import definitions
from keepwell.metrics.queries import catalogue, spreads

TEMPLATE = "web/measure_edit.html"
EDITOR = Editor(
    TEMPLATE,
    speech.later("Measures are defined"),
    speech.later("Measure saved. Its history follows within a minute."),
    gaps.plainly,
)
UNSAVED = "unsaved"
RESERVED = ("new", "core-features")


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Define a measure, perhaps one like another."""
    return _edited(request, asking, "")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Define one otherwise."""
    if catalogue.find(slug).builtin:
        raise NotFound('"%(slug)s" is a measure that Keepwell brings. Define one like it.', slug=slug)
    return _edited(request, asking, slug)


@require_POST
@signed_in
def retire(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Compute it no more."""
    return editing.retired(
        request,
        lambda: definitions.retire(slug=slug, by=asking.seen_by, at=asking.now),
        said=speech.told("The measure is retired."),
        here=reverse("measure", args=(slug,)),
        back=reverse("measures"),
    )


def _edited(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    EDITOR.may(asking)
    if request.method == "GET":
        typed = _opened(slug, request.GET.get("like", ""))
        return respond(request, TEMPLATE, _page(request, asking, slug, typed))
    deed = request.POST.get("deed", "")
    if deed == "read":
        return _read(request, asking, slug)
    typed = forms.acted(forms.typed(request.POST.dict()), deed)
    return EDITOR.answer(
        request,
        page=lambda refused: _page(request, asking, slug, typed, refused=refused),
        save=lambda: reverse("measure", args=(_saved(asking, slug, typed),)),
    )


def _opened(slug: str, like: str) -> Typed:
    if slug or like:
        said = catalogue.definition(slug or like).definition
        return forms.of(said if slug else said | {"slug": "", "title": "", "kept": True})
    return Typed()


def _read(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """The form as a text in TOML says it; nothing is saved."""
    text = request.POST.get("toml", "")
    try:
        named, title, rest = texts.read(text)
        definition = reading.written(reading.read({"slug": named, "title": title, **rest}))
    except Invalid as refusal:
        page = _page(request, asking, slug, Typed(), toml=text, toml_refused=gaps.plainly(str(refusal)))
        return respond(request, TEMPLATE, page, status=422)
    return respond(request, TEMPLATE, _page(request, asking, slug, forms.of(definition)), part="editing")


def _saved(asking: Asking, slug: str, typed: Typed) -> str:
    if lacks := gaps.unsaid(typed) or gaps.unfinished(typed.measure):
        raise Invalid(gaps.sentence(lacks))
    name = slug or typed.slug or slugs.made_of(typed.title)
    if not slug and (name in RESERVED or any(metric.slug == name for metric in catalogue.all_metrics())):
        raise Conflict("There is a measure named “%(name)s” already. Give this one another title.", name=name)
    definitions.save(definition=forms.stated(typed, name), by=asking.seen_by, at=asking.now)
    return name


def _page(
    request: HttpRequest,
    asking: Asking,
    slug: str,
    typed: Typed,
    *,
    refused: str = "",
    toml: str = "",
    toml_refused: str = "",
) -> pages.EditorPage:
    text, trying = toml, editing.tries(request)
    try:
        definition = forms.stated(typed, slug or typed.slug or UNSAVED)
        live = _live(asking, definition | {"title": typed.title or speech.told("The measure")}, trying=trying)
        text = toml or texts.write(definition.pop("slug"), definition.pop("title"), definition)
    except Invalid as refusal:
        lacks = gaps.unfinished(typed.measure)
        live = pages.Live(lacks=gaps.sentence(lacks), problem="" if lacks else gaps.plainly(str(refusal)))
    return pages.page(
        slug,
        typed,
        live,
        facts=tuple(FACTS),
        names=quality.event_names(),
        toml=text,
        refused=refused,
        toml_refused=toml_refused,
    )


def _live(asking: Asking, definition: dict[str, object], *, trying: bool) -> pages.Live:
    """What it would say today, which reads the lake; the texts may still be missing."""
    unsaid = {"unit": "", "sentence": "…", "unknown_when": speech.told("nothing is known to tell it")}
    whole = definition | {name: definition.get(name) or text or "events" for name, text in unsaid.items()}
    metric = reading.read(whole)
    if not trying:
        return pages.Live(awaits=True)
    found = spreads.tried(definition=whole, as_of=asking.day, seen_by=asking.seen_by)
    some = spreads.ordered(found, "value", descending=metric.better == "up")
    return pages.live(metric, some, spreads.spread(found, as_of=asking.day))
