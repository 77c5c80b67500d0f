"""The flow of a book through its phases, and how long customers take until their first value."""

from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.health.queries import portfolio
from keepwell.intake.actions import records
from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import accounts, relay
from keepwell.ledger.models import Account
from keepwell.outcomes import models
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.actions import stays
from keepwell.outcomes.queries import journey_book, journeys, onboarding
from keepwell.plays.actions import cadences
from tests import world as cast
from tests.outcomes.test_journeys import CADENCE
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SAID: dict[str, Any] = {
    "first_value": {"milestone": "go-live", "weeks": 8},
    "phases": [{"slug": "start", "expected_days": 20}, {"slug": "use"}],
}


@pytest.fixture
def world() -> World:
    found = cast.build()
    cadences.declare(definition=CADENCE, by=TESTS, at=NOW)
    deeds.declare(definition=SAID, by=TESTS, at=NOW)
    return found


def newcomers(*ages: int) -> list[str]:
    """Accounts that became customers so many days ago, in their first phase as it came in."""
    rows = [
        {"key": f"new{age}", "name": f"New {age}", "since": TODAY - DAY * age, "phase": "start"}
        for age in ages
    ]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=NOW - DAY * max(ages), vouched=True)
    relay.all_waiting(at=NOW)
    return [row["key"] for row in rows]


def moved(key: str, *, ago: int) -> None:
    row = {"key": key, "phase": "use", "name": Account.objects.get(key=key).name}
    accounts.upsert(rows=[row], source="tests", by=TESTS, at=NOW - DAY * ago, vouched=False)
    relay.all_waiting(at=NOW)


def book(weeks: int = 13, of: str = "all", scope: Any = TESTS) -> journey_book.Book:
    stays.refresh(since_by_account=None, as_of=TODAY)
    meant = portfolio.whose(of, seen_by=scope)
    return journey_book.book(of=meant, seen_by=scope, day=TODAY, weeks=weeks)


def listed(told: journey_book.Book, **asked: Any) -> tuple[journey_book.BookStay, ...]:
    everybody = portfolio.whose("all", seen_by=TESTS)
    return journey_book.listed(told, of=everybody, seen_by=TESTS, **asked)


def flow(slug: str, **more: Any) -> journey_book.PhaseFlow:
    return next(one for one in book(**more).phases if one.phase == slug)


def test_who_entered_left_and_stalls_is_counted_and_each_figure_opens(world: World) -> None:
    newcomers(10, 30, 60, 200)
    moved("new60", ago=25)
    found = flow("start")
    assert (found.now, found.entered, found.left, found.stalled) == (3, 3, 1, 2)
    told = book()
    stalled = listed(told, phase="start", what="stalled")
    assert [(one.key, one.over) for one in stalled] == [("new200", 180), ("new30", 10)]
    (left,) = listed(told, phase="start", what="left")
    assert (left.key, left.left_for, left.until) == ("new60", "Use", TODAY - DAY * 25)
    for one in told.phases:
        for what in journey_book.WHATS:
            assert len(listed(told, phase=one.phase, what=what)) == getattr(one, what)
    assert flow("start", weeks=4).entered == 1


def test_the_time_in_a_phase_counts_who_is_still_there_and_not_what_days_reckon(world: World) -> None:
    keys = newcomers(*range(100, 106))
    for key in keys[:5]:
        moved(key, ago=60)
    found = flow("start", weeks=52)
    assert (found.time.all, found.time.came) == (6, 5)
    assert found.time.median is not None
    assert 40 <= found.time.median <= 45
    assert flow("use", weeks=52).time.all == 5
    assert not models.Stay.objects.filter(account__key="willow").exclude(came=None).exists()


def test_what_is_counted_of_the_kept_stays_is_what_their_paths_say(world: World) -> None:
    newcomers(10, 30, 60, 100, 200)
    moved("new60", ago=25)
    moved("new100", ago=3)
    Account.objects.filter(key="ash").update(left_at=NOW - DAY * 9, former=True)
    told, known = book(), journeys.known_phases()
    paths = journeys.paths(account_ids=Account.objects.values_list("pk", flat=True), known=known, day=TODAY)
    every = [one for path in paths.values() for one in path]
    began = TODAY - timedelta(weeks=13)
    for flow in told.phases:
        here = [one for one in every if one.phase == flow.phase]
        expected = known.expected(flow.phase)
        there = [one for one in here if one.until is None]
        dated = [one for one in here if one.is_dated]
        assert flow.now == len(there)
        assert flow.entered == sum(1 for one in dated if began < one.since <= TODAY)
        assert flow.left == sum(1 for one in here if one.until and began < one.until <= TODAY)
        late = [one for one in there if one in dated and expected and one.days(TODAY) > expected]
        assert flow.stalled == len(late)
    assert sum(flow.now for flow in told.phases) > 0 < sum(flow.stalled for flow in told.phases)


def test_one_account_that_moved_is_told_again_and_the_others_stand(world: World) -> None:
    newcomers(30, 60)
    book()
    stood = dict(models.Stay.objects.values_list("pk", "account__key"))
    moved("new60", ago=25)
    since = {Account.objects.get(key=key).pk: TODAY - DAY * 25 for key in ("new60", "new30")}
    assert stays.refresh(since_by_account=since, as_of=TODAY) == 1
    left = dict(models.Stay.objects.values_list("pk", "account__key"))
    assert set(stood.items()) - set(left.items()) == {
        (pk, key) for pk, key in stood.items() if key == "new60"
    }

    def rows() -> list[Any]:
        names = ("account__key", "phase", "since", "until", "is_dated", "after", "came")
        return list(models.Stay.objects.order_by("account__key", "since").values_list(*names))

    incremental = rows()
    book()
    assert rows() == incremental


def test_too_few_tell_no_median(world: World) -> None:
    newcomers(30, 60)
    moved("new60", ago=25)
    assert flow("start").time.median is None
    assert flow("start").time.is_thin


def test_a_book_holds_what_one_may_see_and_odd_weeks_are_refused(world: World) -> None:
    newcomers(30)
    assert book(scope=world.scope("cleo")).accounts == 0
    ada = world.scope("ada")
    mine = portfolio.whose("mine", seen_by=ada)
    found = journey_book.listed(book(of="mine", scope=ada), of=mine, seen_by=ada, phase="", what="now")
    assert {one.key for one in found} == {"birch", "willow", "elm", "ash"}
    with pytest.raises(Invalid):
        book(weeks=5)


def contract(key: str, until: date) -> None:
    row = {"key": f"c-{key}", "account": key, "start_date": "2025-01-01", "end_date": until.isoformat()}
    told = records.put(kind="contracts", rows=[row], source="tests", by=TESTS, at=NOW)
    assert told[0].outcome == "created", told


def test_whose_contracts_have_run_out_is_in_no_phase_from_that_day_on(world: World) -> None:
    newcomers(30, 60)
    contract("new60", TODAY - DAY * 5)
    assert Account.objects.get(key="new60").former
    assert book().accounts == Account.objects.filter(former=False).count()
    assert models.Stay.objects.filter(account__key="new60").latest("since").until == TODAY - DAY * 5
    assert {one.key: one.state for one in started().newcomers} == {"new60": "left", "new30": "waiting"}


def test_who_came_back_is_in_a_phase_again(world: World) -> None:
    newcomers(60)
    Account.objects.filter(key="new60").update(left_at=NOW - DAY * 40)
    book()
    assert models.Stay.objects.filter(account__key="new60").latest("since").until is None


def started(weeks: int = 52, scope: Any = TESTS) -> onboarding.Onboarding:
    meant = portfolio.whose("all", seen_by=scope)
    return onboarding.onboarding(of=meant, seen_by=scope, day=TODAY, weeks=weeks)


def live(key: str, on: date) -> None:
    row = {
        "key": f"go-{key}",
        "account": key,
        "title": "Launch",
        "phase": "go-live",
        "planned_at": "2025-01-01",
        "done_date": on.isoformat(),
    }
    told = records.put(kind="milestones", rows=[row], source="tests", by=TESTS, at=NOW)
    assert told[0].outcome == "created", told


def test_first_value_is_a_milestone_and_who_is_not_there_counts_as_long_as_it_was_looked_at(
    world: World,
) -> None:
    newcomers(10, 50, 100, 101, 102, 103, 104, 105)
    for age in range(100, 105):
        live(f"new{age}", TODAY - DAY * 70)
    found = started()
    states = {one.key: one.state for one in found.newcomers}
    assert states == {
        "new10": "waiting", "new50": "soon", "new105": "late",
        **{f"new{age}": "there" for age in range(100, 105)},
    }  # fmt: skip
    assert (found.time.all, found.time.came) == (8, 5)
    assert found.newcomers[0].key == "new105"
    assert found.time.median is not None
    assert 30 <= found.time.median <= 34
    share = found.time.share_by(56)
    assert share is not None
    assert 0.7 < share < 0.9


def test_who_came_late_or_left_before_is_said(world: World) -> None:
    newcomers(90, 100)
    live("new90", TODAY - DAY * 5)
    Account.objects.filter(key="new100").update(left_at=NOW - DAY * 40, former=True)
    states = {one.key: (one.state, one.days) for one in started().newcomers}
    assert states == {"new90": ("there_late", 85), "new100": ("left", 60)}
    assert started(scope=world.scope("cleo")).newcomers == ()
    with pytest.raises(Invalid):
        started(weeks=3)
