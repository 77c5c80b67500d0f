"""Organisations over the REST API: trees, owners, mergers and their undo, keys that mean nothing yet."""

from datetime import date
from typing import Any

import pytest

from keepwell.ledger.actions import contracts, events, people, relay
from keepwell.ledger.event import Event
from tests import world
from tests.faces.api.test_rest import Api
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    row = {"key": "c", "account": "ash", "arr": 100, "currency": "EUR", "start_date": date(2026, 1, 1)}
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    person = {"key": "gus", "name": "Gus", "email": "gus@elm.test"}
    people.upsert(rows=[person], source="tests", by=TESTS, at=NOW, vouched=True)
    told = [
        Event(id=f"e{n}", account=account, person=who, name="login", at=NOW, source="app")
        for n, (account, who) in enumerate([("Elm Ltd", ""), ("elm-eu", "ada"), ("elm-eu", ""), ("", "gus")])
    ]
    events.append(events=told, received_at=NOW)
    relay.all_waiting(at=NOW)
    return made


def keys(tree: Any) -> list[str]:
    return ["·" * node["depth"] + node["key"] for node in tree.json()["nodes"]]


def test_a_tree_is_stated_row_by_row_and_read_as_of_a_day(cast: world.World) -> None:
    root, cleo = Api(cast.root), Api(cast.cleo)
    rows = [{"account": "elm", "parent": "birch"}, {"account": "ash", "parent": "elm", "since": "2026-03-01"}]
    said = root.post("/hierarchy/parents", {"rows": [*rows, {"account": "birch", "parent": "ash"}]}).json()
    assert [verdict["outcome"] for verdict in said] == ["updated", "updated", "rejected"]
    assert keys(root.get("/hierarchy", account="elm", as_of="2026-04-01")) == ["birch", "·elm", "··ash"]
    assert keys(root.get("/hierarchy", account="elm", as_of="2026-02-01")) == ["birch", "·elm"]
    assert keys(root.get("/hierarchy", account="elm", known_at="2026-06-14")) == ["elm"]
    assert root.get("/hierarchy", account="elm", kind="family").status_code == 422
    assert cleo.get("/hierarchy", account="elm").status_code == 404
    assert Api(cast.ada).post("/hierarchy/parents", {"rows": rows}).status_code == 403


def test_a_merger_is_previewed_done_and_taken_back(cast: world.World) -> None:
    root = Api(cast.root)
    both = {"source": "ash", "target": "elm"}
    shown = root.post("/organisation/mergers/preview", both).json()
    assert (shown["rows"], shown["keys"]) == ({"contract": 1}, ["ash", "contract:c"])
    assert shown["arr"] == [{"amount": "100.00", "currency": "EUR"}]
    number = root.post("/organisation/mergers", both).json()["number"]
    assert root.get("/accounts/elm").json()["arr"]["amount"] == "100.00"
    (deed,) = root.get("/organisation", account="ash").json()
    assert (deed["kind"], deed["source"], deed["target"], deed["undone_at"]) == ("merge", "ash", "elm", None)
    assert root.post("/organisation/mergers", both).status_code == 409
    assert root.post(f"/organisation/{number}/undo", {}).status_code == 204
    assert root.get("/accounts/elm").json()["arr"] is None
    new = {"source": "ash", "key": "ash-labs", "contracts": ["c"]}
    assert root.post("/organisation/splits/preview", new).json()["keys"] == ["contract:c"]
    assert root.post("/organisation/splits", new).status_code == 201
    assert root.get("/accounts/ash-labs").json()["arr"]["amount"] == "100.00"


def test_owners_are_handed_over_with_their_history(cast: world.World) -> None:
    root = Api(cast.root)
    given = {"account": "elm", "email": "ben@fernhill.test", "role": "csm"}
    assert root.post("/owners", given).status_code == 204
    spans = root.get("/owners", account="elm").json()
    assert [(span["email"], span["until"] is None) for span in spans] == [
        ("ben@fernhill.test", True), ("ada@fernhill.test", False),
    ]  # fmt: skip


def test_keys_that_mean_nothing_are_listed_with_a_guess_linked_and_unlinked(cast: world.World) -> None:
    root = Api(cast.root)
    root.post("/accounts/bulk", {"rows": [{"key": "elm", "domains": "elm.test"}]})
    waiting = root.get("/identity/unresolved").json()
    assert [(key["key"], key["events"], key["suggested"]) for key in waiting] == [
        ("elm-eu", 2, "elm"), ("Elm Ltd", 1, "elm"),
    ]  # fmt: skip
    link = {"key": "elm-eu", "account": "elm"}
    assert root.post("/identity/links", link).status_code == 204
    assert [key["key"] for key in root.get("/identity/unresolved").json()] == ["Elm Ltd"]
    assert root.post("/identity/links/undo", link).status_code == 204
    assert len(root.get("/identity/unresolved").json()) == 2
    assert Api(cast.ada).get("/identity/unresolved").status_code == 403


def test_a_person_moves_to_another_account(cast: world.World) -> None:
    root = Api(cast.root)
    people.upsert(rows=[{"key": "gus", "account": "elm"}], source="t", by=TESTS, at=NOW, vouched=True)
    moved = {"person": "gus", "source": "elm", "target": "ash", "on": "2026-06-10"}
    assert root.post("/people-moves", moved).status_code == 204
    assert root.post("/people-moves", moved).status_code == 422
