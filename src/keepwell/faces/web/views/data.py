"""How facts get in: imports, sources with their write keys, and events that could not be taken."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.faces.components import words
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import data as pages
from keepwell.faces.web.pages import imports as import_pages
from keepwell.faces.web.pages import records as record_pages
from keepwell.faces.web.pages import rejected as rejected_pages
from keepwell.intake.actions import sources as deeds
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import batches, rejections, sources
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.ledger.queries import unresolved

SHOWN = 12
LATEST = 500


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Imports, sources and what was lost on one page."""
    return respond(request, "web/data.html", _page(asking, None))


@require_GET
@signed_in
def homeless(request: HttpRequest, asking: Asking) -> HttpResponse:
    """How many events mean no account; reads the lake, so the page asks for it by itself."""
    asking.seen_by.require("data.import")
    return respond(request, "web/data.html", _page(asking, unresolved.count()), part="unresolved")


def _page(asking: Asking, homeless: int | None) -> pages.DataPage:
    """The page; `homeless` events mean no account, None where nobody counted yet."""
    imported = tuple(
        import_pages.row(batch, now=asking.now) for batch in batches.recent(seen_by=asking.seen_by)
    )
    senders = tuple(
        pages.source(view, now=asking.now) for view in sources.all_sources(seen_by=asking.seen_by)
    )
    waiting = rejections.groups(chosen=Chosen(), seen_by=asking.seen_by)
    may_import = asking.seen_by.may("data.import")
    return pages.DataPage(
        pages.state(imported, senders),
        may_import,
        imported[:SHOWN],
        len(imported) > SHOWN,
        senders,
        tuple(rejected_pages.group(Chosen(), one, now=asking.now) for one in waiting),
        pages.unresolved(homeless or 0),
        () if may_import else record_pages.kind_rows(),
        awaits=may_import and homeless is None,
    )


@require_GET
@signed_in
def imports(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The latest imports."""
    asking.seen_by.require("data.import")
    found = batches.recent(seen_by=asking.seen_by, limit=LATEST)
    rows = tuple(import_pages.row(batch, now=asking.now) for batch in found)
    return respond(
        request,
        "web/imports.html",
        pages.ImportsPage(speech.told("The latest %(n)s, newest first.", n=words.whole(len(rows))), rows),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def new_source(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Make a source; its write key is shown in this answer and never again."""
    asking.seen_by.require("data.import")
    if request.method == "GET":
        return respond(request, "web/source_new.html", pages.NewSourcePage())
    name, slug = request.POST.get("name", "").strip(), request.POST.get("slug", "").strip()
    vouches = request.POST.get("vouches") == "1"
    try:
        key = deeds.create(slug=slug, name=name, vouches=vouches, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        page = pages.NewSourcePage(name, slug, vouches, str(refusal))
        return respond(request, "web/source_new.html", page, status=422)
    return _shown_once(request, slug, name or slug, key)


@require_http_methods(["GET", "POST"])
@signed_in
def new_key(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Replace a source's write key, after saying what that stops."""
    found = sources.find(slug=slug, seen_by=asking.seen_by)
    if request.method == "GET":
        return respond(request, "web/source_rekey.html", pages.new_key(found, now=asking.now))
    key = deeds.rekey(slug=slug, by=asking.seen_by, at=asking.now)
    return _shown_once(request, slug, found.name, key)


def _shown_once(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("accounts")).removesuffix("/accounts/")
    response = respond(
        request,
        "web/source_key.html",
        pages.NewSourcePage(name=name, slug=slug, write_key=key, address=address),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
