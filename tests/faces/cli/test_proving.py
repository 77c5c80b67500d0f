"""Proving a scorecard at the command line."""

from datetime import timedelta
from pathlib import Path

import pytest

from keepwell.ledger.actions import contracts
from tests import world
from tests.faces.cli.test_commands import ask, run
from tests.health.test_scores import TOUCH, card
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def test_a_silence_of_some_events_is_declared_by_a_file(tmp_path: Path) -> None:
    asked = tmp_path / "exports.toml"
    asked.write_text('of = "feature"\nis = "export"\n')
    said = run("departure", "silence", "--days", "90", "--events", str(asked))
    assert "no event of this kind for 90 days: feature is" in said


def test_a_card_is_proven_in_words_and_in_json() -> None:
    world.build()
    card(TOUCH, at=NOW)
    ends = (("elm", TODAY - DAY * 182), ("ash", None))
    rows = [
        {"key": f"c-{key}", "account": key, "start_date": TODAY - DAY * 500, "end_date": end}
        for key, end in ends
    ]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    happen(event("elm", "touchpoint.held", 400), event("ash", "touchpoint.held", 5))
    run("prove", "nobody", ok=False)
    assert "silent" not in run("departure", "contract_end", "--days", "30")
    until = TODAY.isoformat()
    assert "1 left, 1 are customers" in run("departures", "--as-of", until)
    assert [row["key"] for row in ask("departures", "--as-of", until)["left"]] == ["elm"]
    said = run("prove", "ours", "--until", until)
    assert "Too little data to tell" in said
    assert "Ours, version 1" in said
    found = ask("prove", "ours", "--until", until, "--horizon", "60", "--step", "7")
    assert (found["horizon_days"], found["state"]) == (60, "done")
    assert found["figures"]["departures"] == 1
