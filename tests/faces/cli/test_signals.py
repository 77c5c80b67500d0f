"""Rules and signals from the command line."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from keepwell.faces import clock
from keepwell.faces.cli import app
from keepwell.pipeline.actions import advance
from keepwell.signals.actions import rules
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
QUIET = {"of": "metric.active_days", "below": 2}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    happen(uses("willow", 20), *(uses("birch", ago) for ago in range(20)))
    advance(at=NOW)
    rules.save(slug="quiet", title="Quiet", definition={"when": QUIET}, by=TESTS, at=NOW)
    return found


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(app, ["rule", *words], catch_exceptions=False)
    assert (result.exit_code == 0) == ok, result.output
    return result.output


def ask(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_a_rule_is_published_shown_put_off_and_rests(cast: World) -> None:
    assert "quiet" in run("list")
    assert "Version 1 of quiet watches." in run("publish", "quiet")
    assert "has no draft" in run("publish", "quiet", ok=False)
    (one,) = ask("list")
    assert (one["slug"], one["holds"], one["active"]) == ("quiet", 1, True)
    shown = ask("show", "quiet")
    (signal,) = shown["holding"]
    assert signal["account_key"] == "willow"
    assert "Active days 1 day" in run("show", "quiet")
    assert "is put off for 7 days" in run("snooze", str(signal["id"]), "--reason", "Holidays")
    assert ask("show", "quiet")["rule"]["snoozed"] == 1
    assert "is heard again" in run("snooze", str(signal["id"]), "--days", "0")
    assert "Nobody put this signal off" in run("snooze", str(signal["id"]), "--days", "0", ok=False)
    assert "quiet rests." in run("rest", "quiet")
    assert "watches again" in run("rest", "quiet", "--wake")


def test_what_rules_say_of_an_account_and_what_they_were_worth(cast: World) -> None:
    run("publish", "quiet")
    (said,) = ask("account", "willow")
    assert (said["rule"], said["state"]) == ("quiet", "fires")
    assert "Active days 1 day (below 2 days)" in run("account", "willow")
    (worth,) = ask("budget")
    assert worth["figures"]["alarms"] == 0, "it held before the rule watched"
    assert "quiet" in run("budget")


def test_a_rehearsal_runs_to_its_end(cast: World) -> None:
    found = ask("rehearse", "quiet", "--step-days", "28", "--horizon-days", "30")
    assert (found["state"], found["step_days"]) == ("done", 28)
    assert "must be 7 to 730 days" in run("rehearse", "quiet", "--horizon-days", "1", ok=False)
