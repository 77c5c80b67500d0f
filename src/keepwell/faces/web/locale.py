"""In which language and time zone a page is told: the person's own, else the company's, else the browser's language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from keepwell.access.queries import decisions
from keepwell.faces.components.apps import speaking
from keepwell.faces.web.errors import PROGRAMS

FILES = (".csv", ".toml", ".json")  # what programs read too: English and UTC


class Locale:
    """Sets both for a request; programs and their files are told English and UTC. Asks no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set, answer, put back."""
        if request.path.startswith(PROGRAMS) or request.path.endswith(FILES):
            return self.get_response(request)
        with reading(request.user, otherwise=translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response


@contextmanager
def reading(user: Any, *, otherwise: str = "en") -> Iterator[None]:
    """Speak as somebody reads."""
    chosen = decisions.reading(user)
    with speaking(chosen.language or otherwise), timezone.override(ZoneInfo(chosen.time_zone)):
        yield
