"""From the outbox to the lake: each event once, whatever is interrupted."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection

from keepwell.ledger import frames, lake, parcels
from keepwell.ledger.actions import arrivals, events, relay
from keepwell.ledger.event import Event, key_of
from keepwell.ledger.models import Parcel
from tests import world
from tests.world import NOW

LATER = NOW + timedelta(days=1)


def clicks(count: int, *, prefix: str = "e", account: str = "birch") -> list[Event]:
    return [
        Event(
            id=f"{prefix}{i}", account=account, person=f"p{i % 3}", name="report.exported", at=NOW, source="t"
        )
        for i in range(count)
    ]


def ids() -> list[str]:
    return sorted(key.hex() for key in lake.scan().collect()["id"])


def keys(*texts: str) -> list[str]:
    return sorted(key_of(text) for text in texts)


@pytest.mark.django_db
def test_an_event_is_stored_once_and_a_reused_id_is_named() -> None:
    first = events.append(events=clicks(3), received_at=NOW)
    changed = Event(id="e1", account="birch", name="report.printed", at=NOW, source="t")
    again = events.append(events=[*clicks(4), changed], received_at=LATER)
    assert (first.stored, first.duplicates, first.conflicts) == (3, (), ())
    assert (again.stored, again.duplicates, again.conflicts) == (1, (0, 1, 2), (4,))
    relay.all_waiting(at=LATER)
    assert ids() == keys("e0", "e1", "e2", "e3")


@pytest.mark.django_db
def test_what_append_would_answer_is_what_it_answers() -> None:
    events.append(events=clicks(2), received_at=NOW)
    asked = [*clicks(3), Event(id="e2", account="elm", name="x", at=NOW, source="t")]
    assert events.unseen(events=asked) == events.append(events=asked, received_at=NOW)


@pytest.mark.django_db
def test_a_relay_killed_after_the_lake_took_its_batch_does_not_double_it() -> None:
    events.append(events=clicks(5), received_at=NOW)
    with (
        patch.object(arrivals, "add", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        relay.run(at=NOW)
    assert len(ids()) == 5
    events.append(events=clicks(2, prefix="late"), received_at=NOW)
    assert relay.all_waiting(at=LATER) == 7
    assert ids() == keys("e0", "e1", "e2", "e3", "e4", "late0", "late1")
    assert Parcel.objects.count() == 0


@pytest.mark.django_db
def test_a_relay_killed_before_the_lake_took_its_batch_loses_nothing() -> None:
    events.append(events=clicks(5), received_at=NOW)
    with patch.object(lake, "append", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        relay.run(at=NOW)
    relay.all_waiting(at=LATER)
    assert ids() == keys("e0", "e1", "e2", "e3", "e4")


@pytest.mark.django_db(transaction=True)
def test_transactions_that_commit_in_reverse_order_both_arrive() -> None:
    """The first to take an id commits last: a relay that remembered the highest id would pass it by."""
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    settings.pop("context", None)
    insert = "INSERT INTO ledger_parcel (events, claimed, received_at, payload) VALUES (1, %s, %s, %s)"

    def parcel(name: str, *, claimed: bool) -> list[object]:
        columns = parcels.of(clicks(1, prefix=name), received_at=NOW)
        return [claimed, NOW, parcels.packed(columns)]

    with psycopg.connect(**settings) as slow, psycopg.connect(**settings) as quick:
        slow.execute(insert, parcel("slow", claimed=False))
        quick.execute(insert, parcel("quick", claimed=False))
        quick.commit()
        relay.all_waiting(at=NOW)
        assert ids() == keys("quick0")
        slow.commit()
    relay.all_waiting(at=NOW)
    assert ids() == keys("quick0", "slow0")


@pytest.mark.django_db
def test_events_count_once_an_account_claims_their_key() -> None:
    events.append(events=clicks(2, account="birch"), received_at=NOW)
    relay.all_waiting(at=NOW)
    assert frames.events(until=LATER).collect().is_empty()
    cast = world.build()
    found = frames.events(until=LATER, names=["report.exported"]).collect().to_native()
    assert found["account_id"].to_list() == [cast.birch.pk, cast.birch.pk]


@pytest.mark.django_db
def test_a_frame_holds_what_happened_before_and_was_known_before() -> None:
    world.build()
    week = timedelta(days=7)
    told = [
        Event(id="on-time", account="birch", name="a", at=NOW - week, source="t"),
        Event(id="late", account="birch", name="a", at=NOW - 2 * week, source="t"),
        Event(id="vouched", account="birch", name="a", at=NOW - 3 * week, source="t", vouched=True),
        Event(id="ahead", account="birch", name="a", at=NOW + week, source="t"),
    ]
    events.append(events=told[:1], received_at=NOW - week)
    events.append(events=told[1:], received_at=NOW)
    relay.all_waiting(at=NOW)

    named = {key_of(event.id): event.id for event in told}

    def seen(until: datetime, known_by: datetime | None) -> set[str]:
        found = frames.events(until=until, known_by=known_by, names=["a"]).collect().to_native()
        return {named[key] for key in found["id"]}

    assert seen(NOW, None) == {"on-time", "late", "vouched"}
    assert seen(NOW + 2 * week, None) == {"on-time", "late", "vouched", "ahead"}
    assert seen(NOW, NOW) == {"on-time", "vouched"}
    assert seen(NOW - week, NOW - week) == {"vouched"}
    assert seen(datetime(2020, 1, 1, tzinfo=UTC), None) == set()


@pytest.mark.django_db
def test_many_small_files_become_few_and_hold_the_same() -> None:
    for i in range(lake.COMPACT_ABOVE_FILES + 2):
        events.append(events=clicks(1, prefix=f"b{i}-"), received_at=NOW)
        relay.run(at=NOW)
    before = ids()
    assert lake.compact()
    assert len(lake.snapshot().files) == 1
    assert ids() == before
    assert lake.snapshot().batch == lake.COMPACT_ABOVE_FILES + 2
