"""In which language and time zone a page is told: the person's own, else the browser's language and UTC."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from keepwell.access.queries import decisions
from keepwell.faces.web.errors import PROGRAMS


class Locale:
    """Sets both for a request; programs are told English and UTC. Asks no query: preferences come with the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set, answer, put back."""
        if request.path.startswith(PROGRAMS):
            return self.get_response(request)
        preferred = decisions.of(getattr(request.user, "preferences", {}))
        language = preferred["language"] or translation.get_language_from_request(request)
        zone = preferred["time_zone"] or "UTC"
        with translation.override(language), timezone.override(ZoneInfo(zone)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response
