"""The stakeholder map of a past day, and how close we were to each person then."""

from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.kernel.moments import end_of
from keepwell.ledger.actions import people, relay, surveys, touchpoints
from keepwell.ledger.queries import contacts, stakeholder_history
from keepwell.ledger.queries.people import StakeholderView
from tests import world
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def put(row: dict[str, Any], *, day: date = TODAY) -> None:
    at = NOW + (day - TODAY)
    people.upsert(rows=[{"account": "elm", **row}], source="crm", by=TESTS, at=at, vouched=False)
    relay.all_waiting(at=NOW)


def on(cast: World, day: date) -> dict[str, StakeholderView]:
    may: dict[str, Any] = {"account_id": cast.elm.pk, "seen_by": TESTS}
    there = stakeholder_history.then(**may, as_of=day)
    return {one.key: one for one in there}


def test_influence_title_and_lines_are_as_they_were_on_the_day() -> None:
    cast = world.build()
    put({"key": "dora"})
    put({"key": "emil", "influence": 2, "title": "Buyer", "stance": "neutral", "reports_to": "dora"})
    put({"key": "emil", "influence": 5, "title": "CFO", "reports_to": None}, day=TODAY + 10 * DAY)
    put({"key": "emil", "stance": "champion", "roles": ["executive"]}, day=TODAY + 20 * DAY)
    then = on(cast, TODAY + 5 * DAY)["emil"]
    assert (then.influence, then.title, then.stance, then.roles) == (2, "Buyer", "neutral", ())
    assert (then.reports_to_key, then.reports_to) == ("dora", "dora")
    later = on(cast, TODAY + 15 * DAY)["emil"]
    assert (later.influence, later.title, later.stance, later.reports_to_key) == (5, "CFO", "neutral", "")
    assert on(cast, TODAY + 20 * DAY)["emil"].stance == "champion"


def test_what_was_recorded_first_is_taken_to_have_held_before() -> None:
    cast = world.build()
    put({"key": "dora", "stance": "supporter", "influence": 4})
    assert on(cast, TODAY - 100 * DAY)["dora"].stance == "supporter"


def test_who_left_is_there_on_the_days_before_and_who_came_is_not() -> None:
    cast = world.build()
    put({"key": "dora"})
    put({"key": "dora", "status": "left", "status_since": TODAY + 10 * DAY}, day=TODAY + 12 * DAY)
    put({"key": "emil", "since": TODAY + 5 * DAY}, day=TODAY + 6 * DAY)
    assert {key: one.status for key, one in on(cast, TODAY + 4 * DAY).items()} == {"dora": "active"}
    assert set(on(cast, TODAY + 9 * DAY)) == {"dora", "emil"}
    assert set(on(cast, TODAY + 10 * DAY)) == {"emil"}


def test_changes_say_from_what_to_what_latest_first() -> None:
    cast = world.build()
    put({"key": "dora", "influence": 2})
    put({"key": "dora", "influence": 4}, day=TODAY + DAY)
    told = stakeholder_history.changes(
        account_id=cast.elm.pk, seen_by=TESTS, until=end_of(TODAY + 2 * DAY), person="dora"
    )
    assert [(one.field, one.before, one.after) for one in told if one.field == "influence"] == [
        ("influence", 2, 4),
        ("influence", None, 2),
    ]
    assert (
        stakeholder_history.changes(
            account_id=cast.elm.pk, seen_by=cast.scope("cleo"), until=end_of(TODAY + 2 * DAY)
        )
        == ()
    )


def test_strength_comes_from_meetings_messages_and_what_was_declined() -> None:
    cast = world.build()
    told = {"source": "crm", "by": TESTS, "at": NOW, "vouched": True}
    put({"key": "dora"})
    met = [
        {"key": f"m{n}", "account": "elm", "kind": "call", "held_at": NOW - n * 10 * DAY, "attended": ["dora", "emil"]}
        for n in range(1, 4)
    ]  # fmt: skip
    refused = [
        {"key": f"d{n}", "account": "elm", "kind": "call", "held_at": NOW - n * DAY, "declined_by": ["emil", "finn"]}
        for n in range(1, 5)
    ]  # fmt: skip
    touchpoints.upsert(rows=[*met, *refused], **told)
    answer = {"key": "a", "account": "elm", "person": "dora", "kind": "nps", "score": 9.0, "answered_at": NOW}
    surveys.upsert(rows=[answer], **told)
    close = contacts.of_account(account_id=cast.elm.pk, seen_by=TESTS, until=end_of(TODAY))
    assert {key: one.strength for key, one in close.items()} == {
        "dora": "strong",
        "emil": "cooling",
        "finn": "cooling",
    }
    assert (close["dora"].met, close["dora"].wrote, close["dora"].last_at) == (3, 1, NOW)
    assert close["finn"].last_at is None
    half_a_year_on = contacts.of_account(
        account_id=cast.elm.pk, seen_by=TESTS, until=end_of(TODAY + 180 * DAY)
    )
    assert half_a_year_on["dora"].strength == "silent"
    assert contacts.of_account(account_id=cast.elm.pk, seen_by=cast.scope("cleo"), until=NOW) == {}
