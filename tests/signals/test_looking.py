"""A rule fires once for as long as it holds, of nothing that stood before, and no break-off loses or doubles an alarm."""

from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.health.actions import overrides
from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, relay
from keepwell.ledger.models import Account
from keepwell.metrics.actions import values
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import incidents
from keepwell.signals.actions import looking, rules
from keepwell.signals.models import Firing, RuleVersion
from tests import world
from tests.health.test_scores import TOUCH, card
from tests.metrics.happenings import event, happen, uses
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
QUIET = {"of": "metric.active_days", "below": 2}


@pytest.fixture
def cast() -> World:
    """Willow and Elm used it often, a while ago; Birch uses it daily."""
    found = world.build()
    happen(*(uses(name, ago) for name in ("willow", "elm") for ago in (30, 29, 20)))
    happen(*(uses("birch", ago) for ago in range(20)))
    return found


def say(when: dict[str, Any], **more: Any) -> None:
    rules.put(slug="quiet", title="Quiet", definition={"when": when, **more}, by=TESTS, at=NOW)


def fired(*, stood: bool = False) -> list[tuple[str, bool]]:
    """Whose firings there are, and whether each holds still."""
    rows = Firing.objects.filter(stood=stood).order_by("account__key", "pk")
    return [(key, ended is None) for key, ended in rows.values_list("account__key", "ended_at")]


def test_it_fires_once_while_it_holds_and_again_when_it_held_anew(cast: World) -> None:
    say(QUIET)
    advance(at=NOW)
    assert fired() == [("elm", True), ("willow", True)]
    advance(at=NOW + DAY / 24)
    assert len(fired()) == 2
    happen(uses("elm", 2), uses("elm", 1), at=NOW + DAY / 12)
    advance(at=NOW + DAY / 12)
    assert fired() == [("elm", False), ("willow", True)]
    (over,) = Firing.objects.exclude(ended_at=None)
    assert over.ended_because == ["Active days 3 days (not below 2 days)"]
    advance(at=NOW + 28 * DAY)
    assert fired() == [("birch", True), ("elm", False), ("elm", True), ("willow", True)]
    relay.all_waiting(at=NOW + 28 * DAY)
    told = frames.events(until=NOW + 60 * DAY, names=["signal.fired", "signal.ended"])
    assert told.collect("polars").shape[0] == 5


def test_of_whom_it_holds_already_is_no_news(cast: World) -> None:
    advance(at=NOW)
    say({"of": "metric.days_since_last_use", "above": 10})
    assert fired(stood=True) == []
    advance(at=NOW + DAY / 24)
    assert fired(stood=True) == [("elm", True), ("willow", True)]
    assert fired() == []
    assert RuleVersion.objects.get().begun_at == NOW + DAY / 24


def test_what_is_measured_already_is_watched_at_once(cast: World) -> None:
    say(QUIET)
    advance(at=NOW)
    rules.rest(slug="quiet", by=TESTS, at=NOW)
    assert fired() == [("elm", False), ("willow", False)]
    rules.wake(slug="quiet", by=TESTS, at=NOW + DAY / 24)
    assert fired(stood=True) == [("elm", True), ("willow", True)]


def test_another_version_keeps_what_holds_still(cast: World) -> None:
    say(QUIET)
    advance(at=NOW)
    happen(uses("elm", 2), uses("elm", 1), at=NOW + DAY / 24)
    advance(at=NOW + DAY / 24)
    assert fired() == [("elm", False), ("willow", True)]
    say({"of": "metric.active_days", "below": 50})
    assert [key for key, holds in fired() if holds] == ["willow"]
    assert {key for key, _ in fired(stood=True)} == {"birch", "elm"}


def test_not_again_within_so_many_days(cast: World) -> None:
    say(QUIET, again_after_days=30)
    advance(at=NOW)
    happen(uses("elm", 2), uses("elm", 1), at=NOW + DAY)
    advance(at=NOW + DAY)
    assert ("elm", False) in fired()
    advance(at=NOW + 28 * DAY)
    assert [key for key, _ in fired()].count("elm") == 1
    advance(at=NOW + 31 * DAY)
    assert [key for key, _ in fired()].count("elm") == 2


def test_what_cannot_be_told_neither_fires_nor_ends(cast: World) -> None:
    say({"of": "metric.latest_nps", "below": 0})
    advance(at=NOW)
    assert fired() == []
    assert RuleVersion.objects.get().unknown == 4


def test_who_left_is_watched_no_more(cast: World) -> None:
    say(QUIET)
    advance(at=NOW)
    happen(event("elm", "account.churned", 0), at=NOW + DAY / 24)
    advance(at=NOW + DAY / 24)
    assert fired() == [("elm", False), ("willow", True)]


def test_a_hand_over_is_seen(cast: World) -> None:
    say({"of": "owner.csm", "is": "ben@fernhill.test"})
    advance(at=NOW)
    accounts.assign(account=cast.elm, user=cast.ben, role="csm", by=TESTS, at=NOW)
    advance(at=NOW + DAY / 24)
    assert fired() == [("elm", True)]


def test_the_first_event_of_its_name_is_told_of_everybody(cast: World) -> None:
    say({"of": "event.report.exported", "equals": 0, "in_days": 30})
    advance(at=NOW)
    assert fired() == []
    happen(event("birch", "report.exported", 1), at=NOW)
    advance(at=NOW + DAY / 24)
    assert {key for key, _ in fired()} == {"willow", "elm", "ash"}


def test_a_fall_by_hand_fires_too(cast: World) -> None:
    card(TOUCH, at=NOW - 900 * DAY)
    happen(event("willow", "touchpoint.held", 1), at=NOW)
    say({"all": [{"of": "standing.band", "is": "red"}, {"of": "standing.before", "in": ["green", "yellow"]}]})
    advance(at=NOW)
    assert fired() == []
    overrides.override(
        account="willow", band="red", reason="They close", expires_on=TODAY + 9 * DAY, by=cast.scope("ada"), at=NOW,
    )  # fmt: skip
    advance(at=NOW + DAY / 24)
    assert fired() == [("willow", True)]


class Killed(BaseException):
    """What a killed worker does not live to tell."""


def test_a_worker_killed_between_firing_and_incident_loses_and_doubles_nothing(
    cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(QUIET, opens={"title": "Quiet", "clock_hours": 24})

    def die(**given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(incidents, "tell", die)
        with pytest.raises(Killed):
            advance(at=NOW)
    assert fired() == []
    advance(at=NOW)
    advance(at=NOW)
    assert fired() == [("elm", True), ("willow", True)]
    assert len(incidents.incidents.open_ones(seen_by=TESTS)) == 2


def test_an_increment_notices_what_a_sweep_does(cast: World) -> None:
    say({"any": [QUIET, {"of": "change.active_days", "below": -20, "in_days": 7}]})
    advance(at=NOW)
    happen(uses("elm", 2), uses("elm", 3), event("ash", "page.viewed", 1, person="a"), at=NOW)
    advance(at=NOW + DAY / 24)
    before = sorted(fired())
    again = looking.look(since_by_account=None, at=NOW + DAY / 12)
    assert (again.fired, again.ended) == ((), ())
    assert sorted(fired()) == before


def test_after_a_day_of_silence_everybody_is_looked_at(cast: World) -> None:
    say({"of": "metric.active_days", "below": 20})
    advance(at=NOW)
    assert ("birch", True) not in fired()
    advance(at=NOW + 10 * DAY)
    assert ("birch", True) in fired()
    assert Account.objects.count() == 4


def test_no_numbers_no_signals(cast: World) -> None:
    say(QUIET)
    assert RuleVersion.objects.get().begun_at == NOW
    assert looking.look(since_by_account={}, at=NOW).fired == ()
    values.refresh(since_by_account=None, as_of=date(2026, 6, 15), keep=["active_days"])
    assert len(looking.look(since_by_account={}, at=NOW).fired) == 2
