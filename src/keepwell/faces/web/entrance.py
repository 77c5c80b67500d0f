"""What is refused at the entrance, before anything is read or asked: bodies that are too large, text that holds NUL."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render

from keepwell.faces.web.errors import PROGRAMS

MOST_BYTES = 4 * 1024 * 1024
MOST_BYTES_OF_ROWS = 20 * 1024 * 1024
TRACKING = "/v1/"  # has a lower limit of its own, and reads no forms

UPLOADS = ("/data/imports/new/", "/api/v1/imports")

NUL = "holds the character NUL, which no text may hold. Nothing was changed."
TOO_LARGE = "At most {most} MB are taken here. Nothing was changed."


class Entrance:
    """Answers 400 or 413 in words, to people and programs alike.

    Stands before the session, so that a cookie that cannot be asked for is refused, and before the check of forms
    against forgery, which reads them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what came without its body."""
        most = MOST_BYTES_OF_ROWS if _is_bulk(request.path) else MOST_BYTES
        if _bytes(request) > most and not (request.path in UPLOADS or request.path.startswith(TRACKING)):
            return _refused(request, 413, TOO_LARGE.format(most=most // 1024**2))
        asked = (text for name, values in request.GET.lists() for text in (name, *values))
        for what, texts in (
            ("address", [request.path]),
            ("query of the address", asked),
            ("cookie", request.COOKIES.values()),
        ):
            if _hold_nul(texts):
                return _refused(request, 400, f"The {what} {NUL}")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Look at the form of a page; large files are read only for those who are signed in."""
        del view, args, kwargs
        if request.method != "POST" or request.path.startswith(PROGRAMS):
            return None
        if _bytes(request) > MOST_BYTES and not request.user.is_authenticated:
            said = TOO_LARGE.format(most=MOST_BYTES // 1024**2)
            return _refused(request, 413, f"{said} Sign in to send a larger file.")
        try:
            form = [text for name, values in request.POST.lists() for text in (name, *values)]
        except UnreadablePostError:
            return None  # who sent it is gone; the check against forgery says no
        return _refused(request, 400, f"The form {NUL}") if _hold_nul(form) else None


def _is_bulk(path: str) -> bool:
    return path.startswith(PROGRAMS) and path.endswith("/bulk")


def _bytes(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _hold_nul(texts: Iterable[object]) -> bool:
    return any("\x00" in text for text in texts if isinstance(text, str))


def _refused(request: HttpRequest, status: int, said: str) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        return JsonResponse({"error": said}, status=status)
    return render(request, "400.html", {"said": said}, status=status)
