"""Decks from the command line: a run in a colleague's name, its file, and the words that customers read of gaps."""

import json
import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings
from typer.testing import CliRunner

from keepwell.faces import clock
from keepwell.faces.cli import app
from keepwell.ledger.actions import gaps
from keepwell.outcomes.models import DeckRun, GapWording
from tests import world
from tests.outcomes import plans
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: LazySettings) -> World:
    settings.KEEPWELL_DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    plans.make()
    return found


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert (result.exit_code == 0) == ok, result.output
    return result.output


def test_a_run_makes_the_decks_of_a_colleagues_book_and_is_theirs(cast: World, tmp_path: Path) -> None:
    file = tmp_path / "ours.zip"
    said = run("review", "run", "--for", "ada@fernhill.test", "--into", str(file))
    row = DeckRun.objects.get()
    assert (row.asked_by, row.state) == (cast.ada, "done")
    assert f"Run {row.pk}:" in said
    assert "willow-review-" in " ".join(zipfile.ZipFile(file).namelist())
    (listed,) = json.loads(run("review", "runs", "--for", "ada@fernhill.test", "--json"))
    assert (listed["id"], listed["state"]) == (row.pk, "done")
    assert json.loads(run("review", "runs", "--for", "cleo@fernhill.test", "--json")) == []
    assert "over already" in run("review", "stop", str(row.pk), "--for", "ada@fernhill.test", ok=False)
    assert "no run" in run("review", "stop", str(row.pk), "--for", "cleo@fernhill.test", ok=False)
    assert "is not known" in run(
        "review", "run", "--for", "ada@fernhill.test", "--of", "segment:none", ok=False
    )


def test_what_customers_read_of_a_gap_is_written_read_and_taken_away(cast: World) -> None:
    gaps.upsert(rows=[{"key": "sso", "title": "SSO for Elm"}], source="tests", by=TESTS, at=NOW, vouched=True)
    assert "ours alone" in run("triage", "words", "sso")
    assert "read: Sign in once" in run("triage", "word", "sso", " Sign in  once ")
    assert GapWording.objects.get().words == "Sign in once"
    assert run("triage", "words", "sso").strip() == "Sign in once"
    assert "ours alone" in run("triage", "word", "sso")
    assert "do not read" in run("triage", "word", "sso", ok=False)
    assert "no product gap" in run("triage", "word", "none", "Soon", ok=False)
