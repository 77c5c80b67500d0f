"""Where people stood in an account, by what was said of them, one word after the other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

STATUS = {
    "person.joined": "active",
    "person.returned": "active",
    "person.on_leave": "on_leave",
    "person.left": "left",
}
REMOVED, ROLES, STANCE = "person.removed", "role.changed", "stance.changed"
NAMES = (*STATUS, REMOVED, ROLES, STANCE)


@dataclass(frozen=True)
class Stood:
    """What a person was to an account, and since when in this status."""

    status: str = "active"
    since: date | None = None
    roles: tuple[str, ...] = ()
    stance: str = ""


def at_end(told: Iterable[tuple[str, str, str, datetime]]) -> dict[str, Stood]:
    """From (person, name, feature, at) in order: where each stood in the end; who was taken off is not there.

    >>> at_end([("p", "person.joined", "", datetime(2026, 1, 1)), ("p", "stance.changed", "champion", datetime(2026, 1, 2))])
    {'p': Stood(status='active', since=datetime.date(2026, 1, 1), roles=(), stance='champion')}
    """
    found: dict[str, Stood] = {}
    for person, name, feature, at in told:
        if name == REMOVED:
            found.pop(person, None)
            continue
        stood = found.get(person, Stood())
        if name in STATUS:
            stood = replace(stood, status=STATUS[name], since=at.date())
        elif name == ROLES:
            stood = replace(stood, roles=tuple(role for role in feature.split(", ") if role))
        else:
            stood = replace(stood, stance=feature)
        found[person] = stood
    return found
