"""Events counted by the codes of the lake's files: the same numbers as looking at each row."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from keepwell.access.scopes import system
from keepwell.kernel.moments import Grid
from keepwell.ledger import frames, lake, tallies
from keepwell.ledger.actions import events, relay, retractions
from keepwell.ledger.event import Event
from keepwell.ledger.lake import counting
from keepwell.metrics.actions import definitions
from keepwell.metrics.queries import facts, values
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
SYSTEM = system(through="test")
DAY = timedelta(days=1)
NAMES = ("like", "exportação", "📊 shared", "עדכון", "")
FEATURES = ("", "reports", "dash board")
TRUTHS = {
    "n1": nw.col("name") == "like",
    "n2": nw.col("name").is_in(["📊 shared", "עדכון"]) & (nw.col("feature") == "reports"),
    "n3": nw.lit(value=None, dtype=nw.Boolean()),
}
EVER = datetime(2100, 1, 1, tzinfo=UTC)


def drawn(batch: int, *, count: int = 400) -> list[Event]:
    """Use by many and by few, by people without an account, and facts among it; some of it late or vouched for."""
    chance = random.Random(batch)
    return [
        Event(
            id=f"t:{batch}-{i}",
            account=chance.choice(["birch", "willow", "elm", "", f"rare-{batch}-{i}"]),
            person=chance.choice(["ada", "ben", ""]),
            name="ticket.opened" if chance.random() < 0.1 else chance.choice(NAMES[:4]),
            feature=chance.choice(FEATURES),
            at=NOW - chance.choice([3, 90]) * chance.random() * DAY,
            source=chance.choice(["app", "web"]),
            vouched=chance.random() < 0.5,
        )
        for i in range(count)
    ]


@pytest.fixture
def told() -> None:
    world.build()
    for batch in range(4):
        events.append(events=drawn(batch), received_at=NOW + batch * DAY)
        relay.all_waiting(at=NOW + batch * DAY)
        if batch == 2:
            lake.compact()


def looked_at(since: datetime, until: datetime, known_by: datetime | None) -> pl.DataFrame:
    """The same by looking at each row."""
    rows = frames.told(since=since, until=until, known_by=known_by, kind="usage").filter(
        nw.col("account") != ""
    )
    chosen = rows.with_columns(**TRUTHS).collect().to_native()
    counts = {name: pl.col(name).fill_null(value=False).cast(pl.Int64).sum() for name in TRUTHS}
    return chosen.group_by("account", pl.col("at").dt.date().alias("day")).agg(
        n0=pl.len().cast(pl.Int64), **counts
    )


def counted(since: datetime, until: datetime, known_by: datetime | None) -> pl.DataFrame:
    found = tallies.by_day(
        TRUTHS, texts=("feature", "name"), kind="usage", since=since, until=until, known_by=known_by
    )
    assert found is not None
    return found.collect().to_native().group_by("account", "day").agg(pl.col("n0", "n1", "n2", "n3").sum())


@pytest.mark.parametrize("dense", [0, 10**9], ids=["sorted", "in place"])
@pytest.mark.parametrize("known_by", [None, NOW + DAY, NOW - 30 * DAY], ids=["now", "late", "early"])
@pytest.mark.parametrize("back", [200, 40, 2], ids=["all", "some", "few"])
def test_counting_is_looking_at_each_row(
    told: None, monkeypatch: pytest.MonkeyPatch, dense: int, known_by: datetime | None, back: int
) -> None:
    monkeypatch.setattr(counting, "DENSE", dense)
    span = (NOW - back * DAY, EVER if back > 100 else NOW - DAY)
    found, asked = counted(*span, known_by), looked_at(*span, known_by)
    assert found.height > 0 or known_by == NOW - 30 * DAY
    assert_frame_equal(found, asked.select(found.columns), check_row_order=False)


def test_what_was_taken_back_is_looked_at_row_by_row(told: None) -> None:
    retractions.take_back(event_id="t:0-1", by=SYSTEM, at=NOW)
    assert tallies.by_day({}, texts=(), kind="usage", since=NOW - DAY, until=NOW, known_by=None) is None


def test_no_truths_and_no_files_are_counted_too(told: None) -> None:
    found = tallies.by_day({}, texts=(), kind="usage", since=NOW - 90 * DAY, until=EVER, known_by=None)
    none = tallies.by_day({}, texts=(), kind="usage", since=EVER, until=EVER + DAY, known_by=None)
    assert found is not None
    assert none is not None
    assert found.collect().to_native()["n0"].sum() == looked_at(NOW - 90 * DAY, EVER, None)["n0"].sum()
    assert none.collect().to_native().is_empty()


def _defined(slug: str, asked: Sequence[str]) -> str:
    measure = {"take": "count", "days": 28, "events": {"names": list(asked)}}
    text = {"slug": slug, "title": slug, "unit": "events", "sentence": "How often.", "unknown_when": "no use"}
    definitions.save(definition={**text, "measure": measure}, by=SYSTEM, at=NOW)
    return slug


def test_measures_are_the_same_either_way(told: None, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = [_defined("likes", ["like"]), _defined("others", NAMES[1:4]), "usage_events", "active_days"]
    asked = {"metrics": metrics, "grid": Grid(NOW.date(), 7, 6), "known_by": None}
    found = values.evaluate(**asked)
    ways = []
    monkeypatch.setattr(facts, "_counted", lambda reach, engine: ways.append(reach.counted_by(tallies.TEXTS)))
    assert_frame_equal(found, values.evaluate(**asked))
    assert ways == [("name",)]
    assert found.filter(pl.col("value") > 0)["metric"].n_unique() == len(metrics)
