"""Scorecards as TOML, in and out: what is written is read back the same."""

import tomllib
from collections.abc import Mapping
from typing import Any

from keepwell.kernel import tomls
from keepwell.kernel.errors import Invalid

HEAD = ("slug", "title")


def read(text: str) -> tuple[str, str, dict[str, Any]]:
    """Slug, title and definition that a text in TOML states."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("This is no TOML: %(error)s.", error=str(error)) from None
    slug, title = (given.pop(name, None) for name in HEAD)
    if not isinstance(slug, str) or not isinstance(title, str):
        raise Invalid('State "slug" and "title" as texts before everything else.')
    return slug, title, given


def write(slug: str, title: str, definition: Mapping[str, Any]) -> str:
    """A scorecard as TOML: plain values first, then tables, then the lists of groups and parts."""
    return tomls.written({"slug": slug, "title": title, **definition})
