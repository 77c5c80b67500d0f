"""What every page answers with: a strict policy for its content, and words for a refusal."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from keepwell.kernel.errors import Forbidden, Invalid, NotFound, Refused

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
STATUS = ((NotFound, 404), (Forbidden, 403), (Invalid, 400), (Refused, 409))


class PagePolicy:
    """Sends the content policy with every page that has none of its own, and keeps pages and downloads out of caches.

    The APIs need neither.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers."""
        response = self.get_response(request)
        kind = response.get("Content-Type", "")
        if kind.startswith(("text/html", "text/csv")):
            response.headers.setdefault("Cache-Control", "private, no-store")
        if kind.startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
            response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class Toasts:
    """Sends what there is to say in passing along with an answer that is only a part of a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the toasts, out of the part's own place; a whole page has shown them itself."""
        response = self.get_response(request)
        if self._is_part(request, response) and _waiting(request):
            response.content += render_to_string("web/toasts.html", request=request).encode()
        return response

    def _is_part(self, request: HttpRequest, response: HttpResponse) -> bool:
        """Whether HTMX will put the answer into the page that stands."""
        leaves = response.has_header("HX-Redirect") or response.has_header("HX-Refresh")
        is_markup = response.get("Content-Type", "").startswith("text/html")
        return (
            getattr(request, "htmx", False)
            and is_markup
            and not leaves
            and not response.streaming
            and (response.status_code == 200 or response.status_code >= 400)
        )


def _waiting(request: HttpRequest) -> bool:
    """Whether there is something to say that was not shown by the page itself; asking does not count as showing."""
    said = messages.get_messages(request)
    return isinstance(said, BaseStorage) and not said.used and len(said) > 0


class Refusals:
    """Shows what a stage refused, in its own words, on pages that did not show it themselves."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Only refusals of our own pages; the APIs have their own manners, and anything else is our bug."""
        match = request.resolver_match
        if not isinstance(exception, Refused) or match is None:
            return None
        if not match.func.__module__.startswith("keepwell.faces.web"):
            return None
        status = next(code for kind, code in STATUS if isinstance(exception, kind))
        return render(request, "web/refused.html", {"said": str(exception), "status": status}, status=status)
