"""All style sheets as one file: one request for the browser, one file a component for us, no build step."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

FOLDERS = (("web/css", ("layers", "reset", "tokens", "base", "layout", "bar", "rail")), ("components", ()))
LAST = ("web/css", ("utilities", "print"))


@lru_cache(maxsize=1)
def sheet() -> tuple[str, str]:
    """The text of all sheets in the order of their layers, and its name by content."""
    texts: list[str] = []
    for folder, names in (*FOLDERS, LAST):
        found = finders.find(folder)
        if not isinstance(found, str):
            raise FileNotFoundError(f"the static folder {folder} is missing")
        paths = [Path(found) / f"{name}.css" for name in names] or sorted(Path(found).glob("*.css"))
        texts.extend(path.read_text() for path in paths)
    text = "\n".join(texts)
    return text, sha256(text.encode()).hexdigest()[:12]


def address() -> str:
    """Where the sheet of today stands."""
    return reverse("styles", args=(sheet()[1],))


def styles(request: HttpRequest, name: str) -> HttpResponse:
    """The sheet, kept by browsers for good, because its address changes with its content."""
    text, current = sheet()
    if name != current:
        raise Http404("The style sheet has changed. Reload the page.")
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
