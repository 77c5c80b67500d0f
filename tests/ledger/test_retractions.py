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
from keepwell.ledger.actions import events, relay, retractions
from keepwell.ledger.event import Event, bytes_of, key_of
from keepwell.ledger.queries import retractions as taken_back
from keepwell.ledger.queries import touched
from tests import world
from tests.world import NOW

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
