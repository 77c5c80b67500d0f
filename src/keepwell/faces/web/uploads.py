"""A small file that somebody sends with a form, as text."""

from django.http import HttpRequest

from keepwell.kernel.errors import Invalid

MOST_BYTES = 4 * 1024 * 1024


def text(request: HttpRequest) -> str:
    """What the field `file` holds; refuses none, one that is too large, and one that is no text."""
    given = request.FILES.get("file")
    if given is None or given.size is None:
        raise Invalid("Choose a file. Nothing was written.")
    if given.size > MOST_BYTES:
        raise Invalid("The file has more than 4 MB. Split it. Nothing was written.")
    try:
        return bytes(given.read()).decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("The file is not UTF-8 text. Save it as CSV UTF-8. Nothing was written.") from None
