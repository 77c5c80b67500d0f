"""What the Usage tab of an account says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.kernel import speech
from keepwell.ledger.queries.contracts import ContractView
from keepwell.ledger.queries.usage_patterns import HOURS, FeatureWeeks, Pattern

WEEKDAYS = (
    speech.later("Mon"),
    speech.later("Tue"),
    speech.later("Wed"),
    speech.later("Thu"),
    speech.later("Fri"),
    speech.later("Sat"),
    speech.later("Sun"),
)
SHOWN = 25
Cell = tuple[int, int]


@dataclass(frozen=True)
class Feature:
    """One feature: how much, by how many, when last, and each week's count with its heat from 0 to 4."""

    name: str
    events: str
    people: str
    last: DayMark | None
    weeks: tuple[Cell, ...]


@dataclass(frozen=True)
class Seats:
    """People of the last 28 days against the seats that the contracts give."""

    said: str
    more: str
    percent: float | None


@dataclass(frozen=True)
class UserRow:
    """Somebody who uses it."""

    name: str
    events: str
    days: str
    features: str
    last: DayMark | None


@dataclass(frozen=True)
class UsageTab:
    """How the product is used."""

    head: AccountHead
    span: str
    seats: Seats | None
    weeks: tuple[str, ...]
    features: tuple[Feature, ...]
    hours: tuple[str, ...]
    weekdays: tuple[tuple[str, tuple[Cell, ...]], ...]
    people: tuple[UserRow, ...]
    more_people: str
    people_chart: str
    events_chart: str
    csv: str


@dataclass(frozen=True)
class UsageAwaited:
    """The tab before the lake was read; `awaits` is where that is asked for."""

    head: AccountHead
    awaits: str


def awaiting(head: AccountHead, *, read: str) -> UsageAwaited:
    """The first answer."""
    return UsageAwaited(head, read)


def tab(
    head: AccountHead,
    pattern: Pattern | None,
    *,
    contracts: Sequence[ContractView],
    day: date,
    is_past: bool,
    charts: tuple[str, str],
    csv: str,
) -> UsageTab:
    """From the pattern of thirteen weeks and what was signed."""
    people = pattern.people if pattern else ()
    rest = len(people) - SHOWN
    return UsageTab(
        head=head,
        span=speech.told("the 13 weeks until %(day)s", day=words.day(day, today=day))
        if is_past
        else speech.told("the last 13 weeks"),
        seats=_seats(pattern, contracts, day),
        weeks=tuple(words.day(first, today=day) for first in pattern.weeks) if pattern else (),
        features=_features(pattern.features, day) if pattern else (),
        hours=tuple(f"{hour:02}–{hour + HOURS:02}" for hour in range(0, 24, HOURS)),
        weekdays=_weekdays(pattern) if pattern else (),
        people=tuple(
            UserRow(
                one.name,
                words.whole(one.events),
                f"{one.days}",
                f"{one.features}",
                DayMark.of(one.last_day, today=day),
            )
            for one in people[:SHOWN]
        ),
        more_people=speech.told("and %(rest)s more, all of them in the file", rest=words.whole(rest))
        if rest > 0
        else "",
        people_chart=charts[0],
        events_chart=charts[1],
        csv=csv,
    )


def _seats(pattern: Pattern | None, contracts: Sequence[ContractView], day: date) -> Seats | None:
    running = [
        one for one in contracts if one.start_date <= day and (one.end_date is None or one.end_date > day)
    ]
    seats = sum(one.seats for one in running if one.seats is not None)
    active = pattern.active if pattern and pattern.named else None
    if not seats and active is None:
        return None
    who = (
        speech.told("nobody is named by the events")
        if active is None
        else speech.told("%(people)s in 28 days", people=words.count(active, "person", "people"))
    )
    if not seats:
        return Seats(who, speech.told("No contract that runs states seats."), None)
    if active is None:
        return Seats(speech.told("%(seats)s seats; %(who)s", seats=words.whole(seats), who=who), "", None)
    percent = 100 * active / seats
    over = (
        speech.told("%(active)s more than were bought", active=words.whole(active - seats))
        if active > seats
        else speech.told("%(seats)s are not used", seats=words.whole(seats - active))
    )
    return Seats(
        speech.told(
            "%(active)s of %(seats)s seats, %(percent)s",
            active=words.whole(active),
            seats=words.whole(seats),
            percent=words.percent(percent),
        ),
        speech.told("People active in 28 days; %(over)s.", over=over),
        percent,
    )


def _features(features: Sequence[FeatureWeeks], day: date) -> tuple[Feature, ...]:
    most = max(max(one.weeks) for one in features)
    return tuple(
        Feature(
            one.feature,
            words.whole(one.events),
            speech.told("not named") if one.people is None else words.whole(one.people),
            DayMark.of(one.last_day, today=day),
            tuple((count, _heat(count, most)) for count in one.weeks),
        )
        for one in features
    )


def _weekdays(pattern: Pattern) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    most = max(max(row) for row in pattern.hours)
    return tuple(
        (name, tuple((count, _heat(count, most)) for count in row))
        for name, row in zip(WEEKDAYS, pattern.hours, strict=True)
    )


def _heat(count: int, most: int) -> int:
    """0 for nothing, else from 1 to 4 by quarters of the largest."""
    return 0 if not count else min(4, 1 + int(4 * count / (most + 1)))


def cells(pattern: Pattern | None) -> Iterator[tuple[object, ...]]:
    """Features by week, then people, as rows of a file."""
    if pattern is None:
        return
    for one in pattern.features:
        yield "feature", one.feature, one.feature, one.events, one.people, one.last_day, *one.weeks
    for who in pattern.people:
        yield "person", who.key, who.name, who.events, "", who.last_day


def heading(pattern: Pattern | None) -> tuple[str, ...]:
    """What stands above the columns."""
    weeks = (
        ()
        if pattern is None
        else tuple(speech.told("week of %(first)s", first=first) for first in pattern.weeks)
    )
    return ("what", "key", "name", "events", "people", "last_day", *weeks)
