"""Who says that a source's history was known when it happened, and how much rests on it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import vouching as pages
from keepwell.intake.actions import vouching
from keepwell.intake.queries import sources, vouchings
from keepwell.kernel.errors import Refused


@require_http_methods(["GET", "POST"])
@signed_in
def source(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """What was said of a source, and by whom; a post says it, or takes it back."""
    found = sources.find(slug=slug, seen_by=asking.seen_by)
    refused = ""
    if request.method == "POST":
        vouches = request.POST.get("vouches") == "1"
        note = request.POST.get("note", "")
        try:
            vouching.switch(slug=slug, vouches=vouches, by=asking.seen_by, at=asking.now, said=note)
            return HttpResponseRedirect(reverse("source-vouching", args=(slug,)))
        except Refused as refusal:
            refused = str(refusal)
    page = pages.source(
        found,
        said=vouchings.said(seen_by=asking.seen_by, source=slug),
        shares=vouchings.shares(seen_by=asking.seen_by),
        now=asking.now,
        refused=refused,
    )
    return respond(request, "web/source_vouching.html", page, status=422 if refused else 200)
