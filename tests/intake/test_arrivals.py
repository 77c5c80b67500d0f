"""What was sent is counted on the day it arrived, also what could not be taken."""

import json

import pytest

from keepwell.intake import envelopes
from keepwell.intake.actions import sources as source_actions
from keepwell.intake.actions import tracking
from keepwell.intake.queries import sources
from keepwell.ledger import models
from keepwell.ledger.actions import relay
from keepwell.ledger.models.arrivals import COUNTS
from tests.intake.files import imported
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


def counted(source: str) -> dict[str, int]:
    row = models.Arrivals.objects.get(source=source, day=NOW.date())
    return {name: getattr(row, name) for name in COUNTS if getattr(row, name)}


def click(number: int, **other: object) -> dict[str, object]:
    call = {"type": "track", "event": "report.exported", "messageId": f"m{number}", "userId": "u1"}
    return call | {"timestamp": "2026-06-15T11:59:00Z"} | other


def test_every_call_of_a_request_is_counted_once_as_what_became_of_it() -> None:
    key = source_actions.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    calls = [
        click(1),
        click(2, timestamp="2026-06-10T11:59:00Z"),
        click(1),
        click(2, event="report.printed"),
        click(3, timestamp="soon"),
    ]
    body = envelopes.decode(json.dumps({"batch": calls}).encode(), endpoint="batch")
    for _ in range(2):
        tracking.receive(source=sources.by_write_key(key), calls=body, at=NOW)
        relay.all_waiting(at=NOW)
    assert counted("app") == {"events": 2, "late": 1, "duplicates": 4, "conflicts": 2, "rejected": 2}


def test_an_imports_rows_are_counted_and_those_of_a_trial_are_not() -> None:
    rows = "id,event,at,account\n1,login,2026-06-14,birch\n1,login,2026-06-14,birch\n2,login,never,birch\n"
    imported("events", rows, dry_run=True)
    assert not models.Arrivals.objects.exists()
    imported("events", rows)
    relay.all_waiting(at=NOW)
    assert counted("fernhill") == {"events": 1, "late": 1, "duplicates": 1, "rejected": 1, "rows": 3}


def test_a_clock_that_is_ahead_is_counted_whether_it_is_set_right_or_refused() -> None:
    key = source_actions.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    stamps = ("2026-06-15T12:00:59Z", "2026-06-15T12:05:00Z", "2026-06-20T12:00:00Z")
    calls = [click(number, timestamp=stamp) for number, stamp in enumerate(stamps)]
    body = json.dumps({"batch": calls}).encode()
    tracking.receive_body(source=sources.by_write_key(key), body=body, endpoint="batch", at=NOW)
    relay.all_waiting(at=NOW)
    assert counted("app") == {"events": 2, "future": 2, "rejected": 1}
