"""Texts with fields in braces, filled from facts: "{name} renews on {renewal_date|a day that nobody knows}". Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PERSON = "person."
OWN = ("playbook", "today", "champion")
FIELD = re.compile(r"\{([a-z][a-z0-9_.-]*)(?:\|([^{}]*))?\}")


@dataclass(frozen=True)
class Filled:
    """A text with its fields filled, and which of them nothing is known of."""

    text: str
    unfilled: tuple[str, ...]


def fields(text: str) -> tuple[str, ...]:
    """The fields that a text asks for, in order."""
    return tuple(dict.fromkeys(match[1] for match in FIELD.finditer(text)))


def fill(text: str, facts: Mapping[str, str]) -> Filled:
    """The text with what is known; what is not known is what stands after the |, else it is said."""
    lacking: list[str] = []

    def one(match: re.Match[str]) -> str:
        name, otherwise = match[1], match[2]
        if name in facts:
            return facts[name]
        if otherwise is not None:
            return otherwise
        lacking.append(name)
        return f"[{name} is not known]"

    said = FIELD.sub(one, text)
    return Filled(said, tuple(dict.fromkeys(lacking)))
