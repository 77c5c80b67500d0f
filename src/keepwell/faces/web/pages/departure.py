"""What the page says on which departure is declared, and on who has left by it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.conditions import Draft, Editor, Node
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.vocabulary import EVENTS
from keepwell.metrics.departures import GRACE_DAYS, Departure
from keepwell.metrics.queries.departures import Found, Left

KINDS = (
    (
        "contract_end",
        speech.later("When its last contract ended"),
        speech.later("and no other is active or begins within the grace. For subscriptions and engagements."),
    ),
    (
        "silence",
        speech.later("When it has been silent"),
        speech.later("for so many days. For products without contracts."),
    ),
    (
        "told",
        speech.later("When a source says so"),
        speech.later("with the event account.churned; a later contract brings it back."),
    ),
)
USUAL_SILENCE = 90
ANY_USE = Draft("all")
SHOWN = 12


@dataclass(frozen=True)
class Typed:
    """The form as it was typed; nothing of it is checked yet."""

    kind: str
    days: str
    grace_days: str
    events: Draft


@dataclass(frozen=True)
class Kind:
    """One way to leave, for the form."""

    slug: str
    title: str
    help: str
    is_chosen: bool


@dataclass(frozen=True)
class LeftRow:
    """A customer that left."""

    name: str
    href: str
    when: str


@dataclass(frozen=True)
class Year:
    """How many left in a year, and which share that is of the most in any."""

    year: str
    count: str
    share: float


@dataclass(frozen=True)
class FoundPage:
    """Who has left as departure is declared, or as the form would declare it."""

    sentence: str
    left: str
    state: str
    years: tuple[Year, ...]
    rows: tuple[LeftRow, ...]
    more: str


@dataclass(frozen=True)
class DeparturePage:
    """What is declared, the form to declare it, and who has left by it; `is_asked` tells that the page asks by itself."""

    sentence: str
    is_declared: bool
    kinds: tuple[Kind, ...]
    typed: Typed
    node: Node
    may_change: bool
    refused: str = ""
    found: FoundPage | None = None
    is_asked: bool = False


def of(departure: Departure) -> Typed:
    """The form as it stands for what is declared."""
    return Typed(
        departure.kind,
        str(departure.days or USUAL_SILENCE),
        str(departure.grace_days if departure.kind == "contract_end" else GRACE_DAYS),
        ANY_USE if departure.events is None else conditions.drafted(tree.written(departure.events)),
    )


def typed(form: Mapping[str, str]) -> Typed:
    """What the form holds."""
    said = conditions.typed(form)
    events = ANY_USE if said.kind == "leaf" else said
    return Typed(form.get("kind", ""), form.get("days", ""), form.get("grace_days", ""), events)


def changed(given: Typed, events: Draft) -> Typed:
    """The same with other events."""
    return replace(given, events=events)


def stated(given: Typed) -> dict[str, Any]:
    """What the form declares, as `departures.read` takes it."""
    said: dict[str, Any] = {"kind": given.kind}
    if given.kind == "contract_end":
        return said | {"grace_days": _whole(given.grace_days)}
    if given.kind != "silence":
        return said
    said["days"] = _whole(given.days)
    if conditions.is_blank(given.events):
        return said
    return said | {"events": conditions.stated(given.events, EVENTS)}


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) > 6:
        raise Invalid('"%(said)s" is no number of days. Write digits.', said=text)
    return int(text)


def plainly(refusal: str) -> str:
    """A refusal without the place where a file would have it."""
    said = re.sub(r"^departure: (events: )?(the condition[^:]*: )?", "", speech.said(refusal))
    return said[:1].upper() + said[1:]


def page(
    departure: Departure,
    given: Typed,
    *,
    is_declared: bool,
    may_change: bool,
    refused: str = "",
    found: FoundPage | None = None,
    is_asked: bool = False,
) -> DeparturePage:
    """The page."""
    return DeparturePage(
        sentence=departure.sentence,
        is_declared=is_declared,
        kinds=tuple(Kind(*kind, is_chosen=kind[0] == given.kind) for kind in KINDS),
        typed=given,
        node=Editor.of(EVENTS).node(given.events),
        may_change=may_change,
        refused=refused,
        found=found,
        is_asked=is_asked,
    )


def found(departure: Departure, told: Found, *, today: date) -> FoundPage:
    """Who has left, by year and by name."""
    years = Counter(row.left_on.year for row in told.left)
    most, more = max(years.values(), default=0), len(told.left) - SHOWN
    reached = words.day(told.until, today=today, dated=True)
    return FoundPage(
        sentence=departure.sentence,
        left=words.count(len(told.left), "departure"),
        state=speech.told(
            "by %(reached)s, the last day that facts reach; %(customers)s then",
            reached=reached,
            customers=words.count(told.customers, "customer"),
        ),
        years=tuple(
            Year(str(year), words.whole(count), 100 * count / most)
            for year, count in sorted(years.items(), reverse=True)
        ),
        rows=tuple(_row(row, today) for row in told.left[:SHOWN]),
        more=speech.told("And %(more)s earlier.", more=words.whole(more)) if more > 0 else "",
    )


def _row(row: Left, today: date) -> LeftRow:
    since, left = (words.day(day, today=today, dated=True) for day in (row.since, row.left_on))
    return LeftRow(
        row.name or row.key,
        reverse("account", args=(row.key,)),
        speech.told("on %(left)s, a customer since %(since)s", left=left, since=since),
    )
