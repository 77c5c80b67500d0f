"""Incidents over the API: a program opens, answers, escalates, closes and reads them, and says how they are answered."""

import json
from typing import Any

import pytest

from keepwell.access.actions import users
from tests import world
from tests.faces.api.test_rest import Api
from tests.world import NOW, PASSWORD, TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.World:
    made = world.build(at=NOW)
    users.create(
        email="erik@fernhill.test", password=PASSWORD, role="executive", by=TESTS, at=NOW, name="Erik"
    )
    return made


def test_an_incident_is_answered_from_its_call_to_its_end(cast: world.World) -> None:
    ada = Api(cast.ada)
    number = ada.post("/incidents", {"account": "elm", "title": "They are angry", "about": "price"}).json()[
        "id"
    ]
    place = f"/incidents/{number}"
    assert ada.post("/incidents", {"account": "elm", "title": "Again", "about": "price"}).status_code == 409
    assert ada.post("/incidents", {"account": "elm", "title": "x", "about": "luck"}).status_code == 422
    room = ada.get(f"{place}/war-room").json()
    assert [clock["kind"] for clock in room["clocks"]] == ["call", "cause", "plan"]
    assert [(seat["role"], seat["as_role"]) for seat in room["called"]] == [
        ("csm", "csm"), ("delivery_head", "executive"), ("tech_lead", "admin"),
    ]  # fmt: skip
    there = {seat["role"]: seat["email"] for seat in room["called"]}
    called = ada.post(f"{place}/calls", {"attended": there, "said": "The price rose"})
    assert called.status_code == 201, called.content
    assert called.json()["clocks"][0]["met_at"] is not None
    assert ada.post(f"{place}/closure", {}).status_code == 422
    assert ada.post(f"{place}/cause", {"cause_kind": "price", "cause": "They pay twice."}).status_code == 200
    assert ada.post(f"{place}/plan", {"plan": "A credit by Friday."}).status_code == 200
    assert ada.post(f"{place}/notes", {"words": "Finance agreed."}).status_code == 201
    told = ada.post(f"{place}/escalation", {"words": "Approve it"}).json()["told"][-1]
    assert (told["kind"], told["name"], told["what"]) == ("by_hand", "Erik", "Elm: Approve it")
    closed = ada.post(f"{place}/closure", {}).json()
    assert (closed["open"], closed["cause_kind"], closed["plan"]) == (False, "price", "A credit by Friday.")
    assert ada.client.delete(f"/api/v1{place}/closure").json()["open"] is True
    rows = b"".join(ada.get("/incidents.csv")).decode().splitlines()
    assert rows[1].startswith(f"{number},elm,Elm,They are angry")
    cleo = Api(cast.cleo)
    assert cleo.get(f"{place}/war-room").status_code == 404
    assert cleo.post(f"{place}/plan", {"plan": "x"}).status_code == 404


def declare(api: Api, said: Any) -> Any:
    return api.client.put("/api/v1/incidents/practices", json.dumps(said), content_type="application/json")


def test_how_incidents_are_answered_is_declared_and_never_through_the_pm(cast: world.World) -> None:
    root = Api(cast.root)
    (usual,) = root.get("/incidents/practices").json()
    assert usual["practice"]["path"][0] == {"after_hours": 0, "tells": ["executive"]}
    through = {"practice": {"path": [{"after_hours": 0, "tells": ["pm", "executive"]}]}}
    refused = declare(root, through)
    assert refused.status_code == 422
    assert "never goes through the PM" in refused.json()["error"]
    said = declare(root, {"practice": {"reopen_days": 30}}).json()
    assert said[0]["practice"]["reopen_days"] == 30
    assert declare(Api(cast.ada), {"practice": {}}).status_code == 403


def test_autopsies_are_read(cast: world.World) -> None:
    found = Api(cast.ada).get("/incidents/autopsies").json()
    assert found["lessons"]["count"] == 0
    assert Api(cast.ada).get("/incidents/autopsies/1").status_code == 404
    assert b"".join(Api(cast.ada).get("/autopsies.csv")).startswith(b"id,account")
