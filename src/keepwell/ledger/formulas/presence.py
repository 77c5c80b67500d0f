"""Where people stood in an account, by what was said of them, one word after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

STATUS = {
    "person.joined": "active",
    "person.returned": "active",
    "person.on_leave": "on_leave",
    "person.left": "left",
}
REMOVED, ROLES, STANCE = "person.removed", "role.changed", "stance.changed"
INFLUENCE, TITLE, LINE = "influence.changed", "title.changed", "line.changed"
NAMES = (*STATUS, REMOVED, ROLES, STANCE, INFLUENCE, TITLE, LINE)


@dataclass(frozen=True)
class Stood:
    """What a person was to an account, and since when in this status."""

    status: str = "active"
    since: date | None = None
    roles: tuple[str, ...] = ()
    stance: str = ""
    influence: int | None = None
    title: str = ""
    boss: str = ""


def at_end(told: Iterable[tuple[str, str, str, datetime, Mapping[str, Any]]]) -> dict[str, Stood]:
    """From (person, name, feature, at, props) in order: where each stood in the end; who was taken off is not there.

    >>> said = [("p", "person.joined", {}), ("p", "title.changed", {"to": "CFO"})]
    >>> stood = at_end((person, name, "", datetime(2026, 1, 1), props) for person, name, props in said)
    >>> stood["p"].title, stood["p"].since
    ('CFO', datetime.date(2026, 1, 1))
    """
    found: dict[str, Stood] = {}
    for person, name, feature, at, props in told:
        if name == REMOVED:
            found.pop(person, None)
            continue
        stood = found.get(person, Stood())
        if name in STATUS:
            stood = replace(stood, status=STATUS[name], since=at.date())
        elif name == ROLES:
            stood = replace(stood, roles=tuple(role for role in feature.split(", ") if role))
        elif name == STANCE:
            stood = replace(stood, stance=feature)
        else:
            stood = _more(stood, name, props.get("to"))
        found[person] = stood
    return found


def _more(stood: Stood, name: str, now: Any) -> Stood:
    if name == INFLUENCE:
        return replace(stood, influence=now)
    if name == TITLE:
        return replace(stood, title=now or "")
    return replace(stood, boss=(now or {}).get("person", ""))
