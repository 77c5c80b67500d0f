"""What the pages of a book's journey say: the flow through phases, the accounts behind a figure, onboarding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.urls import reverse
from django.utils.http import urlencode

from keepwell.charts.chart import Picture
from keepwell.charts.phase_flow import WHATS as DRAWN
from keepwell.charts.phase_flow import PhaseFlow as FlowChart
from keepwell.charts.render import picture
from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option, Tab
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.outcomes.queries.journey_book import LEAST, WEEKS, Book, BookStay, PhaseFlow, Time

WHATS = {
    "now": speech.later("In it now"),
    "entered": speech.later("Entered"),
    "left": speech.later("Left it"),
    "stalled": speech.later("Stalled"),
}
Asked = Mapping[str, str]


@dataclass(frozen=True)
class FlowRow:
    """A phase: its figures, each with the address of the accounts behind it, and how long it takes."""

    title: str
    figures: tuple[tuple[str, str, str, str], ...]
    time: str
    more: str
    expected: str


@dataclass(frozen=True)
class StayRow:
    """An account in a phase."""

    name: str
    href: str
    phase: str
    since: DayMark | None
    days: str
    over: str
    after: str
    owner: str
    arr: str


@dataclass(frozen=True)
class FlowPage:
    """The flow of a book."""

    state: str
    tabs: tuple[Tab, ...]
    whose: tuple[Option, ...]
    segments: tuple[Option, ...]
    weeks: tuple[Option, ...]
    chart: Picture | None
    rows: tuple[FlowRow, ...]
    listed: str
    accounts: tuple[StayRow, ...]
    cut: str
    csv: str


def address(name: str, asked: Asked, **more: str) -> str:
    """A page about the same accounts."""
    told = {key: value for key, value in {**asked, **more}.items() if value}
    return reverse(name) + (f"?{urlencode(told)}" if told else "")


def tabs(asked: Asked, here: str) -> tuple[Tab, ...]:
    """The flow, and onboarding."""
    kept = {key: value for key, value in asked.items() if key in ("of", "segment")}
    return (
        Tab(speech.told("Flow"), address("journey", kept), here == "journey"),
        Tab(speech.told("Onboarding"), address("journey-onboarding", kept), here == "journey-onboarding"),
    )


def choices(
    of: Whose, whose: Sequence[tuple[str, str]], segments: Sequence[tuple[str, str]]
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Whose accounts, and of which segment."""
    return (
        tuple(Option(slug, title, slug == of.slug) for slug, title in whose),
        (
            Option("", speech.told("Any segment"), not of.segment),
            *(Option(slug, title, slug == of.segment) for slug, title in segments),
        ),
    )


def flow(
    found: Book,
    listed: Sequence[BookStay],
    *,
    asked: Asked,
    of: Whose,
    whose: Sequence[tuple[str, str]],
    segments: Sequence[tuple[str, str]],
    limit: int,
    today: date,
) -> FlowPage:
    """The page of a book's flow."""
    stalled = sum(one.stalled for one in found.phases)
    mine, inside = choices(of, whose, segments)
    return FlowPage(
        state=speech.told(
            "%(who)s: %(stalled)s of %(all)s longer in their phase than expected.",
            who=of.title, stalled=words.whole(stalled), all=words.count(found.accounts, "account"),
        )
        + (" " + speech.told("Of %(n)s no phase can be told.", n=words.whole(found.untold)) if found.untold else ""),
        tabs=tabs(asked, "journey"),
        whose=mine,
        segments=inside,
        weeks=tuple(
            Option(str(n), speech.told("%(n)s weeks", n=n), str(n) == asked["weeks"]) for n in WEEKS
        ),
        chart=_chart(found, asked),
        rows=tuple(_row(one, asked) for one in found.phases),
        listed=_listed(asked, found),
        accounts=tuple(_stay(one, today) for one in listed[:limit]),
        cut=speech.told("Shown are the first %(n)s; the file has all.", n=limit) if len(listed) > limit else "",
        csv=address("journey-csv", asked),
    )  # fmt: skip


def _chart(found: Book, asked: Asked) -> Picture | None:
    if not any(one.now or one.entered or one.left for one in found.phases):
        return None
    frame = pl.DataFrame(
        {
            "place": range(len(found.phases)),
            "phase": [one.title for one in found.phases],
            "now": [one.now for one in found.phases],
            **{what: [getattr(one, what) for one in found.phases] for what in DRAWN},
        }
    )
    whats = list(DRAWN)

    def way(row: int, column: int) -> str:
        return (
            address("journey", asked, phase=found.phases[row].phase, what=whats[column - 1]) if column else ""
        )

    return picture(FlowChart(), frame).opening(way)


def _row(one: PhaseFlow, asked: Asked) -> FlowRow:
    return FlowRow(
        title=one.title,
        figures=tuple(
            (
                speech.said(title),
                words.whole(getattr(one, what)),
                address("journey", asked, phase=one.phase, what=what) if getattr(one, what) else "",
                "bad" if what == "stalled" and one.stalled else "",
            )
            for what, title in WHATS.items()
        ),
        time=median(one.time),
        more=range_(one.time),
        expected="–" if one.expected is None else words.count(one.expected, "day"),
    )


def median(one: Time) -> str:
    """The median in words."""
    if one.is_thin:
        return speech.told("too few to tell (%(n)s of %(least)s)", n=one.came, least=LEAST)
    if one.median is None:
        return speech.told("more than half are not through yet")
    return words.count(one.median, "day")


def range_(one: Time) -> str:
    """The interval that holds it with 95 %, and from how many it is told."""
    if one.is_thin or one.median is None:
        return ""
    high = speech.told("not known") if one.high is None else words.whole(one.high)
    return speech.told(
        "95 %%: %(low)s to %(high)s, from %(came)s of %(all)s",
        low=words.whole(one.low or 0), high=high, came=words.whole(one.came), all=words.whole(one.all),
    )  # fmt: skip


def _listed(asked: Asked, found: Book) -> str:
    what = speech.said(WHATS[asked["what"]])
    if not asked["phase"]:
        return speech.told("%(what)s: all phases", what=what)
    return speech.told("%(what)s: %(phase)s", what=what, phase=found.known.title(asked["phase"]))


def _stay(one: BookStay, today: date) -> StayRow:
    return StayRow(
        name=one.name,
        href=reverse("account-journey", args=(one.key,)),
        phase=one.title,
        since=DayMark.of(one.since, today=today, dated=True),
        days=words.whole(one.days) if one.since else "–",
        over=speech.told("%(n)s over", n=words.whole(one.over)) if one.over else "",
        after=one.left_for or (speech.told("left us") if one.until else ""),
        owner=one.owner,
        arr=words.short_money(one.arr) if one.arr else "–",
    )
