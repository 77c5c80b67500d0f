"""How a person enters a value, and how it looks in JSON: one word for each."""

from typing import Any, Literal, get_args

from keepwell.intake import names, parsers

Form = Literal[
    "text",
    "long_text",
    "choice",
    "key",
    "account",
    "person",
    "people",
    "email",
    "colleague",
    "day",
    "moment",
    "amount",
    "currency",
    "number",
    "whole",
    "truth",
    "list",
    "limits",
]
ALL: tuple[Form, ...] = get_args(Form)

FORMS: dict[parsers.Parser, Form] = {
    parsers.text: "text",
    parsers.key: "key",
    parsers.email: "email",
    parsers.day: "day",
    parsers.moment: "moment",
    parsers.amount: "amount",
    parsers.currency: "currency",
    parsers.number: "number",
    parsers.whole: "whole",
    parsers.truth: "truth",
    parsers.tags: "list",
    parsers.domains: "list",
    parsers.keys: "people",
    parsers.rate: "amount",
    parsers.limits: "limits",
    names.checked: "text",
}

_TEXT: dict[str, Any] = {"type": "string"}
# What JSON may hold for a value; a number that is sent as text is read like a cell of a file.
JSON_SHAPES: dict[Form, dict[str, Any]] = {
    **dict.fromkeys(ALL, _TEXT),
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "amount": {"anyOf": [{"type": "number"}, _TEXT]},
    "number": {"anyOf": [{"type": "number"}, _TEXT]},
    "whole": {"anyOf": [{"type": "integer"}, _TEXT]},
    "truth": {"anyOf": [{"type": "boolean"}, _TEXT]},
    "list": {"anyOf": [{"type": "array", "items": _TEXT}, _TEXT]},
    "limits": {"anyOf": [{"type": "object", "additionalProperties": {"type": "number"}}, _TEXT]},
    "people": {"anyOf": [{"type": "array", "items": _TEXT}, _TEXT]},
}
