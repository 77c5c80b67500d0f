"""Stable names for things: lower-case words joined by hyphens, underscores or dots."""

import re

from keepwell.kernel.errors import Invalid

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def checked(text: str) -> str:
    """The slug itself, or `Invalid` when it is none."""
    if not _SLUG.fullmatch(text):
        raise Invalid(
            f'"{text}" is no slug. Use 1 to 63 lower-case letters, digits, ".", "_" or "-", beginning with a letter or digit.'
        )
    return text
