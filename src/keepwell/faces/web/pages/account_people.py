"""The People tab of an account: the map, one person beside it, and everybody in a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option
from keepwell.faces.components.stances import STANCES, Stance, stance
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.people_map import STRENGTHS, PeopleMap
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of
from keepwell.ledger.queries.contacts import NEVER, Contact
from keepwell.ledger.queries.people import StakeholderView
from keepwell.ledger.queries.stakeholder_history import StakeChange

LISTED = 100
FIELDS = {
    "roles": speech.later("Roles"),
    "stance": speech.later("Stance"),
    "influence": speech.later("Influence"),
    "title": speech.later("Title"),
    "reports_to_key": speech.later("Reports to"),
    "status": speech.later("Status"),
}


@dataclass(frozen=True)
class PersonRow:
    """A person of the customer's in the table."""

    key: str
    name: str
    title: str
    role: str
    stance: Stance
    influence: str
    reports_to: str
    status: str
    email: str
    has_left: bool
    strength: str
    touch: DayMark | None
    href: str


@dataclass(frozen=True)
class PersonPanel:
    """One person beside the map: what is known, what may be changed, and where else they stand."""

    key: str
    name: str
    email: str
    title: str
    status: str
    stance: Stance
    strength: str
    contact: str
    touch: DayMark | None
    roles: str
    stances: tuple[Option, ...]
    influences: tuple[Option, ...]
    bosses: tuple[Option, ...]
    elsewhere: tuple[tuple[str, str], ...]
    close: str
    history: str
    href: str
    record: str
    may_change: bool
    refused: str = ""


@dataclass(frozen=True)
class HistoryRow:
    """Something that changed about a person."""

    field: str
    before: str
    after: str
    day: DayMark | None
    known: str


@dataclass(frozen=True)
class PersonHistory:
    """What changed about a person, latest first."""

    name: str
    back: str
    rows: tuple[HistoryRow, ...]


@dataclass(frozen=True)
class PeopleTab:
    """The customer's people."""

    head: AccountHead
    map: PeopleMap
    panel: PersonPanel | None
    people: tuple[PersonRow, ...]
    count: int
    every: str
    csv: str
    movers: tuple[PersonRow, ...] = ()
    here: str = ""
    today: str = ""


def rows(
    people: Sequence[StakeholderView], contacts: Mapping[str, Contact], *, here: str, today: date
) -> tuple[PersonRow, ...]:
    """Everybody as rows."""
    return tuple(_row(one, contacts.get(one.key, NEVER), here=here, today=today) for one in people)


def _row(one: StakeholderView, contact: Contact, *, here: str, today: date) -> PersonRow:
    return PersonRow(
        key=one.key,
        name=one.name,
        title=one.title or "–",
        role=", ".join(words.spoken(role) for role in one.roles) or "–",
        stance=stance(one.stance),
        influence="–"
        if one.influence is None
        else speech.told("%(influence)s of 5", influence=one.influence),
        reports_to=one.reports_to or "–",
        status=_status(one, today),
        email=one.email,
        has_left=one.status == "left",
        strength=_strength(contact),
        touch=DayMark.of(contact.last_at, today=today),
        href=f"{here}?{urlencode({'person': one.key})}#person",
    )


def _strength(contact: Contact) -> str:
    return STRENGTHS[contact.strength] if contact is not NEVER else speech.told("Not known")


def _status(one: StakeholderView, today: date) -> str:
    since = one.status != "active" and one.status_since
    return words.spoken(one.status) + (f", {words.day(since, today=today)}" if since else "")


def panel(
    one: StakeholderView,
    contact: Contact,
    *,
    people: Sequence[StakeholderView],
    elsewhere: tuple[tuple[str, str], ...],
    links: Mapping[str, str],
    typed: Mapping[str, str],
    refused: str,
    may_change: bool,
    today: date,
) -> PersonPanel:
    """One person, with what was typed of them; `links` are the addresses: close, history, href, record."""
    said = {
        "stance": one.stance,
        "influence": str(one.influence or ""),
        "reports_to": one.reports_to_key,
        "title": one.title,
        "roles": ", ".join(one.roles),
    } | dict(typed)
    others = [each for each in people if each.key != one.key and each.status != "left"]
    return PersonPanel(
        key=one.key,
        name=one.name,
        email=one.email,
        title=said["title"],
        status=_status(one, today),
        stance=stance(one.stance),
        strength=_strength(contact),
        contact=_contact(contact),
        touch=DayMark.of(contact.last_at, today=today),
        roles=said["roles"],
        stances=(
            Option("", speech.told("Not known"), not said["stance"]),
            *(Option(s, m.word, s == said["stance"]) for s, m in STANCES.items() if s != "unknown"),
        ),
        influences=(
            Option("", speech.told("Not known"), not said["influence"]),
            *(
                Option(
                    str(n),
                    speech.told("%(n)s of 5", n=n),
                    str(n) == said["influence"],
                    help=_INFLUENCE.get(n, ""),
                )
                for n in range(1, 6)
            ),
        ),
        bosses=(
            Option("", speech.told("Nobody, or not known"), not said["reports_to"]),
            *(Option(each.key, each.name, each.key == said["reports_to"]) for each in others),
        ),
        elsewhere=elsewhere,
        may_change=may_change,
        refused=refused,
        **links,
    )


_INFLUENCE = {1: "least", 5: "decides"}


def _contact(contact: Contact) -> str:
    """What the strength rests on: "met 3 times, wrote once, declined nothing in 90 days"."""
    if contact is NEVER:
        return speech.told("No meeting, ticket or answer of theirs is known.")
    met, wrote = words.count(contact.met, "meeting"), words.count(contact.wrote, "message")
    return speech.told(
        "%(met)s, %(wrote)s and %(declined)s declined in 90 days.",
        met=met,
        wrote=wrote,
        declined=contact.declined,
    )


def history(told: Sequence[StakeChange], *, names: Mapping[str, str], today: date) -> tuple[HistoryRow, ...]:
    """What changed about a person, latest first."""
    return tuple(
        HistoryRow(
            FIELDS[one.field],
            _said(one.field, one.before, names),
            _said(one.field, one.after, names),
            DayMark.of(one.at, today=today),
            words.day(day_of(one.known_at), today=today) if day_of(one.known_at) > day_of(one.at) else "",
        )
        for one in told
    )


def _said(field: str, value: Any, names: Mapping[str, str]) -> str:
    if not value:
        return ""
    if field == "reports_to_key":
        return names.get(value, value)
    if field == "title":
        return str(value)
    parts = value if isinstance(value, list | tuple) else [value]
    return ", ".join(words.spoken(str(part)) for part in parts)
