"""Files that people gave us, handed out so that no browser takes them for a page."""

from pathlib import Path

from django.http import FileResponse

from keepwell.kernel.errors import NotFound
from keepwell.ledger.queries.files import FileView


def attachment(file: FileView, path: Path) -> FileResponse:
    """The bytes, to be saved: never shown, never guessed at, never kept by a cache."""
    if file.link or not path.is_file():
        raise NotFound('"%(name)s" has no bytes here.', name=file.name)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
