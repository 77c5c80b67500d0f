"""Tables as TOML that reads well, plain values first, then tables and lists of tables; read back it is the same."""

import json
from collections.abc import Mapping
from typing import Any


def written(said: Mapping[str, Any]) -> str:
    """A table of texts, numbers, truths, lists and tables as TOML; what is None is left out."""
    stated = {key: value for key, value in said.items() if value is not None}
    plain = [f"{_key(key)} = {_value(value)}" for key, value in stated.items() if not _is_section(value)]
    sections = [
        "\n".join(lines)
        for key, value in stated.items()
        if _is_section(value)
        for lines in _sections(key, value)
    ]
    return "\n\n".join(["\n".join(plain), *sections]) + "\n"


def _is_section(value: Any) -> bool:
    """Whether a value is a table of plain values, or a list of tables."""
    if isinstance(value, Mapping):
        return bool(value) and not any(isinstance(item, Mapping | list) for item in value.values())
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _sections(key: str, value: Any) -> list[list[str]]:
    rows, name = (value, f"[[{_key(key)}]]") if isinstance(value, list) else ([value], f"[{_key(key)}]")
    return [[name, *_lines(row)] for row in rows]


def _lines(row: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(item)}" for key, item in row.items() if item is not None]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_lines(value)) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else json.dumps(key)
