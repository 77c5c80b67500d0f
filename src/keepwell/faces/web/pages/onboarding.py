"""What the page of a book's onboarding says: how long first value takes against what is declared, and who is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option, Tab
from keepwell.faces.web.pages.journey import Asked, address, choices, median, range_, tabs
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.outcomes.queries.onboarding import STATES, WEEKS, Newcomer, Onboarding

TITLES = {
    "late": speech.later("Late"),
    "soon": speech.later("Due within two weeks"),
    "waiting": speech.later("On the way"),
    "there_late": speech.later("Reached late"),
    "there": speech.later("Reached in time"),
    "left": speech.later("Left before"),
}
TONES = {"late": "bad", "soon": "warn", "there": "good"}


@dataclass(frozen=True)
class NewcomerRow:
    """A customer that began."""

    name: str
    href: str
    since: DayMark | None
    days: str
    due: DayMark | None
    state: str
    tone: str
    owner: str
    arr: str


@dataclass(frozen=True)
class OnboardingPage:
    """The onboarding of a book."""

    state: str
    tabs: tuple[Tab, ...]
    whose: tuple[Option, ...]
    segments: tuple[Option, ...]
    weeks: tuple[Option, ...]
    stats: tuple[tuple[str, str, str], ...]
    states: tuple[Tab, ...]
    rows: tuple[NewcomerRow, ...]
    undated: str
    measured: str
    csv: str


def page(
    found: Onboarding,
    *,
    asked: Asked,
    of: Whose,
    whose: Sequence[tuple[str, str]],
    segments: Sequence[tuple[str, str]],
    metric: str,
    today: date,
) -> OnboardingPage:
    """The page."""
    mine, inside = choices(of, whose, segments)
    chosen = asked["state"]
    shown = [one for one in found.newcomers if not chosen or one.state == chosen]
    late = found.count("late")
    return OnboardingPage(
        state=speech.told(
            "%(who)s: %(late)s of %(all)s who began are later than %(weeks)s weeks and have no first value yet.",
            who=of.title,
            late=words.whole(late),
            all=words.count(len(found.newcomers), "account"),
            weeks=found.first_value.weeks,
        ),
        tabs=tabs(asked, "journey-onboarding"),
        whose=mine,
        segments=inside,
        weeks=tuple(Option(str(n), speech.told("%(n)s weeks", n=n), str(n) == asked["weeks"]) for n in WEEKS),
        stats=_stats(found),
        states=(
            Tab(
                speech.told("All"),
                address("journey-onboarding", asked, state=""),
                not chosen,
                len(found.newcomers),
            ),
            *(
                Tab(
                    speech.said(TITLES[one]),
                    address("journey-onboarding", asked, state=one),
                    one == chosen,
                    found.count(one),
                )
                for one in STATES
            ),
        ),
        rows=tuple(_row(one, today) for one in shown),
        undated=speech.told("%(n)s have no first day and are not counted.", n=words.count(found.undated, "account"))
        if found.undated
        else "",
        measured=speech.told('First value: the milestone "%(name)s".', name=found.first_value.milestone)
        if found.first_value.milestone
        else speech.told('First value: what the measure "%(name)s" tells.', name=metric),
        csv=address("journey-onboarding-csv", asked),
    )  # fmt: skip


def _stats(found: Onboarding) -> tuple[tuple[str, str, str], ...]:
    share = found.time.share_by(found.first_value.weeks * 7)
    return (
        (speech.told("Median time to first value"), median(found.time), range_(found.time)),
        (
            speech.told("Reached within %(weeks)s weeks", weeks=found.first_value.weeks),
            "–" if share is None else words.percent(100 * share),
            speech.told("who is not there yet counts for as long as it was looked at"),
        ),
        (speech.told("Late"), words.whole(found.count("late")), ""),
        (speech.told("Due within two weeks"), words.whole(found.count("soon")), ""),
    )


def _row(one: Newcomer, today: date) -> NewcomerRow:
    return NewcomerRow(
        name=one.name,
        href=reverse("account-journey", args=(one.key,)),
        since=DayMark.of(one.since, today=today, dated=True),
        days=words.count(one.days, "day"),
        due=None if one.reached or one.state == "left" else DayMark.of(one.due, today=today),
        state=speech.said(TITLES[one.state]),
        tone=TONES.get(one.state, ""),
        owner=one.owner,
        arr=words.short_money(one.arr) if one.arr else "–",
    )
