"""The lake's files are joined and sorted; what they say stays, whoever reads or writes meanwhile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable  # noqa: TID251 - as another program sees it

from keepwell.ledger import lake
from keepwell.ledger.event import bytes_of
from keepwell.ledger.lake import layout, replacing, upkeep
from keepwell.ledger.schema import SCHEMA

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def arrive(batch: int, *, count: int = 20, first: datetime = FIRST, vouched: bool = False) -> None:
    """One batch of events, an hour apart, of accounts in no order."""
    at = [first + i * HOUR for i in range(count)]
    rows = {
        "id": [bytes_of(f"{batch}-{i}") for i in range(count)],
        "account": [f"acct-{(i * 7) % 5}" for i in range(count)],
        "person": [f"p{i % 3}" for i in range(count)],
        "name": ["x"] * count,
        "feature": ["x"] * count,
        "kind": ["usage" if i % 4 else "fact" for i in range(count)],
        "at": at,
        "known_at": at if vouched else [moment + HOUR for moment in at],
        "received_at": [moment + HOUR for moment in at],
        "value": [None] * count,
        "source": ["t"] * count,
        "props": ["{}"] * count,
        "batch": [batch] * count,
        "origin": [None] * count,
    }
    lake.append(pa.table(rows, schema=SCHEMA), batch=batch)


def rows() -> pl.DataFrame:
    return lake.scan().collect().sort("id")


def files() -> set[str]:
    return set(lake.snapshot().files)


def test_what_arrived_in_many_files_lies_sorted_in_one_a_month_and_says_the_same() -> None:
    for batch in range(1, 11):
        arrive(batch, first=FIRST + timedelta(days=31 * (batch % 2)), vouched=batch > 5)
    before = rows()
    assert lake.settle() == 2
    assert len(files()) == 2
    assert rows().equals(before)
    for file in files():
        stored = pl.read_parquet(file, hive_partitioning=False).select(layout.SORTED_BY)
        assert stored.equals(stored.sort(*layout.SORTED_BY))
    assert lake.settle() == 0
    assert DeltaTable(str(lake.path())).to_pyarrow_table().num_rows == 200


def test_when_it_arrived_is_read_also_where_it_is_not_stored() -> None:
    arrive(1)
    arrive(2, vouched=True)
    told = rows().select(pl.col("received_at") == pl.col("at") + HOUR)
    assert told.to_series().all()
    stored = pl.read_parquet(list(files()), hive_partitioning=False)
    assert stored["received_at"].null_count() == 20


def test_a_month_is_written_anew_only_when_half_as_much_came() -> None:
    arrive(1, count=300)
    arrive(2, first=FIRST - timedelta(days=60))
    lake.settle()
    quiet = {file for file in files() if "month=2025" in file}
    large = files() - quiet
    for batch in range(3, 45):
        arrive(batch, count=1)
    assert lake.compact()
    assert quiet | large < files()
    assert len(files()) == 3
    for batch in range(45, 87):
        arrive(batch, count=3)
    assert lake.compact()
    assert len(files()) == 2
    assert quiet < files()
    assert rows().height == 320 + 42 + 126


def test_a_month_that_is_too_large_for_memory_is_sorted_in_spans_of_time() -> None:
    arrive(1, count=50)
    arrive(2, count=50)
    before = rows()
    with patch.object(upkeep, "SLICE_ROWS", 30):
        lake.settle()
    assert len(files()) == 4
    assert rows().equals(before)
    assert lake.settle() == 0


def test_events_that_arrive_while_a_month_is_sorted_stay() -> None:
    arrive(1)
    arrive(2)
    commit = replacing.commit

    def slow(table: DeltaTable, **given: object) -> None:
        with patch.object(replacing, "commit", commit):
            arrive(3)
        commit(table, **given)  # type: ignore[arg-type]

    with patch.object(replacing, "commit", slow):
        lake.settle()
    assert rows().height == 60
    assert lake.settle() == 1
    assert rows()["id"].n_unique() == 60


def test_two_that_sort_the_same_month_do_not_double_it() -> None:
    arrive(1)
    arrive(2)
    commit = replacing.commit

    def overtaken(table: DeltaTable, **given: object) -> None:
        with patch.object(replacing, "commit", commit):
            lake.settle()
        commit(table, **given)  # type: ignore[arg-type]

    with patch.object(replacing, "commit", overtaken):
        lake.settle()
    assert rows().height == 40
    assert rows()["id"].n_unique() == 40


def test_a_reader_of_an_earlier_version_keeps_its_files_until_the_grace_is_over() -> None:
    arrive(1)
    arrive(2)
    held = lake.scan()
    lake.settle()
    lake.vacuum()
    assert held.collect().height == 40
    with patch.object(upkeep, "VACUUM_GRACE_HOURS", 0):
        assert lake.vacuum() == 2
    assert rows().height == 40


def test_pages_of_a_kind_or_a_span_open_only_files_that_may_hold_it() -> None:
    arrive(1)
    arrive(2, first=FIRST + timedelta(days=31))
    assert len(lake.snapshot().files) == 2
    assert [Path(file).parent.name for file in lake.snapshot(until=FIRST + 21 * HOUR).files] == [
        "month=2026-03"
    ]
    assert lake.snapshot(until=FIRST).files == []
    assert len(lake.snapshot(after_batch=1).files) == 1
    assert lake.snapshot(kind="a").files == []
