"""What waited in the outbox of an earlier version reaches the lake, once, also what its relay had in hand."""

from collections.abc import Iterator
from datetime import timedelta

import pyarrow as pa
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from keepwell.ledger import lake
from keepwell.ledger.actions import events, relay
from keepwell.ledger.event import Event, bytes_of, content_of, key_of
from keepwell.ledger.schema import SCHEMA
from tests.world import NOW

BEFORE = [("ledger", "0005_dated_links")]


@pytest.fixture
def nothing_yet(transactional_db: None) -> Iterator[None]:
    """A schema of its own, in which no migration has run."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA upgraded; SET search_path TO upgraded")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA upgraded CASCADE; SET search_path TO public")


def event(name: str) -> Event:
    return Event(id=name, account="birch", person="p1", name="login", at=NOW, source="app", value=2.5)


def rows_of(names: list[str]) -> pa.Table:
    said = {
        "account": "birch", "person": "p1", "name": "login", "feature": "", "kind": "usage", "at": NOW, "known_at": NOW,
        "received_at": NOW, "value": 2.5, "source": "app", "props": "{}", "batch": 1, "origin": None,
    }  # fmt: skip
    return pa.Table.from_pylist([{"id": bytes_of(name)} | said for name in names], schema=SCHEMA)


def put_as_before(names: list[str]) -> list[int]:
    """As the earlier version stored them: a row an event, its key claimed."""
    ids = []
    with connection.cursor() as cursor:
        for place, name in enumerate(names):
            e = event(name)
            cursor.execute(
                "INSERT INTO ledger_outboxevent (event_id, account, person, name, feature, kind, at, known_at, "
                "received_at, value, source, props) VALUES (%s, %s, %s, %s, '', 'usage', %s, %s, %s, %s, %s, %s) "
                "RETURNING id",
                [
                    e.id, e.account, e.person, e.name, e.at, e.at, NOW + timedelta(seconds=place % 2),
                    e.value, e.source, e.props,
                ],
            )  # fmt: skip
            ids.append(cursor.fetchone()[0])
            cursor.execute(
                "INSERT INTO ledger_eventkey (key, content) VALUES (%s, %s)", [key_of(name), content_of(e)]
            )
    return ids


@pytest.mark.usefixtures("nothing_yet")
@pytest.mark.parametrize("lake_took_it", [True, False])
def test_rows_of_the_old_outbox_reach_the_lake_once(lake_took_it: bool) -> None:
    MigrationExecutor(connection).migrate(BEFORE)
    in_hand = put_as_before(["a", "b", "c"])
    put_as_before(["d", "e"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_relaybatch (number, outbox_ids, rows, taken_at) VALUES (1, %s, 3, %s)",
            [in_hand, NOW],
        )
    if lake_took_it:
        lake.append(rows_of(["a", "b", "c"]), batch=1)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("ledger"))
    assert relay.all_waiting(at=NOW) == 5
    assert events.append(events=[event("a"), event("d")], received_at=NOW).duplicates == (0, 1)
    stored = lake.scan().collect()
    assert sorted(stored["id"]) == sorted(bytes_of(name) for name in "abcde")
    assert stored["value"].to_list() == [2.5] * 5
    assert sorted(stored["batch"]) == [1, 1, 1, 2, 2]
