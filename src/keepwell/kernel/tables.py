"""Reading what a person wrote as tables (TOML, JSON): what is wrong is named by place, with what is allowed there."""

from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.kernel.errors import Invalid


def only(given: Any, allowed: Sequence[str], where: str) -> None:
    """Refuse what is no table, and a key that is not known there."""
    if not isinstance(given, Mapping):
        raise Invalid("%(where)s must be a table with %(listed)s.", where=where, listed=", ".join(allowed))
    if extra := sorted(set(given) - set(allowed)):
        raise Invalid(
            '%(where)s: "%(extra)s" is not known. Allowed: %(listed)s.',
            where=where,
            extra=extra[0],
            listed=", ".join(allowed),
        )


def text(given: Mapping[str, Any], key: str, where: str) -> str:
    """A text that must be there and say something."""
    found = given.get(key)
    if not isinstance(found, str) or not found.strip():
        raise Invalid('%(where)s: "%(key)s" must be a text.', where=where, key=key)
    return found
