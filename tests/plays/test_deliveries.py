"""Who is told of a signal, once, when; what is held back says why; and what people answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.access.actions import decisions
from keepwell.access.models import User
from keepwell.cockpit.actions import acting
from keepwell.cockpit.queries import today
from keepwell.faces.web.pages.today import days_of
from keepwell.kernel import errors
from keepwell.kernel.calendars import WorkCalendar
from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, relay
from keepwell.ledger.models import Ownership
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import deliveries, responses, tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.formulas import hours
from keepwell.plays.formulas.hours import Reader
from keepwell.plays.models import Delivery, Incident, Response
from keepwell.plays.queries import alarms
from keepwell.plays.queries import notifications as reads
from keepwell.signals.actions import rules, snoozes
from keepwell.signals.models import Firing
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUIET = {"of": "metric.active_days", "below": 2}
NIGHT = NOW + 10 * HOUR  # 22:00 on a Monday


@pytest.fixture
def cast() -> World:
    """Willow and Elm used it often, a while ago; Birch uses it daily. Ada owns all but Ash's like."""
    found = world.build()
    happen(*(uses(name, ago) for name in ("willow", "elm") for ago in (30, 29, 20)))
    happen(*(uses("birch", ago) for ago in range(20)))
    return found


def say(severity: str = "medium", **more: Any) -> None:
    said = {"when": QUIET, "severity": severity, **more}
    rules.put(slug="quiet", title="Quiet", definition=said, by=TESTS, at=NOW)


def told(cast: World, name: str) -> list[str]:
    return [row.what for row in reads.latest(seen_by=cast.scope(name)) if row.kind == "signal"]


def held() -> list[tuple[str, str]]:
    return [(row.account_key, row.because) for row in alarms.held_back(seen_by=TESTS)]


def firing(account: str) -> Firing:
    return Firing.objects.get(account__key=account, ended_at=None)


def test_the_owner_is_told_once_and_each_telling_is_a_record(cast: World) -> None:
    say()
    advance(at=NOW)
    assert told(cast, "ada") == []
    assert deliveries.deliver(at=NOW) == 2
    assert deliveries.deliver(at=NOW + HOUR) == 0
    advance(at=NOW + HOUR)
    deliveries.plan(firings=list(Firing.objects.all()), at=NOW)
    assert Delivery.objects.count() == 2
    assert sorted(told(cast, "ada")) == [
        "Elm: Quiet. Active days 1 day (below 2 days)",
        "Willow: Quiet. Active days 1 day (below 2 days)",
    ]
    assert told(cast, "ben") == []


def test_in_quiet_hours_and_on_days_off_it_waits_and_says_so(cast: World) -> None:
    decisions.prefer(said={"quiet_from": "20", "quiet_until": "07"}, by=cast.scope("ada"), at=NOW)
    say()
    advance(at=NIGHT)
    assert deliveries.deliver(at=NIGHT) == 0
    assert held() == [("elm", "quiet_hours"), ("willow", "quiet_hours")]
    assert deliveries.deliver(at=NIGHT + 8 * HOUR) == 0
    assert deliveries.deliver(at=NIGHT + 9 * HOUR) == 2
    assert held() == []


def test_a_weekend_is_no_time_to_be_told_unless_it_is_critical(cast: World) -> None:
    say()
    saturday = NOW + 5 * DAY
    advance(at=saturday)
    deliveries.deliver(at=saturday)
    assert {because for _, because in held()} == {"day_off"}
    assert deliveries.deliver(at=saturday + DAY) == 0
    assert deliveries.deliver(at=saturday + 2 * DAY) == Delivery.objects.count()


def test_what_is_critical_waits_for_nothing(cast: World) -> None:
    say("critical")
    advance(at=NIGHT)
    assert deliveries.deliver(at=NIGHT) == 2


def test_beyond_the_number_of_a_day_the_gravest_come_first_and_the_rest_the_next_day(cast: World) -> None:
    decisions.decide(said={"signals_a_day": 1}, by=TESTS, at=NOW)
    say()
    rules.put(slug="grave", title="Grave", definition={"when": QUIET, "severity": "high"}, by=TESTS, at=NOW)
    advance(at=NOW)
    assert deliveries.deliver(at=NOW) == 1
    assert "Grave" in told(cast, "ada")[0]
    assert [because for _, because in held()] == ["cap"] * 3
    assert deliveries.deliver(at=NOW + HOUR) == 0
    assert deliveries.deliver(at=NOW + DAY) == 1
    assert len(held()) == 2


def test_what_is_over_before_it_was_told_is_withdrawn_with_the_reason(cast: World) -> None:
    say()
    advance(at=NIGHT)
    deliveries.deliver(at=NIGHT)
    happen(uses("elm", 1), uses("elm", 2), at=NIGHT + HOUR)
    advance(at=NIGHT + HOUR)
    assert held() == [("willow", "quiet_hours")]
    assert deliveries.deliver(at=NOW + DAY) == 1
    (gone,) = alarms.page(seen_by=TESTS, state="withdrawn")
    assert (gone.account_key, gone.why) == ("elm", "It held no more before it could be told.")


def test_who_took_the_account_over_meanwhile_is_told_instead(cast: World) -> None:
    say()
    advance(at=NIGHT)
    deliveries.deliver(at=NIGHT)
    accounts.assign(account=cast.elm, user=cast.ben, role="csm", by=TESTS, at=NIGHT)
    deliveries.deliver(at=NOW + DAY)
    deliveries.deliver(at=NOW + DAY)
    assert len(told(cast, "ben")) == 1
    assert [row.split(":")[0] for row in told(cast, "ada")] == ["Willow"]


def test_without_an_owner_the_leaders_hear_it_and_without_anybody_it_waits(cast: World) -> None:
    Ownership.objects.all().delete()
    User.objects.update(is_active=False)
    say()
    advance(at=NOW)
    assert deliveries.deliver(at=NOW) == 0
    assert {because for _, because in held()} == {"nobody"}
    User.objects.filter(pk=cast.root.pk).update(is_active=True)
    assert deliveries.deliver(at=NOW + HOUR) == 2
    assert len(told(cast, "root")) == 2
    assert held() == []


def test_the_rules_own_role_comes_before_the_success_manager(cast: World) -> None:
    accounts.assign(account=cast.elm, user=cast.ben, role="tech_lead", by=TESTS, at=NOW)
    say(owner="tech_lead")
    advance(at=NOW)
    deliveries.deliver(at=NOW)
    assert [row.split(":")[0] for row in told(cast, "ben")] == ["Elm"]
    assert [row.split(":")[0] for row in told(cast, "ada")] == ["Willow"]


def test_what_opened_an_incident_is_told_by_it_alone(cast: World) -> None:
    say(opens={"title": "Quiet", "clock_hours": 24})
    advance(at=NOW)
    assert Incident.objects.count() == 2
    assert deliveries.deliver(at=NOW) == 0
    assert {row.through for row in Delivery.objects.all()} == {"incident"}


def test_what_was_put_off_or_answered_meanwhile_waits_or_is_not_told(cast: World) -> None:
    say()
    advance(at=NIGHT)
    ada = cast.scope("ada")
    snoozes.snooze(firing_id=firing("elm").pk, days=3, by=ada, at=NIGHT)
    responses.respond(firing_id=firing("willow").pk, kind="acknowledged", by=ada, at=NIGHT)
    assert deliveries.deliver(at=NOW + DAY) == 0
    assert held() == [("elm", "snoozed")]
    assert [row.because for row in alarms.page(seen_by=TESTS, state="withdrawn")] == ["answered"]
    assert deliveries.deliver(at=NIGHT + 4 * DAY + 9 * HOUR) in (0, 1)


def waiting(cast: World, name: str = "ada", at: datetime = NOW) -> list[str]:
    found = today.today(seen_by=cast.scope(name), now=at, days=days_of(at))
    return [row.offer.key for row in found.rows if row.source == "signals"]


def test_it_waits_in_today_until_somebody_answers_and_comes_back_when_that_is_undone(cast: World) -> None:
    say()
    advance(at=NOW)
    assert waiting(cast) == []
    deliveries.deliver(at=NOW)
    ada, item = cast.scope("ada"), f"signal:{firing('elm').pk}"
    assert set(waiting(cast)) == {item, f"signal:{firing('willow').pk}"}
    days = days_of(NOW)
    assert acting.done(item=item, by=ada, at=NOW, days=days) == "Quiet"
    assert item not in waiting(cast)
    acting.undone(item=item, by=ada, at=NOW)
    acting.reject(item=item, by=ada, at=NOW, days=days)
    assert item not in waiting(cast)
    acting.unreject(item=item, by=ada, at=NOW)
    acting.snooze(item=item, until=NOW + DAY, by=ada, at=NOW, days=days)
    assert item not in waiting(cast)
    assert item in waiting(cast, at=NOW + DAY)
    acting.wake(item=item, by=ada, at=NOW)
    assert item in waiting(cast)
    assert Response.objects.filter(taken_back_at=None).count() == 0
    assert Response.objects.count() == 3
    with pytest.raises(errors.Invalid, match="Only a signal"):
        acting.reject(item=_task(cast), by=ada, at=NOW, days=days)


def _task(cast: World) -> str:
    wanted = Wanted("Call", NOW, "ada@fernhill.test")
    return f"task:{tasks.make(account='elm', wanted=wanted, by=cast.scope('ada'), at=NOW)}"


def test_a_task_or_an_incident_made_of_it_stands_with_it(cast: World) -> None:
    say()
    advance(at=NOW)
    deliveries.deliver(at=NOW)
    ada, elm = cast.scope("ada"), firing("elm").pk
    responses.act(firing_id=elm, task=Wanted("Call Dora", NOW + DAY), by=ada, at=NOW)
    number = responses.act(firing_id=elm, incident="They are gone", by=ada, at=NOW)
    assert [(row.kind, row.incident) for row in alarms.responses(firing_id=elm, seen_by=ada)] == [
        ("acted", number), ("acted", None),
    ]  # fmt: skip
    assert f"signal:{elm}" not in waiting(cast)
    with pytest.raises(errors.Invalid, match="either"):
        responses.act(firing_id=elm, by=ada, at=NOW)
    relay.all_waiting(at=NOW)
    said = frames.events(until=NOW + DAY, names=["signal.answered"]).collect("polars")
    assert said["feature"].to_list() == ["acted", "acted"]


def test_cleo_answers_nothing_of_adas_and_takes_nothing_back(cast: World) -> None:
    say()
    advance(at=NOW)
    elm = firing("elm").pk
    with pytest.raises(errors.NotFound):
        responses.respond(firing_id=elm, kind="acknowledged", by=cast.scope("cleo"), at=NOW)
    responses.respond(firing_id=elm, kind="not_useful", by=cast.scope("ada"), at=NOW)
    with pytest.raises(errors.Conflict):
        responses.take_back(firing_id=elm, kind="not_useful", by=cast.scope("ben"), at=NOW)


@given(
    at=st.integers(0, 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    since=st.none() | st.times(),
    until=st.none() | st.times(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"]),
)
def test_the_moment_is_never_quiet_never_a_day_off_and_never_before(
    at: datetime, since: Any, until: Any, zone: str
) -> None:
    reader = Reader(zone, since, until)
    calendar = WorkCalendar(holidays=frozenset({TODAY + DAY * 30}))
    found = hours.opens(at, reader=reader, calendar=calendar)
    assert found >= at
    assert not reader.is_quiet(found)
    assert calendar.works_on(reader.there(found).date())
    assert hours.opens(found, reader=reader, calendar=calendar) == found
