"""CSV as a stream: constant memory, and no cell that a spreadsheet would run."""

import csv
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse, StreamingHttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def safe(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets a quote in front; numbers stay as they are."""
    if not text.startswith(FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def streamed(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A file of rows under a heading; cells that are not known are empty."""
    writer = csv.writer(Echo())
    lines = (
        writer.writerow([safe(str(cell)) if cell is not None else "" for cell in row])
        for row in (head, *rows)
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_named(name)}.csv"'
    return response


def filed(name: str, content: bytes, kind: str) -> HttpResponse:
    """A file of a kind that is named by its ending."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{_named(name)}"'
    return response


def _named(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name)
