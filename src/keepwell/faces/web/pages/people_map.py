"""The stakeholder map: who reports to whom, how each weighs and stands, when they were last in touch, and who is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.components.stances import Stance, stance
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of
from keepwell.ledger.queries.contacts import NEVER, Contact
from keepwell.ledger.queries.people import StakeholderView

MOST = 60
SPONSORS = ("executive", "sponsor", "executive_sponsor")
BUYING_ROLES = ("executive", "product_owner", "end_user", "it", "procurement")
STRENGTHS = {
    "strong": speech.later("Strong"),
    "steady": speech.later("Steady"),
    "cooling": speech.later("Cooling"),
    "silent": speech.later("Silent"),
}
AGES = ((7, "week"), (30, "month"), (90, "quarter"))


@dataclass(frozen=True)
class MapNode:
    """Somebody on the map; `weight` is their influence (0: not known), `age` how long ago they were in touch.

    Of `is_stack` all reports are without reports of their own and stand one below the other.
    """

    key: str
    name: str
    initials: str
    role: str
    stance: Stance
    weight: int
    influence: str
    age: str
    touch: DayMark | None
    strength: str
    strength_word: str
    is_away: bool
    is_chosen: bool
    href: str
    below: tuple["MapNode", ...] = ()

    @property
    def is_stack(self) -> bool:
        """Whether nobody below has anybody below."""
        return all(not node.below for node in self.below)


@dataclass(frozen=True)
class Gap:
    """Somebody who is missing, and why that matters."""

    title: str
    why: str


@dataclass(frozen=True)
class PeopleMap:
    """Trees of reporting lines, those in none, who is missing, and how many are only in the list."""

    trees: tuple[MapNode, ...]
    apart: tuple[MapNode, ...]
    gaps: tuple[Gap, ...]
    coverage: str
    rest: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody stands on it."""
        return not self.trees and not self.apart


def build(
    people: Sequence[StakeholderView],
    contacts: Mapping[str, Contact],
    *,
    here: str,
    chosen: str,
    today: date,
    query: Mapping[str, str],
) -> PeopleMap:
    """From everybody who is there; the sixty who weigh most, and all above them."""
    there = {one.key: one for one in people if one.status != "left"}
    shown = _shown(there)

    def node(key: str) -> MapNode:
        one, contact = there[key], contacts.get(key, NEVER)
        days = (today - day_of(contact.last_at)).days if contact.last_at else None
        return MapNode(
            key=key,
            name=one.name,
            initials=words.initials(one.name),
            role=one.title or ", ".join(words.spoken(role) for role in one.roles),
            stance=stance(one.stance),
            weight=one.influence or 0,
            influence=speech.told("influence %(influence)s of 5", influence=one.influence)
            if one.influence
            else speech.told("influence not known"),
            age=_age(days),
            touch=DayMark.of(contact.last_at, today=today),
            strength=contact.strength if contact is not NEVER else "unknown",
            strength_word=STRENGTHS[contact.strength] if contact is not NEVER else speech.told("Not known"),
            is_away=one.status == "on_leave",
            is_chosen=key == chosen,
            href=f"{here}?{urlencode({**query, 'person': key})}#person",
            below=tuple(node(each) for each in below.get(key, ())),
        )

    below: dict[str, list[str]] = {}
    tops: list[str] = []
    for key in shown:
        boss = there[key].reports_to_key
        hangs = boss in shown and key not in _line(boss, there)
        (below.setdefault(boss, []) if hangs else tops).append(key)
    return PeopleMap(
        trees=tuple(node(key) for key in tops if key in below),
        apart=tuple(node(key) for key in tops if key not in below),
        gaps=tuple(gaps(there.values(), contacts)),
        coverage=_coverage(there.values()),
        rest=len(there) - len(shown),
    )


def _shown(there: Mapping[str, StakeholderView]) -> dict[str, None]:
    """Who stands on the map, in order: those who weigh, and whoever is above them."""
    ranked = sorted(there.values(), key=_weight)
    bosses = {one.reports_to_key for one in ranked}
    telling = [one for one in ranked if _tells(one) or one.reports_to_key or one.key in bosses]
    found: dict[str, None] = {}
    for one in telling[:MOST]:
        for key in _line(one.key, there):
            found.setdefault(key)
    return found


def _tells(one: StakeholderView) -> bool:
    """Whether there is more to say of somebody than that they use the product."""
    return bool(one.stance or one.influence or any(role != "end_user" for role in one.roles))


def _weight(one: StakeholderView) -> tuple[int, bool, bool, str]:
    return (
        -(one.influence or 0),
        one.stance != "champion",
        not any(role in SPONSORS for role in one.roles),
        one.name,
    )


def _line(key: str, there: Mapping[str, StakeholderView]) -> list[str]:
    """Somebody and everybody above them, the top first; what runs in a circle ends where it began."""
    line = [key]
    while (above := there[line[-1]].reports_to_key) in there and above not in line:
        line.append(above)
    return line[::-1]


def gaps(people: Iterable[StakeholderView], contacts: Mapping[str, Contact]) -> Iterable[Gap]:
    """Who should be there and is not."""
    active = [one for one in people if one.status == "active"]
    if not active:
        return
    if not any(role in SPONSORS for one in active for role in one.roles):
        yield Gap(speech.told("No executive sponsor"), speech.told("Nobody who decides is known"))
    if not any(one.stance == "champion" for one in active):
        yield Gap(speech.told("No champion"), speech.told("Nobody speaks for us when we are not there"))
    close = [one for one in active if contacts.get(one.key, NEVER).strength in ("strong", "steady")]
    if len(active) > 1 and len(close) == 1:
        yield Gap(
            speech.told("A single thread"),
            speech.told("Only %(name)s was in touch in 90 days", name=close[0].name),
        )


def _coverage(people: Iterable[StakeholderView]) -> str:
    """Which buying roles nobody holds, in a sentence."""
    held = {role for one in people if one.status == "active" for role in one.roles}
    lacking = [words.spoken(role) for role in BUYING_ROLES if role not in held]
    named = [name if name.isupper() else name.lower() for name in lacking]
    return speech.told("Nobody is named for %(listed)s.", listed=", ".join(named)) if named and held else ""


def _age(days: int | None) -> str:
    """How long ago in steps of a ring that fades."""
    if days is None:
        return "never"
    return next((slug for limit, slug in AGES if days <= limit), "long")
