"""Cadence over the API: an account, a book, outputs, what is declared."""

import json
from typing import Any

import pytest

from keepwell.plays.models import OutputDelivery
from tests import world
from tests.faces.api.test_rest import Api

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "phases": [
        {
            "slug": "start", "title": "Start", "from_day": 0,
            "touchpoints": [{"slug": "weekly", "title": "Weekly", "every_days": 7}],
            "outputs": [{"slug": "plan", "title": "Success plan", "due_days": 14}],
        }
    ],
}  # fmt: skip


def put(api: Api, path: str, body: Any) -> Any:
    return api.client.put(f"/api/v1{path}", json.dumps(body), content_type="application/json")


def test_a_cadence_is_declared_read_and_its_outputs_delivered() -> None:
    cast = world.build()
    root, ada, cleo = Api(cast.root), Api(cast.ada), Api(cast.cleo)
    assert put(ada, "/cadence/declarations", {"definition": SAID}).status_code == 403
    assert put(root, "/cadence/declarations", {"definition": {"x": 1}}).status_code == 422
    (declared,) = put(root, "/cadence/declarations", {"definition": SAID}).json()
    assert declared["definition"]["phases"][0]["slug"] == "start"
    told = ada.get("/accounts/willow/cadence").json()
    assert (told["state"], told["phase"], told["phase_since"]) == ("unknown", "start", "2025-01-06")
    (rule,) = told["rules"]
    assert (rule["said"], rule["due"], rule["kept"]) == ("Weekly, each week", "2025-01-13", False)
    assert told["outputs"][0]["how"] == "overdue"
    here = "/accounts/willow/cadence/outputs/plan/delivery"
    assert cleo.post(here, {}).status_code == 404
    made = ada.post(here, {"link": "https://files.test/plan"})
    assert (made.status_code, made.json()["done_by"]) == (201, "Ada")
    assert ada.post(here, {}).status_code == 409
    assert ada.client.delete(f"/api/v1{here}").status_code == 204
    assert not OutputDelivery.objects.exists()
    assert cleo.get("/accounts/willow/cadence").status_code == 404
    book = ada.get("/cadence", of="mine").json()
    assert (book["kept"], book["share"], book["accounts"]) == (0, None, [])
    assert ada.get("/cadence", of="somebody").status_code == 422
    assert ada.get("/cadence/outputs", of="mine").json() == []
