"""A replay tells each day as it was known by its end, goes through the past in turns, and says how far it is."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from keepwell.health import cards
from keepwell.health.queries import proving, replays
from keepwell.kernel.moments import Grid
from keepwell.ledger.actions import accounts, contracts
from keepwell.metrics import departures
from keepwell.metrics.queries import catalogue, values
from tests import world
from tests.health.test_scores import TOUCH
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TURN = TODAY - DAY * 100
ASKED = replays.Asked(departures.read({"kind": "contract_end"}), 90, 14, None, TODAY)


@pytest.fixture
def cast() -> World:
    """Elm grew from small to large a hundred days ago; that its contract had been longer was learned only then."""
    found = world.build(at=NOW - DAY * 900, since=TODAY - DAY * 900)
    for ago, tier, arr, end in ((700, "small", 1000, 365), (100, "large", 5000, 900)):
        at = NOW - DAY * ago
        accounts.upsert(rows=[{"key": "elm", "tier": tier}], source="tests", by=TESTS, at=at, vouched=False)
        begun = TODAY - DAY * 600
        row = {
            "key": "c", "account": "elm", "arr": arr, "currency": "USD",
            "start_date": begun, "end_date": begun + DAY * end,
        }  # fmt: skip
        contracts.upsert(rows=[row], source="tests", by=TESTS, at=at, vouched=False)
    happen(*(event("elm", "touchpoint.held", ago) for ago in range(0, 600, 9)))
    return found


def replayed(folder: Path, heard: list[tuple[str, int, int]]) -> replays.Replay:
    found = replays.replay(
        asked=ASKED,
        metrics=["active_days", "days_since_touchpoint"],
        cards=[cards.read(TOUCH)],
        folder=folder,
        progress=lambda *said: heard.append(said),
    )
    assert found is not None
    return found


def test_what_stands_beside_a_proof_is_as_known_then(cast: World, tmp_path: Path) -> None:
    rows = replayed(tmp_path, []).rows
    told: dict[date, tuple[str, float | None, str]] = {
        row["as_of"]: (row["tier"], row["arr"], row["term"]) for row in rows.iter_rows(named=True)
    }
    assert {said for day, said in told.items() if day < TODAY - DAY * 230} == {("small", 1000.0, "yearly")}
    assert {said for day, said in told.items() if day >= TURN} == {("large", 5000.0, "longer")}


def test_the_turns_are_the_whole_and_say_how_far_they_are(cast: World, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    found = replayed(tmp_path, heard)
    many = len(found.days)
    assert many > replays.MOST_AT_ONCE
    turns = [*range(0, many, replays.MOST_AT_ONCE), many]
    assert heard == [(what, done, many) for what in ("days", "days_again") for done in turns]
    step = (found.days[1] - found.days[0]).days
    whole = values.replayed(metrics=["days_since_touchpoint"], grid=Grid(found.days[-1], step, many))
    there = found.rows.select(replays.KEYS).join(whole, on=replays.KEYS, how="left", maintain_order="left")
    assert found.values.read("days_since_touchpoint").to_list() == there["value"].to_list()


def test_measures_are_counted_as_they_are_weighed(cast: World) -> None:
    heard: list[tuple[str, int, int]] = []
    proving.figures(
        asked=ASKED, card=cards.read(TOUCH), against=None, progress=lambda *said: heard.append(said)
    )
    many = len(catalogue.all_metrics())
    assert [said for said in heard if said[0] == "measures"] == [("measures", n, many) for n in range(many)]
