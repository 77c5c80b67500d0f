"""Who does what, what is taught and what the product lacks: each state is an event, and nothing is said twice."""

from datetime import timedelta
from typing import Any

import pytest

from keepwell.intake.actions import records
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from keepwell.ledger.models import Course, Raci
from keepwell.ledger.queries import timeline, unresolved
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
LINE = {"key": "ra", "account": "elm", "activity": "Cutover", "letter": "accountable"}


def put(kind: str, *rows: dict[str, Any], days: int = 0) -> list[str]:
    at = NOW + timedelta(days=days)
    verdicts = records.put(kind=kind, rows=rows, source="tests", by=TESTS, at=at)
    return [verdict.outcome for verdict in verdicts]


def said(*names: str, known_by_days: int | None = None) -> list[tuple[str, str, str, str]]:
    relay.all_waiting(at=NOW)
    known_by = None if known_by_days is None else NOW + timedelta(days=known_by_days)
    found = frames.told(until=NOW + timedelta(days=400), known_by=known_by, names=names)
    rows = found.collect().to_native().sort("at", "name").iter_rows(named=True)
    return [(row["name"], row["feature"], row["person"], f"{row['at']:%m-%d}") for row in rows]


def test_who_was_accountable_is_asked_of_any_day() -> None:
    cast = world.build()
    for name in ("dora", "emil"):
        put("people", {"key": name, "name": name.title(), "account": "elm"})
    assert put("raci", LINE | {"person": "dora", "since": "2026-03-01"}) == ["created"]
    assert put("raci", LINE | {"person": "emil"}, days=1) == ["updated"], "from now on"
    assert put("raci", LINE | {"person": "emil"}, days=2) == ["unchanged"]
    both = [("raci.assigned", "accountable", who, on) for who, on in (("dora", "03-01"), ("emil", "06-16"))]
    assert said("raci.assigned", "raci.ended") == both
    assert put("raci", LINE | {"person": "emil", "until": "2026-07-01"}, days=3) == ["updated"]
    over = ("raci.ended", "accountable", "emil", "07-01")
    assert said("raci.assigned", "raci.ended") == [*both, over]
    assert said("raci.assigned", "raci.ended", known_by_days=2) == both
    shown = timeline.of_account(
        account_id=cast.elm.pk, seen_by=cast.scope("ada"), until=NOW + timedelta(days=30)
    )
    assert {(i.title, i.detail, i.person) for i in shown} >= {
        ("Given a part", "Cutover: accountable", "Dora"),
        ("Part ended", "Cutover: accountable", "Emil"),
    }


def test_a_part_that_was_told_wrong_is_corrected() -> None:
    world.build()
    put("raci", LINE | {"person": "nobody", "since": "2026-03-01"})
    put("raci", LINE | {"person": "nobody", "since": "2026-03-01", "letter": "informed"}, days=1)
    assert said("raci.assigned") == [("raci.assigned", "informed", "nobody", "03-01")]
    assert said("raci.assigned", known_by_days=1) == [("raci.assigned", "accountable", "nobody", "03-01")]
    records.remove(kind="raci", key="ra", by=TESTS, at=NOW + timedelta(days=2))
    assert said("raci.assigned") == []


def test_a_gap_tells_every_state_it_had() -> None:
    world.build()
    put("gaps", {"key": "g0", "title": "Find"}, {"key": "g", "title": "Search", "since": "2026-01-01"})
    shipped = {"key": "g", "title": "Search", "status": "shipped", "shipped_at": "2026-05-01"}
    assert put("gaps", shipped, days=1) == ["updated"]
    assert put("gaps", shipped, days=2) == ["unchanged"]
    put("gaps", shipped | {"merged_into": "g0"}, days=3)
    assert [row for row in said("gap.changed") if row[1] == "g"] == [
        ("gap.changed", "g", "", day) for day in ("01-01", "05-01", "06-18")
    ]


def test_courses_and_sessions_say_when_and_are_no_unresolved_events() -> None:
    world.build()
    before = unresolved.count()
    put("courses", {"key": "co", "title": "Exports", "offered_at": "2026-01-02", "minutes": 30})
    put("course_sessions", {"key": "s", "course": "co", "held_at": "2026-02-03", "place": "Room 1"})
    assert put("course_sessions", {"key": "s", "course": "co", "held_at": "2026-02-03"}) == ["unchanged"]
    assert put("courses", {"key": "co", "title": "Exports", "minutes": 45}, days=1) == ["updated"]
    assert said("course.offered", "course.held") == [
        ("course.offered", "co", "", "01-02"),
        ("course.held", "co", "", "02-03"),
    ]
    assert unresolved.count() == before


def test_what_an_earlier_version_kept_silent_is_said_when_it_comes_again() -> None:
    cast = world.build()
    Course.objects.create(key="co", title="Exports")
    Raci.objects.create(key="ra", account=cast.elm, activity="Cutover", letter="accountable")
    assert said("course.offered", "raci.assigned") == []
    ours = LINE | {"colleague": "ada@fernhill.test"}
    assert put("courses", {"key": "co", "title": "Exports"}) == ["updated"]
    assert put("raci", ours) == ["updated"]
    told = said("course.offered", "raci.assigned")
    assert told == [("course.offered", "co", "", "06-15"), ("raci.assigned", "accountable", "", "06-15")]
    assert put("courses", {"key": "co", "title": "Exports"}, days=1) == ["unchanged"]
    assert put("raci", ours, days=1) == ["unchanged"]
    assert said("course.offered", "raci.assigned") == told
