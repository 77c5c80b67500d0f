"""The gallery of components, for whoever builds pages."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import gallery as pages


@require_GET
@signed_in
def gallery(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Every component in every state."""
    return respond(request, "web/gallery.html", pages.page())
