"""Scorecards as TOML, in and out: what is written is read back the same."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from keepwell.kernel.errors import Invalid

HEAD = ("slug", "title")


def read(text: str) -> tuple[str, str, dict[str, Any]]:
    """Slug, title and definition that a text in TOML states."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"This is no TOML: {error}.") from None
    slug, title = (given.pop(name, None) for name in HEAD)
    if not isinstance(slug, str) or not isinstance(title, str):
        raise Invalid('State "slug" and "title" as texts before everything else.')
    return slug, title, given


def write(slug: str, title: str, definition: Mapping[str, Any]) -> str:
    """A scorecard as TOML: plain values first, then tables, then the lists of groups and parts."""
    said = {"slug": slug, "title": title, **definition}
    plain = [f"{key} = {_value(value)}" for key, value in said.items() if not _is_section(value)]
    sections = [
        "\n".join(lines)
        for key, value in said.items()
        if _is_section(value)
        for lines in _sections(key, value)
    ]
    return "\n\n".join(["\n".join(plain), *sections]) + "\n"


def _is_section(value: Any) -> bool:
    """Whether a value is a table of plain values, or a list of tables."""
    if isinstance(value, Mapping):
        return not any(isinstance(item, Mapping | list) for item in value.values())
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _sections(key: str, value: Any) -> list[list[str]]:
    rows, name = (value, f"[[{key}]]") if isinstance(value, list) else ([value], f"[{key}]")
    return [[name, *(f"{inner} = {_value(item)}" for inner, item in row.items())] for row in rows]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else json.dumps(key)
