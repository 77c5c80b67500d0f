"""Training requests are bundled into the next weekly hour; held, they are answered, and who came is noted once."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kernel import errors
from keepwell.ledger.models import Touchpoint
from keepwell.plays import models
from keepwell.plays.actions import office_hours, triage
from keepwell.plays.actions import triage_ways as ways
from keepwell.plays.formulas import slots
from keepwell.plays.queries import office_hours as reads
from tests import world
from tests.plays import desk
from tests.world import NOW

# NOW is a Monday, 12:00 UTC: 14:00 in Berlin.
WEDNESDAY = office_hours.Wanted("Ask us", 2, time(15), "Europe/Berlin", host="ada@fernhill.test")
THEN = datetime(2026, 6, 17, 13, 0, tzinfo=UTC)
AFTER = THEN + timedelta(hours=1)


@pytest.fixture
def cast(db: None) -> world.World:
    cast = world.build()
    desk.staffed(cast)
    return cast


def put(cast: world.World, *keys: str, at: datetime = NOW) -> int:
    done = ways.into_office_hour(tickets=keys, by=cast.scope("ada"), at=at)
    session = models.Triage.objects.get(pk=done.ids[0]).session_id
    assert session is not None
    return session


@given(
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
    after=st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
)
def test_the_next_slot_is_after_and_within_a_week(
    weekday: int, hour: int, zone: str, after: datetime
) -> None:
    found = slots.following(weekday=weekday, clock=time(hour), zone=zone, after=after)
    assert timedelta(0) < found - after <= timedelta(days=7, hours=1)


def test_the_clock_on_the_wall_stays_when_summer_ends() -> None:
    summer = slots.following(
        weekday=2, clock=time(15), zone="Europe/Berlin", after=datetime(2026, 10, 20, tzinfo=UTC)
    )
    winter = slots.following(weekday=2, clock=time(15), zone="Europe/Berlin", after=summer)
    assert (summer.hour, winter.hour) == (13, 14)


def test_requests_are_bundled_and_held_once(cast: world.World) -> None:
    office_hours.make(wanted=WEDNESDAY, by=cast.scope("ada"), at=NOW)
    desk.opened("t1", person="uma")
    desk.opened("t2", person="vic")
    desk.opened("t3")
    session = put(cast, "t1", "t2")
    assert put(cast, "t3") == session, "the next one is one"
    found = reads.find(session_id=session, seen_by=cast.scope("ada"))
    assert (found.starts_at, found.questions) == (THEN, 3)
    asked = reads.questions(session_id=session, seen_by=cast.scope("ada"))
    assert [one.person for one in reads.people(asked)] == ["Uma", "Vic"]
    with pytest.raises(errors.Conflict, match="still to come"):
        office_hours.hold(session_id=session, attended=[], by=cast.scope("ada"), at=NOW)
    held = office_hours.hold(
        session_id=session, attended=["uma"], note="Exports", by=cast.scope("ada"), at=AFTER
    )
    assert held == 3
    touchpoint = Touchpoint.objects.get()
    assert (touchpoint.invited, touchpoint.attended) == (["uma", "vic"], ["uma"])
    assert (touchpoint.held_at, touchpoint.minutes, touchpoint.initiative) == (THEN, 60, "proactive")
    assert desk.ticket("t2").resolved_at == AFTER
    with pytest.raises(errors.Conflict, match="noted this office hour already"):
        office_hours.hold(session_id=session, attended=["vic"], by=cast.scope("ben"), at=AFTER)
    assert Touchpoint.objects.count() == 1
    ids = models.Triage.objects.values_list("pk", flat=True)
    with pytest.raises(errors.Conflict, match="was held"):
        triage.undo(ids=list(ids), by=cast.scope("ada"), at=AFTER)


def test_an_hour_to_which_nobody_came_is_no_conversation(cast: world.World) -> None:
    office_hours.make(wanted=WEDNESDAY, by=cast.scope("ada"), at=NOW)
    desk.opened("t1", person="uma")
    office_hours.hold(session_id=put(cast, "t1"), attended=[], by=cast.scope("ada"), at=AFTER)
    assert not Touchpoint.objects.exists()


def test_questions_of_an_hour_that_was_not_held_move_on(cast: world.World) -> None:
    office_hours.make(wanted=WEDNESDAY, by=cast.scope("ada"), at=NOW)
    desk.opened("t1")
    session = put(cast, "t1")
    assert office_hours.move_on(session_id=session, by=cast.scope("ada"), at=AFTER) == 1
    following = models.Triage.objects.get().session
    assert following is not None
    assert following.starts_at == THEN + timedelta(days=7)


def test_an_account_has_its_own_hour_before_that_of_all(cast: world.World) -> None:
    office_hours.make(wanted=WEDNESDAY, by=cast.scope("ada"), at=NOW)
    own = office_hours.Wanted("Willow asks", 4, time(9), "UTC", account="willow")
    office_hours.make(wanted=own, by=cast.scope("ada"), at=NOW)
    desk.opened("t1")
    desk.opened("e1", account="elm")
    assert reads.find(session_id=put(cast, "t1"), seen_by=cast.scope("ada")).title == "Willow asks"
    session = put(cast, "e1")
    assert reads.find(session_id=session, seen_by=cast.scope("ada")).title == "Ask us"
    assert [slot.title for slot in reads.slots_of(seen_by=cast.scope("cleo"), at=NOW)] == ["Ask us"]
    with pytest.raises(errors.Conflict, match="may not see"):
        office_hours.hold(session_id=session, attended=[], by=cast.scope("cleo"), at=AFTER)


def test_what_is_no_slot_is_refused(cast: world.World) -> None:
    for wanted, why in (
        (office_hours.Wanted("", 2, time(15), "UTC"), "title"),
        (office_hours.Wanted("A", 7, time(15), "UTC"), "weekday"),
        (office_hours.Wanted("A", 1, time(15), "Mars/Olympus"), "no time zone"),
        (office_hours.Wanted("A", 1, time(15), "UTC", minutes=0), "minutes"),
        (office_hours.Wanted("A", 1, time(15), "UTC", host="nobody@fernhill.test"), "Nobody who may"),
    ):
        with pytest.raises(errors.Invalid, match=why):
            office_hours.make(wanted=wanted, by=cast.scope("ada"), at=NOW)
