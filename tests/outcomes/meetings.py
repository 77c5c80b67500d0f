"""A review of Willow as it is planned, found and held in tests."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from keepwell.ledger.actions import people
from keepwell.outcomes.actions import reviews
from keepwell.outcomes.actions.holdings import Held, Judged, Todo
from keepwell.outcomes.actions.reviews import Wanted
from keepwell.outcomes.queries import reviews as reads
from tests import world
from tests.outcomes import plans
from tests.world import NOW, TESTS, World

THEN = NOW + timedelta(days=10)
AFTER = THEN + timedelta(hours=2)


@pytest.fixture
def cast() -> World:
    found = world.build()
    plans.make()
    rows = [
        {"key": "dora", "name": "Dora Klein", "account": "willow", "email": "dora@willow.test", "stance": "champion"},
        {"key": "emil", "name": "Emil Gross", "account": "willow", "email": "emil@willow.test", "roles": ["executive"]},
        {"key": "finn", "name": "Finn", "account": "willow"},
    ]  # fmt: skip
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    return found


def wanted(**other: Any) -> Wanted:
    said: dict[str, Any] = {
        "starts_at": THEN, "agenda": "What was reached", "notes": "They compare us.", "place": "https://meet.test/1",
        "theirs": ("dora", "emil", "finn"), "ours": ("ada@fernhill.test",),
    }  # fmt: skip
    return Wanted(**{**said, **other})


def make(cast: World, **other: Any) -> int:
    return reviews.schedule(account="willow", wanted=wanted(**other), by=cast.scope("ada"), at=NOW)


def found(cast: World, number: int, at: datetime = NOW) -> reads.ReviewView:
    return reads.find(review_id=number, seen_by=cast.scope("ada"), now=at)


def held(**other: Any) -> Held:
    said: dict[str, Any] = {
        "theirs": ("dora", "emil"),
        "ours": ("ada@fernhill.test",),
        "minutes": 50,
        "note": "They liked it.",
        "decisions": ("Roll out to all sites.", " "),
        "todos": (
            Todo("Send the offer", date(2026, 7, 1), owner="ada@fernhill.test"),
            Todo("Name a sponsor", date(2026, 7, 3), theirs="dora"),
        ),
        "scores": (Judged("reports-without-hands", "behind", "It is not there yet."),),
        "next_at": AFTER + timedelta(days=91),
    }
    return Held(**{**said, **other})
