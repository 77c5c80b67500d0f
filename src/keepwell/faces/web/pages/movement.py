"""What the page says of why a score moved, and what would raise it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.urls import reverse

from keepwell.charts.chart import Picture
from keepwell.charts.render import picture
from keepwell.charts.waterfall import Waterfall
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.as_of import AsOf
from keepwell.health.queries.applying import AppliedCard
from keepwell.health.queries.explaining import TITLES, ChangeView
from keepwell.health.queries.raising import RaiseView
from keepwell.kernel import speech
from keepwell.kernel.days import day_said

SPANS = ((7, speech.later("A week")), (28, speech.later("Four weeks")), (91, speech.later("A quarter")))
MOST_BARS = 9


@dataclass(frozen=True)
class CauseRow:
    """One cause in the list."""

    title: str
    words: str
    change: str
    sign: str


@dataclass(frozen=True)
class RaiseRow:
    """One input that would raise the score."""

    label: str
    stands: str
    target: str
    gain: str
    reach: str


@dataclass(frozen=True)
class CardRow:
    """One of several scorecards: whether it judges, applies too, or does not apply, and its points if it does."""

    place: int
    title: str
    href: str
    said: str
    band: str
    points: str
    judges: bool


@dataclass(frozen=True)
class MovementPage:
    """Why a score moved over a span, and what would raise it."""

    name: str
    back: str
    action: str
    asks: tuple[tuple[str, str], ...]
    since: str
    until: str
    spans: tuple[Option, ...]
    pictures: tuple[Picture, ...]
    causes: tuple[CauseRow, ...]
    raises: tuple[RaiseRow, ...]
    cards: tuple[CardRow, ...]
    nothing: str


def page(
    found: ChangeView | None,
    raises: Sequence[RaiseView],
    cards: Sequence[AppliedCard],
    *,
    as_of: AsOf,
    key: str,
    name: str,
    since: date,
    until: date,
    nothing: str = "",
) -> MovementPage:
    """`found` None: there is nothing to compare, for the reason given."""
    return MovementPage(
        name,
        as_of.of("account-health", key),
        reverse("account-movement", args=(key,)),
        tuple(as_of.asks),
        since.isoformat(),
        until.isoformat(),
        tuple(
            Option(
                as_of.of("account-movement", key, since=(until - timedelta(days=days)).isoformat()),
                title,
                until - since == timedelta(days=days),
            )
            for days, title in SPANS
        ),
        _pictures(found),
        tuple(
            CauseRow(
                TITLES[c.kind], c.words, "–" if c.change is None else words.signed(c.change), _sign(c.change)
            )
            for c in (found.causes if found else ())
        ),
        tuple(_raise(one, until) for one in raises),
        tuple(_card(one) for one in cards) if len(cards) > 1 else (),
        nothing or ("" if found and found.causes else speech.told("Nothing moved it.")),
    )


def _card(one: AppliedCard) -> CardRow:
    if one.judges:
        said = speech.told("Judges: the first that applies")
    elif one.applies:
        said = speech.told("Applies too, behind it")
    elif one.applies is None:
        said = speech.told("Cannot be told: something it asks is not known")
    else:
        said = speech.told("Does not apply")
    href = reverse("settings-scorecard", args=(one.slug,))
    points = "" if one.points is None else words.points(one.points)
    return CardRow(one.place, one.title, href, said, one.band, points, one.judges)


def _sign(change: float | None) -> str:
    return "" if not change else "up" if change > 0 else "down"


def _pictures(found: ChangeView | None) -> tuple[Picture, ...]:
    """A waterfall, where every cause can be told in points; the smallest ones together."""
    if found is None or found.before is None or found.after is None or not found.causes:
        return ()
    if any(cause.change is None for cause in found.causes):
        return ()
    told = [(_short(cause.words), cause.change or 0.0) for cause in found.causes]
    if len(told) > MOST_BARS:
        largest = sorted(range(len(told)), key=lambda place: -abs(told[place][1]))[: MOST_BARS - 1]
        rest = round(sum(change for place, (_, change) in enumerate(told) if place not in largest), 4)
        told = [*(told[place] for place in sorted(largest)), (speech.told("Everything else"), rest)]
    labels: list[str] = []
    for label, _ in told:
        labels.append(label if label not in labels else f"{label} ({len(labels) + 1})")
    frame = pl.DataFrame(
        {
            "place": range(len(told) + 1),
            "label": ["", *labels],
            "change": [float(found.before), *(change for _, change in told)],
        }
    )
    moved = found.change or 0.0
    way = (
        speech.told("stayed at")
        if not round(moved)
        else speech.told("rose by")
        if moved > 0
        else speech.told("fell by")
    )
    by = words.points(found.after) if not round(moved) else words.points(abs(moved))
    finding = speech.told(
        "Health %(way)s %(by)s from %(since)s to %(until)s",
        way=way,
        by=by,
        since=day_said(found.since),
        until=day_said(found.until),
    )
    ends = (speech.told("%(since)s, as shown", since=day_said(found.since)), f"{day_said(found.until)}")
    return (picture(Waterfall(finding, speech.told("Points"), *ends), frame),)


def _short(said: str) -> str:
    return said if len(said) <= 60 else f"{said[:58]} …"


def _raise(one: RaiseView, today: date) -> RaiseRow:
    raised = one.found
    signs = []
    if one.was_there_on is not None:
        signs.append(
            speech.told(
                "was there on %(was_there_on)s", was_there_on=words.day(one.was_there_on, today=today)
            )
        )
    if one.others is not None:
        signs.append(
            speech.told("%(others)s of accounts are there", others=words.percent(one.others))
            if round(one.others)
            else speech.told("no other account is there")
        )
    return RaiseRow(
        raised.label,
        "unknown" if raised.value is None else words.number(raised.value, raised.unit),
        one.target,
        words.signed(raised.gain),
        "; ".join(signs) or speech.told("it is not known yet"),
    )
