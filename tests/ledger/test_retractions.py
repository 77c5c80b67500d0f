"""What is taken back stops counting, and still counts for what was known before."""

import importlib
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from keepwell.access.scopes import system
from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import contracts, events, relay, removals, retractions, tickets
from keepwell.ledger.event import Event, bytes_of, key_of
from keepwell.ledger.models import Contract, Retraction, Ticket
from keepwell.ledger.queries import retractions as taken_back
from keepwell.ledger.queries import touched
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SYSTEM = system(through="test")


def told(count: int, **more: Any) -> None:
    said = [
        Event(id=f"t:{i}{more}", name="a", at=NOW, source="t", account="birch", **more) for i in range(count)
    ]
    events.append(events=said, received_at=NOW)
    relay.all_waiting(at=NOW)


def counted(known_by: Any = None) -> int:
    found = frames.events(until=NOW + HOUR, names=["a"], known_by=known_by).collect("polars").to_native()
    return int(found.height)


@pytest.mark.parametrize("named", ["t:0{}", key_of("t:0{}")], ids=["by its id", "by its key"])
def test_one_event_is_taken_back(named: str) -> None:
    world.build()
    told(3)
    retractions.take_back(event_id=named, by=SYSTEM, at=NOW + HOUR)
    assert counted() == 2
    assert counted(known_by=NOW + HOUR) == 3
    assert counted(known_by=NOW + 2 * HOUR) == 2


def test_an_event_that_the_lake_does_not_hold_is_refused() -> None:
    with pytest.raises(errors.NotFound, match='no event "t:0"'):
        retractions.take_back(event_id="t:0", by=SYSTEM, at=NOW)


def test_all_that_one_import_brought_is_taken_back_and_its_accounts_are_computed_anew() -> None:
    cast = world.build()
    told(2)
    told(3, origin=7)
    told(4, origin=8)
    relay.all_waiting(at=NOW)
    batch = touched.after(batch=0).batch
    assert retractions.take_back_origin(origin=7, source="t", at=NOW + HOUR) == 1
    relay.all_waiting(at=NOW + HOUR)
    assert counted() == 6
    assert counted(known_by=NOW + HOUR) == 9
    assert touched.after(batch=batch).since.keys() == {cast.birch.pk}
    assert retractions.take_back_origin(origin=7, source="t", at=NOW + 2 * HOUR) == 1
    assert counted(known_by=NOW + HOUR + HOUR / 2) == 6


def test_what_is_taken_back_concerns_no_day_before_it_happened() -> None:
    cast = world.build()
    opened = NOW - 40 * 24 * HOUR
    rows = [{"key": key, "account": "birch", "opened_at": opened} for key in ("t1", "t2")]
    tickets.upsert(rows=rows, source="desk", by=TESTS, at=NOW, vouched=False)
    contract = {"key": "c", "account": "elm", "arr": 5, "start_date": NOW.date()}
    contracts.upsert(rows=[contract], source="crm", by=TESTS, at=NOW, vouched=False)
    relay.all_waiting(at=NOW)
    batch = touched.after(batch=0).batch
    later = NOW + HOUR
    corrected = [{"key": "t1", "opened_at": opened + 24 * HOUR}]
    tickets.upsert(rows=corrected, source="desk", by=TESTS, at=later, vouched=False)
    relay.all_waiting(at=later)
    first = touched.after(batch=batch)
    assert first.since == {cast.birch.pk: opened.date()}, "not its whole past"
    removals.remove(Ticket, keys=["t2"], by=TESTS, at=later)
    removals.remove_contracts(Contract, keys=["c"], by=TESTS, at=later)
    relay.all_waiting(at=later)
    second = touched.after(batch=first.batch)
    assert second.since == {cast.birch.pk: opened.date(), cast.elm.pk: touched.EVER}
    found = taken_back.known(known_by=None, kind="fact")
    assert found.where.span is None, "of what changes the past nobody says when"
    gone = set(Retraction.objects.filter(at=None).values_list("key", flat=True))
    assert len(gone) == 1


def test_rows_of_other_days_need_not_be_looked_at_by_their_id() -> None:
    world.build()
    told(3)
    later = [Event(id="t:9", name="a", at=NOW + HOUR, source="t", account="birch")]
    events.append(events=later, received_at=NOW + HOUR)
    relay.all_waiting(at=NOW + HOUR)
    retractions.take_back(event_id="t:9", by=SYSTEM, at=NOW + 2 * HOUR)
    found = taken_back.known(known_by=None, kind="usage")
    assert (found.where.span, found.where.accounts) == ((NOW + HOUR, NOW + HOUR), ["birch"])
    seen = frames.events(until=NOW + 3 * HOUR, names=["a"]).collect("polars").to_native()
    assert seen.height == 3


def test_retractions_of_part_one_keep_naming_their_events() -> None:
    """The migration's own step, on the table as part 1 left it."""
    migration = importlib.import_module("keepwell.ledger.migrations.0003_lake_ids")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_retraction ADD COLUMN event_id text")
        rows = [
            ("t:1", "00000000-0000-0000-0000-000000000001"),
            ("t:2", "00000000-0000-0000-0000-000000000002"),
        ]
        cursor.executemany(
            "INSERT INTO ledger_retraction (event_id, key, known_at) VALUES (%s, %s, now())", rows
        )
        migration.digest_ids(apps, connection.schema_editor())
    assert sorted(taken_back.known(known_by=None).keys) == sorted([bytes_of("t:1"), bytes_of("t:2")])
