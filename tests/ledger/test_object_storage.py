"""The lake in a bucket: the same events as in a folder, and no version taken twice."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pyarrow.fs as pa_fs
import pytest
from pytest_django import Settings

from keepwell.ledger import frames, lake, tallies
from keepwell.ledger.actions import events, relay
from keepwell.ledger.event import Event, key_of
from tests import world
from tests.objectstore import KEY, SECRET, object_store
from tests.world import NOW

__all__ = ["object_store"]
pytestmark = pytest.mark.django_db
WRITERS, BATCHES = 2, 6


@pytest.fixture
def bucket(object_store: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket of one's own, named as the lake's place."""
    name = f"lake-{uuid4()}"
    given = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_ENDPOINT_URL": object_store}
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    host = object_store.removeprefix("http://")
    store = pa_fs.S3FileSystem(
        access_key=KEY,
        secret_key=SECRET,
        endpoint_override=host,
        scheme="http",
        region="us-east-1",
        allow_bucket_creation=True,
    )
    store.create_dir(name)
    settings.KEEPWELL_LAKE = f"s3://{name}/keepwell"
    return name


def told(count: int, *, prefix: str) -> list[Event]:
    return [
        Event(id=f"t:{prefix}{i}", account="birch", person=f"p{i % 3}", name="a", at=NOW, source="t")
        for i in range(count)
    ]


def test_events_go_to_the_bucket_and_are_read_joined_and_swept_there(bucket: str, settings: Settings) -> None:
    cast = world.build()
    for i in range(3):
        events.append(events=told(5, prefix=f"{i}-"), received_at=NOW)
        relay.run(at=NOW)
    until = datetime(2100, 1, 1, tzinfo=UTC)
    assert all(file.startswith(f"s3://{bucket}/") for file in lake.snapshot().files)
    assert lake.settle() == 2
    found = frames.events(until=until, names=["a"], accounts=[cast.birch.pk]).collect("polars").to_native()
    assert sorted(found["id"]) == sorted(key_of(f"t:{i}-{k}") for i in range(3) for k in range(5))
    counted = tallies.by_day({}, texts=("name",), kind="usage", since=NOW, until=until, known_by=None)
    assert counted is not None
    assert counted.collect().to_native()["n0"].sum() == 15
    assert lake.vacuum() == 0
    assert not (settings.KEEPWELL_DATA / "lake").exists()


WRITE = """
import sys, django
from django.conf import settings
settings.configure(KEEPWELL_LAKE=sys.argv[1])
import pyarrow as pa
from datetime import datetime, UTC
from deltalake import CommitProperties, write_deltalake
from keepwell.ledger.lake import layout, table
from keepwell.ledger.schema import SCHEMA
writer = int(sys.argv[2])
at = datetime(2026, 1, 1, tzinfo=UTC)
row = {"id": b"0" * 16, "account": "", "person": "", "name": "x", "feature": "", "kind": "usage", "at": at,
       "known_at": at, "received_at": at, "value": None, "source": "t", "props": "{}", "origin": None}
lake = table.opened()
print("ready", flush=True)
sys.stdin.readline()
for batch in range(int(sys.argv[3])):
    rows = pa.Table.from_pylist([row | {"batch": 100 * writer + batch}], schema=SCHEMA)
    # The writer keeps the version it saw first: each commit finds that another took the next one.
    write_deltalake(lake, layout.laid_out(rows), mode="append",
                    commit_properties=CommitProperties(max_commit_retries=100))
"""


def test_two_writers_that_race_for_a_version_lose_nothing(bucket: str, settings: Settings) -> None:
    relay.all_waiting(at=NOW)
    lake.snapshot()
    writers: list[Any] = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, settings.KEEPWELL_LAKE, str(number), str(BATCHES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(WRITERS)
    ]
    assert [writer.stdout.readline() for writer in writers] == [b"ready\n"] * WRITERS
    for writer in writers:
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=240)
        assert writer.returncode == 0
    held = Counter(lake.scan().select("batch").collect()["batch"].to_list())
    assert held == Counter(100 * number + batch for number in range(WRITERS) for batch in range(BATCHES))
    assert lake.snapshot().version == WRITERS * BATCHES
