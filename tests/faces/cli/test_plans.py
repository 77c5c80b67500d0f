"""Success plans from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keepwell.faces import clock
from keepwell.faces.cli import app
from keepwell.packs import actions as packs
from tests import world
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
FILE = "account,piece,title,outcome,target\nwillow,outcome,Faster close,,\nwillow,indicator,Days,Faster close,2\n"


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return world.build()


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(app, ["plan", *words], catch_exceptions=False)
    assert (result.exit_code == 0) == ok, result.output
    return result.output


def test_plans_are_taken_shown_written_and_begun(cast: World, tmp_path: Path) -> None:
    packs.apply(pack="saas", by=TESTS, at=NOW)
    rows, plan = tmp_path / "plans.csv", tmp_path / "plan.json"
    rows.write_text(FILE)
    assert "created" in run("import", str(rows))
    assert "Faster close" in run("show", "willow")
    plan.write_text(json.dumps({"vision": "Close in two days.", "objectives": [{"title": "Close"}]}))
    assert "is written" in run("save", "willow", str(plan))
    assert json.loads(run("show", "willow", "--json"))["plan"]["vision"] == "Close in two days."
    run("begin", "birch", "--template", "adoption-depth")
    states = {one["key"]: one["state"] for one in json.loads(run("list", "--json"))}
    assert (states["willow"], states["birch"], states["elm"]) == ("draft", "draft", "none")


def test_what_was_not_taken_is_told_and_ends_with_an_error(cast: World, tmp_path: Path) -> None:
    file = tmp_path / "plans.csv"
    file.write_text(f"{FILE}nobody,outcome,Close,,\n")
    said = run("import", str(file), ok=False)
    assert "created" in said
    assert "rejected" in said
    assert "cannot be read" in run("import", str(tmp_path / "none.csv"), ok=False)
