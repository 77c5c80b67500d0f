"""Data quality at the command line."""

import pytest

from keepwell.intake.actions import drifts, sources
from keepwell.intake.models import Source
from tests import world
from tests.faces.cli.test_commands import ask, run
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db(transaction=True)


def test_quality_says_what_is_wrong_and_of_whom() -> None:
    world.build()
    sources.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    app = Source.objects.get(slug="app")
    drifts.tell([drifts.Told(app.pk, "type_changed", "login", "sso", "text to number")], at=NOW)
    said = run("quality", "--refresh")
    assert "too little history to tell" in said
    assert "login: sso changed from text to number" in said
    assert "no_contract" in said
    found = ask("quality")
    assert found["accounts_by_check"]["no_contract"] == 4
    assert [row["account"] for row in ask("quality", "--check", "no_people")] == [
        "ash",
        "birch",
        "elm",
        "willow",
    ]
    assert "Willow" in run("quality", "--check", "no_people")
    run("quality", "--check", "no_such", ok=False)


def test_a_cadence_is_declared_in_hours_or_days() -> None:
    sources.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    for words, hours in (("6h", 6), ("2d", 48), ("never", 0), ("learned", None)):
        run("source", "cadence", "app", words)
        [row] = ask("quality")["sources"]
        assert row["declared_hours"] == hours
    run("source", "cadence", "app", "soon", ok=False)
    run("source", "cadence", "nobody", "6h", ok=False)
