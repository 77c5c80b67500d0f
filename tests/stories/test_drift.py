"""Fernhill's app changes what it sends, and Keepwell says so; the day after it falls silent, too."""

import json
from datetime import datetime, timedelta

import pytest

from keepwell.access.scopes import NOBODY
from keepwell.intake import envelopes
from keepwell.intake.actions import drifts, quality, sources, tracking
from keepwell.intake.queries import quality as queries
from keepwell.intake.queries import sources as known_sources
from keepwell.kernel import errors
from keepwell.ledger.actions import relay
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START = NOW - 40 * DAY


def send(day: int, event: str, properties: dict[str, object], *, times: int = 20) -> None:
    """So many calls at noon of a day."""
    at = START + day * DAY
    calls = [
        {
            "type": "track",
            "event": event,
            "messageId": f"{event}-{day}-{i}",
            "userId": "u",
            "properties": properties,
        }
        for i in range(times)
    ]
    body = envelopes.decode(json.dumps({"batch": calls}).encode(), endpoint="batch")
    source = known_sources.find(slug="app", seen_by=TESTS)
    tracking.receive(source=source, calls=body, at=at)


def night(day: int) -> datetime:
    """The worker's run a while after the day's end."""
    at = START + (day + 1) * DAY - timedelta(hours=10)
    relay.all_waiting(at=at)
    quality.refresh(at=at)
    return at


def changes(**wanted: object) -> list[tuple[str, str, str, str]]:
    found = queries.drifts(seen_by=TESTS, source="app")
    return [
        (d.kind, d.name, d.property_name, d.detail)
        for d in found
        if all(getattr(d, name) == value for name, value in wanted.items())
    ]


@pytest.fixture(autouse=True)
def _source() -> None:
    sources.create(slug="app", name="Fernhill app", vouches=False, by=TESTS, at=START)


def live(days: range, **properties: object) -> None:
    for day in days:
        send(day, "report.exported", {"format": "pdf", **properties})
        send(day, "login", {})
        night(day)


def test_a_month_in_which_nothing_changes_tells_nothing() -> None:
    live(range(30), pages=3)
    assert changes() == []
    [view] = queries.overview(seen_by=TESTS, at=START + 30 * DAY)
    assert (view.slug, view.verdict, view.is_overdue, view.open_drifts) == ("app", "usual", False, 0)


def test_new_names_properties_and_types_are_told_and_stay_until_acknowledged() -> None:
    live(range(20), pages=3)
    send(20, "report.exported", {"format": "pdf", "pages": "three", "theme": "dark"})
    send(20, "report.shared", {})
    at = night(20)
    assert set(changes()) == {
        ("new_name", "report.shared", "", ""),
        ("new_property", "report.exported", "theme", "text"),
        ("type_changed", "report.exported", "pages", "number to text"),
    }
    night(21)
    assert len(changes()) == 3
    first = queries.drifts(seen_by=TESTS, source="app")[0]
    drifts.acknowledge(drift_id=first.drift_id, by=TESTS, at=at)
    assert len(changes(is_acknowledged=False)) == 2
    assert len(changes()) == 3
    with pytest.raises(errors.Forbidden):
        drifts.acknowledge(drift_id=first.drift_id, by=NOBODY, at=at)
    assert queries.drifts(seen_by=NOBODY, source="app") == ()


def test_a_usual_property_and_a_usual_event_that_stop_are_told_and_their_return_ends_it() -> None:
    live(range(25), pages=3)
    for day in range(25, 31):
        send(day, "report.exported", {"format": "pdf"})
        night(day)
    assert set(changes()) == {
        ("property_stopped", "report.exported", "pages", ""),
        ("name_stopped", "login", "", ""),
    }
    live(range(31, 32), pages=4)
    night(32)
    assert {d.ended_at is not None for d in queries.drifts(seen_by=TESTS, source="app")} == {True}


def test_a_feed_that_stops_is_told_the_next_day() -> None:
    live(range(28))
    at = night(28) + DAY
    quality.refresh(at=at)
    [view] = queries.overview(seen_by=TESTS, at=at)
    assert (view.verdict, view.is_overdue) == ("low", True)
    assert view.usual_hours == 24
    low = queries.volumes(seen_by=TESTS, source="app", since=START.date(), until=at.date())[-1]
    assert (low.verdict, low.events) == ("low", 0)


def test_a_young_source_is_not_judged_and_a_backfill_is_no_news() -> None:
    live(range(10))
    [view] = queries.overview(seen_by=TESTS, at=START + 10 * DAY)
    assert (view.verdict, view.usual_hours, view.is_overdue) == ("unjudged", None, False)
    assert changes() == []


def test_more_names_than_can_be_followed_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keepwell.intake.actions.learning.MOST_NAMES", 2)
    monkeypatch.setattr("keepwell.intake.actions.learning.MOST_PROPERTIES", 3)
    send(0, "a", {f"p{i}": i for i in range(5)}, times=2)
    for name in ("b", "c", "d"):
        send(0, name, {}, times=1)
    night(0)
    assert set(changes()) == {("too_many_names", "", "", "2"), ("too_many_properties", "a", "", "3")}
    assert len(queries.names(seen_by=TESTS, source="app")) == 2


def test_a_batch_is_learned_once_however_often_the_worker_runs() -> None:
    send(0, "login", {"sso": True}, times=7)
    for _ in range(3):
        night(0)
    [seen] = queries.names(seen_by=TESTS, source="app")
    assert (seen.name, seen.events, seen.looked) == ("login", 7, 7)
    assert [(p.name, p.kinds, p.share) for p in seen.properties] == [("sso", ("boolean",), 1.0)]
