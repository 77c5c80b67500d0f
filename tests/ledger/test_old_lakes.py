"""A lake that an earlier version wrote is brought up to date once, without loss, whatever is killed."""

import subprocess
import sys
from contextlib import suppress
from datetime import datetime, timedelta

import polars as pl
import pyarrow as pa
import pytest
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake  # noqa: TID251 - an old lake
from django.conf import settings

from keepwell.ledger import frames, lake
from keepwell.ledger.actions import events, relay
from keepwell.ledger.event import Event, bytes_of
from keepwell.ledger.schema import SCHEMA
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
OLD = pa.schema([pa.field("id", pa.string()), *(f for f in SCHEMA if f.name not in ("id", "origin"))])
BATCHES, ROWS = 3, 500


def old_lake() -> list[str]:
    """Batches as part 1 wrote them; gives the ids in order."""
    path = str(lake.path())
    table = DeltaTable.create(path, schema=OLD)
    ids = []
    for batch in range(1, BATCHES + 1):
        names = [f"app:{batch}-{i}" for i in range(ROWS)]
        rows = {
            "id": names,
            "account": ["birch"] * ROWS,
            "person": [f"p{i % 7}" for i in range(ROWS)],
            "name": ["report.exported"] * ROWS,
            "feature": ["export"] * ROWS,
            "kind": ["usage"] * ROWS,
            "value": [None if i % 3 else float(i) for i in range(ROWS)],
            "source": ["app"] * ROWS,
            "props": ["{}"] * ROWS,
            "batch": [batch] * ROWS,
        } | {name: moments(batch) for name in ("at", "known_at", "received_at")}
        written = pa.table({field.name: pa.array(rows[field.name], field.type) for field in OLD}, schema=OLD)
        properties = CommitProperties(app_transactions=[Transaction("outbox", batch)])
        write_deltalake(table, written, mode="append", commit_properties=properties)
        ids += names
    return ids


def moments(batch: int) -> list[datetime]:
    return [NOW - timedelta(days=batch, minutes=i) for i in range(ROWS)]


def without_ids() -> pl.DataFrame:
    rest = [name for name in OLD.names if name != "id"]
    return lake.scan().select(rest).collect().sort("batch", "at")


def test_every_event_stands_in_todays_columns_and_says_what_it_said() -> None:
    ids = old_lake()
    before = without_ids()
    assert lake.outdated()
    assert lake.bring_up_to_date()
    stored = lake.scan().collect()
    assert stored.columns == SCHEMA.names
    assert set(stored["id"]) == {bytes_of(text) for text in ids}
    assert stored["origin"].null_count() == stored.height == len(ids)
    assert without_ids().equals(before)
    assert lake.snapshot().batch == BATCHES
    assert not lake.outdated()
    assert not lake.bring_up_to_date()


def test_a_batch_that_the_old_lake_holds_is_not_taken_twice_and_new_ones_are() -> None:
    old_lake()
    lake.bring_up_to_date()
    repeated = lake.scan().collect().to_arrow().cast(SCHEMA)
    lake.append(repeated, batch=BATCHES)
    assert lake.scan().collect().height == BATCHES * ROWS
    cast = world.build()
    relay.all_waiting(at=NOW)  # numbers batches from 1, which the old lake holds
    events.append(events=[Event(id="t:new", account="birch", name="a", at=NOW, source="t")], received_at=NOW)
    found = frames.events(until=NOW, names=["report.exported"]).collect().to_native()
    assert found["account_id"].unique().to_list() == [cast.birch.pk]


UPGRADE = """
import sys, django
from django.conf import settings
settings.configure(KEEPWELL_DATA=sys.argv[1])
from keepwell.ledger import lake
lake.outdated()
print("ready", flush=True)
lake.bring_up_to_date()
"""


def test_killed_at_any_point_nothing_is_lost_and_nothing_double() -> None:
    ids = old_lake()
    for milliseconds in (0, 2, 5, 10, 20, 40):
        program = [sys.executable, "-c", UPGRADE, str(settings.KEEPWELL_DATA)]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            with suppress(subprocess.TimeoutExpired):
                process.wait(milliseconds / 1000)
            process.kill()
        table = DeltaTable(str(lake.path()))
        assert sum(pl.read_parquet(uri).height for uri in table.file_uris()) == len(ids)
    lake.bring_up_to_date()
    assert sorted(lake.scan().collect()["id"]) == sorted(bytes_of(text) for text in ids)
