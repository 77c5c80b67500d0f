"""Reading the parts of a declared cadence: figures, names, roles and kinds, refused by their place. Pure."""

from collections.abc import Mapping
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.kernel import tables
from keepwell.kernel.errors import Invalid

KINDS = ("call", "meeting", "review", "email", "onsite")
LEADING = tuple(role for role in ROLES if role not in ("customer", "read_only"))
TITLE_LENGTH, NAME_LENGTH, MOST_NAMES = 200, 63, 20
MOST_PHASE_DAYS = 3660


def whole(given: Mapping[str, Any], key: str, least: int, most: int, where: str) -> int:
    """A whole number within its limits."""
    found = given.get(key)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise Invalid(
            '%(where)s: "%(key)s" must be a whole number from %(least)s to %(most)s, not %(found)s.',
            where=where,
            key=key,
            least=least,
            most=most,
            found=repr(found),
        )
    return found


def titled(given: Mapping[str, Any], where: str) -> str:
    """Its title."""
    title = tables.text(given, "title", where).strip()
    if len(title) > TITLE_LENGTH:
        raise Invalid("%(where)s: a title has at most %(most)s letters.", where=where, most=TITLE_LENGTH)
    return title


def optional_days(given: Mapping[str, Any], where: str) -> tuple[int | None, int | None]:
    """From which day until which, where they are stated."""
    first = None if "from_day" not in given else whole(given, "from_day", 0, MOST_PHASE_DAYS, where)
    if "until_day" not in given:
        return first, None
    return first, whole(given, "until_day", (first or 0) + 1, MOST_PHASE_DAYS, where)


def named_words(given: Any, where: str) -> tuple[str, ...]:
    """How accounts may call it, in small letters."""
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_NAMES:
        raise Invalid('%(where)s: "names" is a list of 1 to %(most)s words.', where=where, most=MOST_NAMES)
    for name in given:
        if not isinstance(name, str) or not 0 < len(name.strip()) <= NAME_LENGTH:
            raise Invalid('%(where)s: "%(name)s" is no name.', where=where, name=name)
    return tuple(dict.fromkeys(name.strip().lower() for name in given))


def named_roles(given: Any, where: str) -> tuple[str, ...]:
    """Who leads it."""
    if not isinstance(given, list) or not given:
        raise Invalid("%(where)s: name one role or more: %(listed)s.", where=where, listed=", ".join(LEADING))
    return _among(given, LEADING, "role", where)


def asked_kinds(given: Any, where: str) -> tuple[str, ...]:
    """Which conversations count; none: any."""
    if not isinstance(given, list):
        raise Invalid('%(where)s: "kinds" is a list of %(listed)s.', where=where, listed=", ".join(KINDS))
    return tuple(sorted(_among(given, KINDS, "kind", where)))


def _among(given: list[Any], allowed: tuple[str, ...], what: str, where: str) -> tuple[str, ...]:
    for one in given:
        if one not in allowed:
            raise Invalid(
                '%(where)s: %(what)s "%(one)s" is not known. Use one of %(listed)s.',
                where=where,
                what=what,
                one=one,
                listed=", ".join(allowed),
            )
    return tuple(dict.fromkeys(given))
