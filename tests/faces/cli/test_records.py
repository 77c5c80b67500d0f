"""Rows of facts from the command line."""

import csv
import io

import pytest

from keepwell.intake.actions import records
from tests import world
from tests.faces.cli.test_commands import ask, run
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_are_listed_handed_out_and_taken_away() -> None:
    world.build()
    rows = [
        {"key": f"m{i}", "account": "elm", "title": f"Stone {i}", "due_date": "2026-07-01"} for i in range(3)
    ]
    records.put(kind="milestones", rows=rows, source="tests", by=TESTS, at=NOW)
    assert [row["kind"] for row in ask("records", "kinds")][:2] == ["accounts", "people"]
    page = ask("records", "list", "milestones", "--account", "elm", "--limit", "2")
    assert [item["title"] for item in page["items"]] == ["Stone 0", "Stone 1"]
    assert page["next"] == "m1"
    assert "More: --after m1" in run("records", "list", "milestones", "--limit", "2")
    found = list(csv.DictReader(io.StringIO(run("records", "list", "milestones", "--csv"))))
    assert [row["due_date"] for row in found] == ["2026-07-01"] * 3
    assert "m2 is gone" in run("records", "remove", "milestones", "m2")
    run("records", "remove", "milestones", "m2", ok=False)
    assert ask("records", "list", "milestones", "--search", "stone 2")["items"] == []
