"""Facts drawn by Hypothesis: around a leap day, at the edges of days, late, duplicate, nameless."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from tests.metrics.told import Business, Contract, Told, Usage

LEAP = date(2024, 2, 29)
ACCOUNTS = st.integers(1, 3)
PEOPLE = st.sampled_from(["", "ada", "ben", "cleo"])
FEATURES = st.sampled_from(["export", "share", "report", "login", ""])
TIMES = st.sampled_from([time(0), time(12), time(23, 59, 59, 999_999)])
# Days near the edges of every window, before and after a leap day.
BACK = st.sampled_from([0, 1, 6, 7, 27, 28, 29, 89, 90, 91, 364, 365, 366, 400]) | st.integers(0, 450)
NAMES = st.sampled_from(
    [
        "account.created",
        "ticket.opened",
        "ticket.escalated",
        "survey.answered",
        "touchpoint.held",
        "review.held",
        "plan.confirmed",
    ]
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
    return Usage(draw(ACCOUNTS), draw(PEOPLE), draw(FEATURES), *draw(spans()))


@st.composite
def business(draw: st.DrawFn) -> Business:
    name = draw(NAMES)
    kind = draw(st.sampled_from(["nps", "nps", "csat"])) if name == "survey.answered" else ""
    numbers = (
        st.sampled_from([0.0, 1.0])
        if name == "review.held"
        else st.sampled_from([0.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    )
    value = draw(st.none() | numbers)
    event_id = f"e{draw(st.integers(0, 10**6))}"
    return Business(draw(ACCOUNTS), event_id, draw(PEOPLE), name, kind, value, *draw(spans()))


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    start = draw(moments()).date()
    length = draw(st.none() | st.integers(1, 400))
    end = None if length is None else start + timedelta(days=length)
    at, known_at = draw(spans())
    seats = draw(st.none() | st.integers(0, 20))
    return Contract(draw(ACCOUNTS), draw(st.sampled_from(["c1", "c2"])), at, known_at, seats, start, end)


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
def grids(draw: st.DrawFn) -> list[date]:
    """Asked days: one, evenly spaced, or the stored Sundays and a current day in between."""
    last = LEAP + timedelta(days=draw(st.integers(-10, 14)))
    count, step = draw(st.integers(1, 6)), draw(st.sampled_from([1, 7, 30]))
    days = {last - timedelta(days=step * n) for n in range(count)}
    return sorted(days | ({last + timedelta(days=3)} if draw(st.booleans()) else set()))


CUTS = st.none() | moments() | moments().map(lambda moment: moment + timedelta(days=45))
