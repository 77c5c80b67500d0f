"""What every page answers with: a strict policy for its content, and words for a refusal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

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
