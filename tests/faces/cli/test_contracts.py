"""Contracts from the command line: looked at, renewed, expanded, reduced, not renewed, listed, taken back."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from keepwell.faces import clock
from keepwell.faces.cli import app
from keepwell.ledger.actions import contracts
from keepwell.ledger.models import Contract
from tests import world
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    row = {
        "key": "deal", "account": "willow", "product": "Suite", "arr": 40_000, "currency": "EUR", "seats": 10,
        "start_date": TODAY.replace(year=TODAY.year - 1), "end_date": TODAY.replace(month=12, day=31), "term_months": 18,
    }  # fmt: skip
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    return found


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(app, ["contract", *words], catch_exceptions=False)
    assert (result.exit_code == 0) == ok, result.output
    return result.output


def listed() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("list", "--json"))
    return found


def test_a_contract_is_looked_at_renewed_and_that_is_taken_back(cast: World) -> None:
    said = ("renew", "willow", "deal", "--reason", "value_seen", "--amount", "50000")
    looked = run(*said, "--look")
    assert "expansion of €10,000" in looked
    assert "Nothing was written." in looked
    assert Contract.objects.filter(account__key="willow", key="deal").count() == 1
    assert listed() == []
    run(*said)
    (made,) = listed()
    successor = Contract.objects.get(key=made["successor"])
    assert (successor.arr, successor.term_months, made["kind"]) == (50_000, 18, "renewed"), (
        "as long as before"
    )
    assert "renewed already" in run(*said, ok=False)
    assert "is taken back" in run("take-back", str(made["id"]))
    assert listed() == []
    assert not Contract.objects.filter(key=successor.key).exists()


def test_it_is_expanded_reduced_and_not_renewed_and_the_list_is_a_file(cast: World) -> None:
    run("expand", "willow", "deal", "--reason", "more_people", "--amount", "8000", "--seats", "2")
    run("reduce", "willow", "deal", "--reason", "budget", "--amount", "3000.50", "--no-preventable")
    run("not-renew", "willow", "deal", "--reason", "competitor", "--preventable", "--note", "They went.")
    row = Contract.objects.get(key="deal")
    assert (str(row.arr), row.seats, row.auto_renew) == ("44999.50", 12, False)
    rows = list(csv.DictReader(io.StringIO(run("list", "--csv", "--account", "willow"))))
    assert [(one["kind"], one["reason"], one["preventable"]) for one in rows] == [
        ("not_renewed", "competitor", "True"),
        ("reduced", "budget", "False"),
        ("expanded", "more_people", ""),
    ]
    assert "not_renewed" in run("list")


def test_what_makes_no_sense_is_refused_in_a_line(cast: World) -> None:
    for words, why in (
        (("renew", "willow", "none", "--reason", "value_seen", "--amount", "1"), 'no contract "none"'),
        (("renew", "willow", "deal", "--reason", "value_seen", "--amount", "much"), "is no amount"),
        (("expand", "willow", "deal", "--reason", "budget", "--amount", "1"), "choose a reason"),
        (("reduce", "willow", "deal", "--reason", "budget", "--amount", "1", "--on", "soon"), "soon"),
        (("take-back", "77"), "no amendment 77"),
    ):
        assert why in run(*words, ok=False)
    assert listed() == []
