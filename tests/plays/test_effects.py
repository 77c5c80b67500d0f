"""What triage changed: the PM's load and CSAT before and after, honest where there is too little."""

from datetime import UTC, date, datetime, time, timedelta
from math import comb

import pytest

from keepwell.plays.actions import triage
from keepwell.plays.actions import triage_ways as ways
from keepwell.plays.formulas import absorption
from keepwell.plays.formulas.absorption import Ticket
from keepwell.plays.queries import effects
from tests import world
from tests.plays import desk
from tests.world import NOW

DAY = timedelta(days=1)
BEGAN = date(2026, 5, 25)
TODAY = date(2026, 6, 14)  # the last day of the third week


def told(on: date, count: int, reached: bool | None) -> list[Ticket]:
    return [Ticket(on, reached)] * count


def test_load_falls_from_the_weeks_before_to_the_third_week() -> None:
    tickets = [
        *told(BEGAN - 7 * DAY, 20, True), *told(BEGAN - DAY, 5, True),
        *told(BEGAN + 3 * DAY, 15, True), *told(BEGAN + 15 * DAY, 7, True), *told(BEGAN + 16 * DAY, 18, False),
    ]  # fmt: skip
    found = absorption.load(tickets, began_on=BEGAN, today=TODAY)
    assert (found.before, found.after, found.why) == (25, 7, "")
    assert found.change == pytest.approx(-0.72)
    assert found.low is not None
    assert found.high is not None
    assert -1 < found.low < found.change < found.high < 0
    weeks = absorption.weeks(tickets, began_on=BEGAN, today=TODAY)
    assert [(week.is_before, week.reached) for week in weeks] == [
        (True, 25),
        (False, 15),
        (False, 0),
        (False, 7),
    ]


def test_before_the_third_week_is_over_nothing_is_claimed() -> None:
    tickets = told(BEGAN - 7 * DAY, 20, True)
    found = absorption.load(tickets, began_on=BEGAN, today=TODAY - DAY)
    assert (found.before, found.change, found.why) == (20, None, "too_early")
    assert found.ready_on == TODAY + DAY


@pytest.mark.parametrize(
    ("tickets", "why"),
    [
        ([], "few_days"),
        (told(BEGAN - 3 * DAY, 30, True), "few_days"),
        (told(BEGAN - 14 * DAY, 4, True), "few_tickets"),
        ([*told(BEGAN - 14 * DAY, 30, True), Ticket(BEGAN - 5 * DAY, None)], "nobody_said"),
    ],
)
def test_too_little_is_said_and_is_no_zero(tickets: list[Ticket], why: str) -> None:
    found = absorption.load(tickets, began_on=BEGAN, today=TODAY + 7 * DAY)
    assert (found.before, found.change, found.why) == (None, None, why)


def test_at_its_bounds_the_interval_leaves_two_and_a_half_percent_on_each_side() -> None:
    low, high = absorption.rate_ratio(7, 7.0, 25, 7.0)
    share = [ratio / (1 + ratio) for ratio in (low, high)]
    at_least = sum(comb(32, k) * share[0] ** k * (1 - share[0]) ** (32 - k) for k in range(7, 33))
    at_most = sum(comb(32, k) * share[1] ** k * (1 - share[1]) ** (32 - k) for k in range(8))
    assert (at_least, at_most) == (pytest.approx(0.025), pytest.approx(0.025))
    assert low < 7 / 25 < high
    assert absorption.rate_ratio(14, 14.0, 25, 7.0) == pytest.approx(_half(14, 25))
    assert absorption.rate_ratio(0, 7.0, 0, 7.0) == (0.0, float("inf"))
    assert absorption.rate_ratio(0, 7.0, 10, 7.0)[0] == 0
    assert absorption.rate_ratio(10, 7.0, 0, 7.0)[1] == float("inf")


def _half(hits: int, other: int) -> tuple[float, float]:
    """The same counts in twice the time: half the ratio."""
    low, high = absorption.rate_ratio(hits, 7.0, other, 7.0)
    return low / 2, high / 2


def test_csat_needs_five_answers_on_each_side() -> None:
    before = [(BEGAN - n * DAY, 5.0 if n < 3 else 2.0) for n in range(1, 6)]
    after = [(BEGAN + (14 + n) * DAY, 4.0) for n in range(4)]
    found = absorption.content([*before, *after], began_on=BEGAN, today=TODAY)
    assert (found.before, found.before_answers, found.after, found.after_answers) == (0.4, 5, None, 4)
    more = [*before, *after, (BEGAN + 18 * DAY, 5.0), (BEGAN + 3 * DAY, 1.0)]
    assert absorption.content(more, began_on=BEGAN, today=TODAY).after == 1.0, "the first two weeks settle in"


@pytest.fixture
def cast(db: None) -> world.World:
    cast = world.build()
    desk.staffed(cast)
    return cast


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


def test_what_reached_the_pm_is_told_by_assignees_and_by_triage(cast: world.World) -> None:
    for number in range(10):
        desk.opened(f"b{number}", at=at(BEGAN - (number + 1) * DAY), assignee="Pia", resolved_at=at(BEGAN))
    desk.opened("b-other", at=at(BEGAN - DAY), assignee="Ada")
    for number in range(4):
        desk.opened(f"a{number}", at=at(BEGAN + 15 * DAY))
    ada = cast.scope("ada")
    triage.begin(account="willow", began_on=BEGAN, pm_had_all=False, by=ada, at=NOW)
    ways.to_pm(tickets=["a0"], by=ada, at=NOW)
    ways.into_gap(tickets=["a1"], title="Dark mode", by=ada, at=NOW)
    (found,) = effects.everything(seen_by=ada, at=NOW)
    assert found.load.before == pytest.approx(7)
    assert found.load.after == 1, "a product gap on the list is no ticket for the PM"
    assert found.waiting == 3, "b-other, and two that nobody looked at yet"
    assert effects.everything(seen_by=cast.scope("cleo"), at=NOW) == ()


def test_tickets_that_name_nobody_make_the_load_unknown_unless_the_pm_had_all(cast: world.World) -> None:
    for number in range(10):
        desk.opened(f"b{number}", at=at(BEGAN - (number + 1) * DAY))
    ada = cast.scope("ada")
    triage.begin(account="willow", began_on=BEGAN, pm_had_all=False, by=ada, at=NOW)
    assert effects.find(account="willow", seen_by=ada, at=NOW).load.why == "nobody_said"
    triage.begin(account="willow", began_on=BEGAN, pm_had_all=True, by=ada, at=NOW)
    assert effects.find(account="willow", seen_by=ada, at=NOW).load.before == pytest.approx(7)
