"""Stable names for things: lower-case words joined by hyphens, underscores or dots."""

import re
from unicodedata import normalize

from keepwell.kernel.errors import Invalid

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def checked(text: str) -> str:
    """The slug itself, or `Invalid` when it is none."""
    if not _SLUG.fullmatch(text):
        raise Invalid(
            '"%(text)s" is no slug. Use 1 to 63 lower-case letters, digits, ".", "_" or "-", '
            "beginning with a letter or digit.",
            text=text,
        )
    return text


def made_of(title: str) -> str:
    """A slug from a title: its letters in plain Latin, lower-case, joined by hyphens; `Invalid` when none is left."""
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].strip("-")
    if not slug:
        raise Invalid(
            '"%(title)s" has no letter that a name in addresses can be made of. Add a word in Latin letters.',
            title=title,
        )
    return slug
