"""Playbooks from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from keepwell.faces import clock
from keepwell.faces.cli import app
from tests import world
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
SAID = """title = "Two calls"
sentence = "Call, then call again."

[[steps]]
title = "Call"
role = "csm"
days = 2

[[steps]]
title = "Again"
after = ["call"]
"""


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return world.build()


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(app, ["playbook", *words], catch_exceptions=False)
    assert (result.exit_code == 0) == ok, result.output
    return result.output


def ask(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_a_playbook_is_saved_published_tried_started_and_rests(cast: World, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(SAID)
    assert "Version 1 of two is saved." in run("save", "two", str(file))
    assert "has no version in force" in run("dry-run", "two", "willow", "--since", "2026-05-04", ok=False)
    tried = ask("dry-run", "two", "willow", "--since", "2026-05-04", "--draft")
    assert [one["step"] for one in tried["found"]["days"]][:2] == ["call", "call"]
    assert "2026-05-04" in run("dry-run", "two", "willow", "--since", "2026-05-04", "--draft")
    assert "Version 1 of two is in force." in run("publish", "two")
    assert "has no draft" in run("publish", "two", ok=False)
    assert "began." in run("start", "two", "willow", "--because", "They asked")
    assert "runs for Willow already" in run("start", "two", "willow", ok=False)
    (one,) = ask("list")
    assert (one["slug"], one["active"], one["running"], one["number"]) == ("two", True, 1, 1)
    assert "Two calls" in run("list")
    assert [step["slug"] for step in ask("show", "two")["playbook"]["definition"]["steps"]] == [
        "call",
        "again",
    ]
    assert "again  task" in run("show", "two")
    (begun,) = ask("runs", "two")
    assert (begun["account_key"], begun["because"], begun["steps_total"]) == ("willow", ["They asked"], 2)
    assert "willow" in run("runs", "two")
    assert "two rests." in run("rest", "two")
    assert "may start" in run("rest", "two", "--wake")
    file.write_text("sentence = 'x'")
    assert '"title" is missing' in run("save", "two", str(file), ok=False)
