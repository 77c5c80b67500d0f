"""A damaged lake says which file, gives no short answer, and gets back what still lies somewhere."""

from datetime import timedelta
from pathlib import Path

import pytest

from keepwell.access.scopes import system
from keepwell.ledger import frames, lake
from keepwell.ledger.actions import events, relay, upkeep
from keepwell.ledger.event import Event, bytes_of
from keepwell.ledger.queries import wholeness
from keepwell.pipeline.queries import doctor
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
SYSTEM = system(through="test")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def told() -> None:
    """Three batches of four events in the lake, one of them in a month of its own."""
    world.build()
    relay.all_waiting(at=NOW)
    for batch, back in enumerate((0, 0, 45)):
        said = [
            Event(id=f"t:{batch}-{i}", account="birch", name="a", at=NOW - back * DAY, source="t")
            for i in range(4)
        ]
        events.append(events=said, received_at=NOW)
        relay.run(at=NOW)


def counted() -> int:
    found = frames.events(until=NOW + DAY, names=["a"]).collect("polars").to_native()
    return int(found.height)


def file_of(back: int) -> Path:
    month = f"{NOW - back * DAY:%Y-%m}"
    return Path(max(file for file in lake.snapshot().files if f"month={month}" in file))


def newest_log() -> Path:
    return max((lake.path() / "_delta_log").glob("*.json"))


def test_a_whole_lake_is_said_to_be_whole() -> None:
    found = wholeness.check()
    assert (found.whole, found.damaged, found.lacking) == (True, (), ())
    assert found.events == lake.scan().collect().height
    assert wholeness.problem() == ""
    assert upkeep.repair(by=SYSTEM, at=NOW) == ["Nothing was damaged."]


@pytest.mark.parametrize("harm", ["missing", "cut short"])
def test_a_file_that_is_missing_or_cut_short_is_named_and_nothing_is_answered(harm: str) -> None:
    file = file_of(45)
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(lake.LakeDamaged, match=file.name):
        counted()
    (first, *_) = doctor.examine(at=NOW)
    assert (first.name, first.ok) == ("lake", False)
    assert file.name in first.found
    assert "it held 4 events from" in first.found


def test_what_is_acknowledged_while_the_lake_is_damaged_is_carried_to_it() -> None:
    file_of(45).unlink()
    events.append(events=[Event(id="t:new", account="birch", name="a", at=NOW, source="t")], received_at=NOW)
    assert relay.run(at=NOW) is not None
    upkeep.repair(by=SYSTEM, at=NOW)
    assert counted() == 9


def test_one_bad_byte_in_a_sorted_file_is_found_by_the_check() -> None:
    lake.settle()
    file = file_of(45)
    content = bytearray(file.read_bytes())
    content[content.index(bytes_of("t:2-0"))] ^= 1
    file.write_bytes(content)
    found = wholeness.check()
    assert not found.whole
    assert file.name in found.damaged[0]
    assert "cannot be read" in found.damaged[0]


def test_events_of_a_damaged_file_come_back_from_files_of_former_versions() -> None:
    lake.settle()
    file = file_of(45)
    file.write_bytes(b"")
    (line,) = upkeep.repair(by=SYSTEM, at=NOW)
    assert "4 of them were put back, none is gone" in line
    assert counted() == 12
    assert wholeness.check().whole
    assert (lake.path().parent / "quarantine" / file.name).exists()
    assert upkeep.repair(by=SYSTEM, at=NOW) == ["Nothing was damaged."]


def test_what_is_gone_is_said_exactly_and_stays_said() -> None:
    file_of(45).unlink()
    (line,) = upkeep.repair(by=SYSTEM, at=NOW)
    assert "0 of them were put back, 4 are gone" in line
    assert counted() == 8
    found = wholeness.check()
    assert found.damaged == ()
    assert [said.partition(" lacks ")[2] for said in found.lacking] == ["4 events"]


def test_a_log_that_was_cut_short_is_named_and_its_events_are_taken_in_again() -> None:
    log = newest_log()
    log.write_bytes(log.read_bytes()[:50])
    with pytest.raises(lake.LakeDamaged, match=log.name):
        counted()
    assert log.name in wholeness.problem()
    assert log.name in wholeness.check().damaged[0]
    lines = upkeep.repair(by=SYSTEM, at=NOW)
    assert lines[0].startswith(f"_delta_log/{log.name}")
    assert lines[1] == "4 events were taken in again from files that the log had lost."
    assert counted() == 12
    assert wholeness.check().whole
    events.append(events=[Event(id="t:new", account="birch", name="a", at=NOW, source="t")], received_at=NOW)
    relay.run(at=NOW)
    assert counted() == 13


def test_a_log_that_is_gone_is_not_taken_for_an_empty_lake() -> None:
    for file in (lake.path() / "_delta_log").iterdir():
        file.unlink()
    (lake.path() / "_delta_log").rmdir()
    with pytest.raises(lake.LakeDamaged, match="log is gone"):
        counted()
    with pytest.raises(lake.LakeDamaged, match="log is gone"):
        relay.run(at=NOW) or lake.last_batch()
