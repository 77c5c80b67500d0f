"""Departure and proofs over the REST API."""

from datetime import timedelta

import pytest

from keepwell.health.actions import proofs as deeds
from keepwell.ledger.actions import contracts
from tests import world
from tests.faces.api.test_rest import Api
from tests.health.test_scores import TOUCH, card
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    card(TOUCH, at=NOW - DAY * 900)
    ends = {"elm": TODAY - DAY * 182, "ash": None}
    rows = [
        {"key": f"c-{key}", "account": key, "start_date": TODAY - DAY * 500, "end_date": end}
        for key, end in ends.items()
    ]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    spoken = [("elm", 400), *(("ash", ago) for ago in range(1, 500, 6))]
    happen(*(event(key, "touchpoint.held", ago) for key, ago in spoken))
    return made


def declare(api: Api, given: str) -> int:
    put = api.client.put("/api/v1/departure", given, content_type="application/json")
    return int(put.status_code)


def test_departure_is_declared_and_told(cast: world.World) -> None:
    root = Api(cast.root)
    assert root.get("/departure").json()["is_declared"] is False
    assert declare(root, '{"kind": "silence", "days": 180}') == 200
    told = root.get("/departure").json()
    assert (told["kind"], told["days"], told["is_declared"]) == ("silence", 180, True)
    assert told["sentence"] == "A customer has left when nobody of it used the product for 180 days."
    assert declare(root, '{"kind": "silence"}') == 422
    only = '{"kind": "silence", "days": 90, "events": {"of": "feature", "is": "export"}}'
    assert declare(root, only) == 200
    assert root.get("/departure").json()["events"] == {"of": "feature", "is": "export"}
    assert declare(root, only.replace("feature", "colour")) == 422
    assert declare(Api(cast.ada), '{"kind": "told"}') == 403


def test_a_proof_is_asked_for_carried_out_and_read(cast: world.World) -> None:
    root = Api(cast.root)
    assert root.post("/proofs", {"scorecard": "nobody"}).status_code == 404
    assert root.post("/proofs", {"scorecard": "ours", "horizon_days": 3}).status_code == 422
    asked = root.post("/proofs", {"scorecard": "ours", "step_days": 28})
    assert asked.status_code == 202
    proof = asked.json()
    assert (proof["state"], proof["version"], proof["verdict"]) == ("queued", 1, None)
    deeds.run(proof_id=proof["id"], at=NOW)
    found = root.get(f"/proofs/{proof['id']}").json()
    assert (found["state"], found["verdict"]) == ("done", "too_little")
    assert found["figures"]["departures"] == 1
    assert found["figures"]["lead"]["caught"] == 1
    assert 0.8 < found["figures"]["area"]["auc"] < 1, "elm's red days long before its end were false alarms"
    assert [one["id"] for one in root.get("/proofs", scorecard="ours", version=1).json()] == [proof["id"]]
    assert root.get("/proofs", scorecard="other").json() == []
    assert Api(cast.ada).get(f"/proofs/{proof['id']}").status_code == 404


def test_who_left_is_listed(cast: world.World) -> None:
    found = Api(cast.root).get("/departures", as_of=TODAY.isoformat()).json()
    assert [(row["key"], row["left_on"]) for row in found["left"]] == [
        ("elm", (TODAY - DAY * 182).isoformat())
    ]
    assert found["customers"] == 1
    before = Api(cast.root).get("/departures", as_of=TODAY.isoformat(), known_at="2024-01-01").json()
    assert (before["left"], before["customers"]) == ([], 0)
    assert Api(cast.ada).get("/departures").status_code == 403
