"""Hand-overs over the API."""

import json
from typing import Any

import pytest

from tests import world
from tests.faces.api.test_rest import Api

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {"account": "willow", "to": "ben@fernhill.test", "note": "They wait."}


def test_one_is_made_read_accepted_and_no_more_taken_back() -> None:
    cast = world.build()
    ada, ben, cleo = Api(cast.ada), Api(cast.ben), Api(cast.cleo)
    made = ada.post("/handovers", GIVEN)
    assert made.status_code == 201
    here = f"/handovers/{made.json()['id']}"
    assert ada.post("/handovers", GIVEN).status_code == 409
    assert ada.post("/handovers", {**GIVEN, "kind": "gift"}).status_code == 422
    assert [row["account_key"] for row in ben.get("/handovers", whose="mine").json()] == ["willow"]
    pack = ben.get(here).json()
    assert (pack["handover"]["note"], pack["open"]) == ("They wait.", [])
    assert ben.get(f"{here}/pack.pdf").content.startswith(b"%PDF")
    assert cleo.get(here).status_code == 404
    said = json.dumps({"note": "They have it."})
    assert ada.client.put(f"/api/v1{here}/note", said, content_type="application/json").status_code == 200
    assert ada.post(f"{here}/acceptance", {}).status_code == 403
    accepted = ben.post(f"{here}/acceptance", {"note": "Mine."})
    assert (accepted.status_code, accepted.json()["accepted_note"]) == (201, "Mine.")
    assert ada.client.delete(f"/api/v1{here}").status_code == 409
    breaks = {row["key"]: row["breaks"] for row in ada.get("/handovers/continuity").json()}
    assert breaks["ash"] == ["alone", "single_thread"]
    assert cleo.get("/handovers/continuity", of=cast.ada.pk).status_code == 404
