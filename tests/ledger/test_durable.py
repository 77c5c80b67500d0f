"""What leaves the outbox is on the disk itself: a power cut after that takes nothing with it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from keepwell.ledger import lake
from keepwell.ledger.actions import events, relay, upkeep
from keepwell.ledger.event import Event
from keepwell.ledger.lake import durable
from keepwell.ledger.models import Parcel
from tests.ledger.test_upkeep import arrive
from tests.world import NOW

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=31)


def clicks(count: int, *, prefix: str = "e") -> None:
    """Events of this month and the one before."""
    said = [
        Event(id=f"{prefix}{i}", account="birch", name="x", at=NOW - (i % 2) * MONTH, source="t")
        for i in range(count)
    ]
    events.append(events=said, received_at=NOW)


@contextmanager
def forced() -> Iterator[list[Path]]:
    """What is really forced to the disk meanwhile, in order; `fsync` itself is asked, and does its work."""
    seen: list[Path] = []
    real = os.fsync

    def watched(handle: int) -> None:
        real(handle)
        seen.append(Path(os.readlink(f"/proc/self/fd/{handle}")))

    with patch.object(os, "fsync", watched):
        yield seen


def everything() -> set[Path]:
    """Each file and folder of the lake."""
    root = lake.path().resolve()
    return {root.parent, root, *root.rglob("*")}


def test_what_leaves_the_outbox_is_on_the_disk() -> None:
    clicks(4)
    with forced() as seen:
        relay.run(at=NOW)
    assert set(seen) >= everything()
    assert len([path for path in everything() if path.suffix == ".parquet"]) == 2


def test_a_later_batch_forces_what_is_new() -> None:
    clicks(2)
    relay.run(at=NOW)
    before = everything()
    clicks(2, prefix="later")
    with forced() as seen:
        relay.run(at=NOW)
    assert set(seen) >= everything() - before
    assert not {path for path in seen if path.is_file()} & before


def test_files_are_on_the_disk_before_the_log_names_them_and_the_log_before_the_outbox_lets_go() -> None:
    clicks(4)
    waiting: list[int] = []
    with forced() as seen, patch.object(durable, "force", _counting(waiting, durable.force)):
        relay.run(at=NOW)
    assert set(waiting) == {1}
    assert Parcel.objects.count() == 0
    kinds = [path.suffix for path in seen if path.is_file()]
    assert kinds == [".parquet", ".parquet", *[".json"] * (len(kinds) - 2)]


def _counting(waiting: list[int], real: object) -> object:
    def watched(*paths: Path) -> None:
        waiting.append(Parcel.objects.count())
        real(*paths)  # type: ignore[operator]

    return watched


def test_a_batch_whose_relay_was_killed_before_it_was_forced_is_forced_by_the_next() -> None:
    clicks(2)
    with (
        patch.object(durable, "force_log", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        relay.run(at=NOW)
    assert lake.last_batch() == 1
    assert Parcel.objects.count() == 1
    with forced() as seen:
        relay.run(at=NOW)
    assert {path.name for path in seen} >= {f"{version:020}.json" for version in (0, 1)}
    assert Parcel.objects.count() == 0
    assert lake.scan().collect().height == 2


def test_a_disk_that_fails_keeps_events_in_the_outbox_and_no_half_file() -> None:
    clicks(2)
    with (
        patch.object(os, "fsync", side_effect=OSError(errno.EIO, "Input/output error")),
        pytest.raises(OSError, match="Input/output"),
    ):
        relay.run(at=NOW)
    assert Parcel.objects.count() == 1
    assert not [path for path in everything() if path.suffix == ".parquet"]
    relay.run(at=NOW)
    assert lake.scan().collect().height == 2


def test_what_is_sorted_anew_is_on_the_disk_too() -> None:
    for batch in range(3):
        clicks(4, prefix=f"b{batch}-")
        relay.run(at=NOW)
    before = everything()
    with forced() as seen:
        assert lake.settle() == 2
    assert set(seen) >= everything() - before


def test_the_log_is_summed_up_on_the_disk_before_its_past_is_cleared_away() -> None:
    table = lake.path() / "_delta_log"
    for batch in range(1, 53):
        arrive(batch, count=1)
    assert (table / f"{50:020}.checkpoint.parquet").exists()
    assert len(list(table.glob("*.json"))) == 53
    with forced() as seen:
        lake.vacuum()
    names = {path.name for path in seen}
    assert "_last_checkpoint" in names
    assert any(name.endswith(".checkpoint.parquet") for name in names)
    assert lake.scan().collect().height == 52


def _last_entry() -> Path:
    return max((lake.path() / "_delta_log").glob("*.json"))


def _tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def test_a_log_that_a_power_cut_left_torn_is_mended_and_the_batch_comes_again() -> None:
    clicks(2)
    relay.run(at=NOW)
    clicks(4, prefix="later")
    with (
        patch.object(durable, "force_log", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        relay.run(at=NOW)
    _tear(_last_entry())
    with pytest.raises(lake.LakeDamaged):
        relay.run(at=NOW)
    upkeep.after_power_cut()
    assert relay.all_waiting(at=NOW) == 4
    assert lake.scan().collect()["id"].n_unique() == lake.scan().collect().height == 6
    assert lake.last_batch() == 2


def test_a_log_that_lost_what_was_let_go_is_left_to_the_repair() -> None:
    clicks(2)
    relay.run(at=NOW)
    _tear(_last_entry())
    upkeep.after_power_cut()
    with pytest.raises(lake.LakeDamaged):
        lake.last_batch()
