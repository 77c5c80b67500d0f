"""Facts drawn by Hypothesis: around a leap day, at the edges of days, late, duplicate, nameless."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from keepwell.ledger.catalogue import FACTS
from keepwell.metrics import catalogue
from tests.metrics.told import LEAP, Business, Contract, Told, Usage

ACCOUNTS = st.integers(1, 3)
PEOPLE = st.sampled_from(["", "ada", "ben", "cleo"])
FEATURES = st.sampled_from(["export", "share", "report", "login", ""])
TIMES = st.sampled_from([time(0), time(12), time(23, 59, 59, 999_999)])
# Days near the edges of every window, before and after a leap day.
BACK = st.sampled_from([0, 1, 6, 7, 27, 28, 29, 89, 90, 91, 364, 365, 366, 400]) | st.integers(0, 450)
# What facts are about, by name; a fact drawn has one of its features and values.
ABOUT = {
    "survey.answered": (["nps", "nps", "csat", "ces"], [0.0, 4.0, 6.0, 7.0, 8.0, 9.0, 10.0]),
    "review.held": ([""], [0.0, 1.0]),
    "touchpoint.held": (["call", "email", "review"], [30.0]),
    "change.decided": (["accepted", "rejected"], [4.0, 12.5]),
    "stance.changed": (["champion", "neutral"], [1.0]),
    "milestone.moved": (["build"], [3.0, 14.0]),
}
NAMES = st.sampled_from(["account.created", *FACTS, "ticket.opened", "ticket.resolved", *ABOUT])
PROPS = st.fixed_dictionaries(
    {},
    optional={
        "ticket": st.sampled_from(["t1", "t2"]),
        "milestone": st.sampled_from(["m1", "m2"]),
        "invoice": st.sampled_from(["i1", "i2"]),
        "severity": st.sampled_from(["low", "critical"]),
        "due_date": st.sampled_from(["2024-02-01", "2024-03-01", "soon"]),
        "initiative": st.sampled_from(["proactive", "reactive"]),
        "first_contact": st.sampled_from(["yes", "no"]),
    },
)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    day = LEAP + timedelta(days=14 - draw(BACK))
    return datetime.combine(day, draw(TIMES), tzinfo=UTC)


@st.composite
def spans(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """When it happened and when it was known: at once, or up to two months late."""
    at = draw(moments())
    late = draw(st.sampled_from([0, 0, 1, 30, 60]))
    return at, at + timedelta(days=late)


@st.composite
def usage(draw: st.DrawFn) -> Usage:
    return Usage(
        draw(ACCOUNTS), draw(PEOPLE), draw(FEATURES), *draw(spans()), value=draw(st.sampled_from([None, 2.0]))
    )


@st.composite
def business(draw: st.DrawFn) -> Business:
    name = draw(NAMES)
    kinds, numbers = ABOUT.get(name, ([""], [0.0, 6.0, 7.0, 8.0, 9.0, 10.0]))
    kind = draw(st.sampled_from(kinds))
    value = draw(st.none() | st.sampled_from(numbers))
    event_id = f"e{draw(st.integers(0, 10**6))}"
    return Business(
        draw(ACCOUNTS), event_id, draw(PEOPLE), name, kind, value, *draw(spans()), props=draw(PROPS)
    )


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    start = draw(moments()).date()
    length = draw(st.none() | st.integers(1, 400))
    end = None if length is None else start + timedelta(days=length)
    at, known_at = draw(spans())
    seats = draw(st.none() | st.integers(0, 20))
    arr, currency = draw(st.sampled_from([None, 100.0, 250.5])), draw(st.sampled_from(["EUR", "EUR", "USD"]))
    key = draw(st.sampled_from(["c1", "c2"]))
    return Contract(draw(ACCOUNTS), key, at, known_at, seats, start, end, arr, currency)


def _unique(rows: list[Business]) -> list[Business]:
    return list({row.id: row for row in rows}.values())


@st.composite
def told(draw: st.DrawFn) -> Told:
    """Facts, some of which reached the lake twice."""
    used = draw(st.lists(usage(), max_size=25))
    facts = _unique(draw(st.lists(business(), max_size=25)))
    twice = draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    return Told([*used, *used[:3]], [*facts, *twice], draw(st.lists(contracts(), max_size=6)))


@st.composite
def corrected(draw: st.DrawFn) -> Told:
    """Facts, some of which were taken back some time after they were known."""
    facts = draw(told())

    def some(rows: Sequence[Any]) -> list[Any]:
        back: dict[Any, datetime | None] = {}
        for row in rows:
            if (identity := getattr(row, "id", row)) not in back:
                days = draw(st.sampled_from([None, None, 0, 1, 7, 40]))
                back[identity] = None if days is None else row.known_at + timedelta(days=days)
        return [row._replace(gone_at=back[getattr(row, "id", row)]) for row in rows]

    return Told(some(facts.usage), some(facts.business), some(facts.contracts))


@st.composite
def grids(draw: st.DrawFn) -> list[date]:
    """Asked days: one, evenly spaced, or the stored Sundays and a current day in between."""
    last = LEAP + timedelta(days=draw(st.integers(-10, 14)))
    count, step = draw(st.integers(1, 6)), draw(st.sampled_from([1, 7, 30]))
    days = {last - timedelta(days=step * n) for n in range(count)}
    return sorted(days | ({last + timedelta(days=3)} if draw(st.booleans()) else set()))


# A few metrics at a time; over the examples it is all of them.
METRICS = st.lists(st.sampled_from(sorted(catalogue.METRICS)), min_size=1, max_size=6, unique=True).map(
    lambda slugs: tuple(catalogue.METRICS[slug] for slug in slugs)
)
CUTS = st.none() | moments() | moments().map(lambda moment: moment + timedelta(days=45))
