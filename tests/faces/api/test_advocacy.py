"""Advocacy over the API: an ask, its answer, what came of it, suggestions, customers that are alike."""

import pytest

from keepwell.ledger.actions import people
from keepwell.outcomes.models import AdvocateAsk
from tests import world
from tests.faces.api.test_cadence import put
from tests.faces.api.test_rest import Api
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


def test_somebody_is_asked_answers_and_something_comes_of_it() -> None:
    cast = world.build()
    rows = [{"key": "dora", "name": "Dora", "account": "willow", "stance": "champion"}]
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    ada, cleo = Api(cast.ada), Api(cast.cleo)
    wanted = {
        "account": "willow",
        "person": "dora",
        "kind": "reference",
        "on": "2026-06-01",
        "for_whom": "Oak",
    }
    assert cleo.post("/advocacy/asks", wanted).status_code == 404
    assert ada.post("/advocacy/asks", {**wanted, "kind": "song"}).status_code == 422
    made = ada.post("/advocacy/asks", wanted)
    assert (made.status_code, made.json()["asked_by"]) == (201, "Ada")
    here = f"/advocacy/asks/{made.json()['id']}"
    assert ada.post("/advocacy/asks", {**wanted, "on": "2026-06-02"}).status_code == 409
    assert put(ada, f"{here}/outcome", {"text": "Call", "on": "2026-06-03"}).status_code == 409
    assert put(ada, f"{here}/answer", {"answer": "yes", "on": "2026-06-02"}).json()["answer"] == "yes"
    assert put(ada, f"{here}/outcome", {"text": "Call", "on": "2026-06-03"}).json()["outcome"] == "Call"
    assert [one["id"] for one in ada.get("/advocacy/asks", of="mine", state="came").json()] == [
        made.json()["id"]
    ]
    assert cleo.get("/advocacy/asks").json() == []
    assert "willow,Willow,dora,Dora,reference,Oak" in ada.get("/advocacy/asks.csv").getvalue().decode()
    assert ada.get("/advocacy/suggestions").json() == []
    assert ada.get("/advocacy/suggestions", kind="logo", q="birch", limit=5).json() == []
    assert ada.get("/advocacy/suggestions.csv").getvalue().startswith(b"account,account_name,person")
    past = ada.get("/accounts/willow/advocacy", as_of="2026-05-01").json()
    assert (past["account"], past["day"], past["asks"]) == ("willow", "2026-05-01", [])
    assert [(one["person"], one["bars"]) for one in past["suggestions"]] == [("dora", ["health"])]
    assert [one["kind"] for one in ada.get("/accounts/willow/advocacy").json()["asks"]] == ["reference"]
    assert cleo.get("/accounts/willow/advocacy").status_code == 404
    assert ada.get("/advocacy/alike", account="birch").json() == []
    assert cleo.get("/advocacy/alike", account="birch").status_code == 404
    for _ in range(3):
        assert ada.client.delete(f"/api/v1{here}/last").status_code == 204
    assert not AdvocateAsk.objects.exists()
