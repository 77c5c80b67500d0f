"""The relay sleeps while nothing waits: what comes in wakes it, and nothing comes in unseen."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction

from keepwell.ledger.actions import events, relay, waking
from keepwell.ledger.event import Event
from tests.stories.conftest import until
from tests.world import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 60.0


def click(name: str) -> None:
    """Something comes into the outbox."""
    event = Event(id=name, account="birch", person="p", name="report.exported", at=NOW, source="t")
    events.append(events=[event], received_at=NOW)


class Sleeper(threading.Thread):
    """A relay that lies down once, on a connection of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.told, self.was_quiet = threading.Event(), None

    def run(self) -> None:
        try:
            self.was_quiet = waking.sleep(seconds=LONG, taken_seconds=0, told=self.told.is_set)
        finally:
            connection.close()


@contextmanager
def asleep() -> Iterator[Sleeper]:
    sleeper = Sleeper()
    sleeper.start()
    try:
        assert until(_sleeps)
        yield sleeper
    finally:
        sleeper.told.set()
        sleeper.join()


def _sleeps() -> bool:
    """Whether a relay sleeps. Only looked at: trying the lock would hold it for a moment, in which a relay stays awake."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE datname = current_database() AND locktype = 'advisory' AND objid = %s
            AND mode = 'ExclusiveLock' AND granted""",
            [waking.KEY],
        )
        return cursor.fetchone() is not None


def test_what_comes_in_wakes_the_relay_at_once() -> None:
    with asleep() as sleeper:
        click("a")
        sleeper.join(LONG / 2)
        assert sleeper.was_quiet is False
    assert relay.all_waiting(at=NOW) == 1


def test_what_is_taken_back_wakes_nobody() -> None:
    with asleep() as sleeper:
        with transaction.atomic():
            click("a")
            transaction.set_rollback(True)
        sleeper.told.set()
        sleeper.join()
        assert sleeper.was_quiet is True


def test_a_relay_that_is_awake_is_not_notified() -> None:
    with _listening() as listener:
        click("a")
        assert not list(listener.notifies(timeout=0.1))
        relay.all_waiting(at=NOW)
        with asleep():
            click("b")
            assert len(list(listener.notifies(timeout=LONG, stop_after=1))) == 1


def test_nobody_lies_down_while_something_waits_or_is_being_written() -> None:
    click("a")
    assert waking.sleep(seconds=LONG, taken_seconds=LONG, told=lambda: False) is False
    relay.all_waiting(at=NOW)
    with _other() as writer:
        writer.execute(f"SELECT {waking.WAKE}")  # somebody is in the midst of storing
        begun = time.monotonic()
        assert waking.sleep(seconds=LONG, taken_seconds=0.05, told=lambda: False) is True
        assert time.monotonic() - begun < LONG / 2


@contextmanager
def _other() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    settings.pop("context", None)
    with psycopg.connect(**settings) as made:
        yield made


@contextmanager
def _listening() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with _other() as made:
        made.autocommit = True
        made.execute(f"LISTEN {waking.CHANNEL}")
        yield made
