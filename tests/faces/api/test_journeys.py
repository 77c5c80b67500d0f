"""Journeys over the API: the path of an account, frictions on it, what is declared."""

from typing import Any

import pytest

from keepwell.outcomes.actions import stays
from keepwell.outcomes.models import Friction
from tests import world
from tests.faces.api.test_cadence import put
from tests.faces.api.test_rest import Api

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {"phases": [{"slug": "growth", "expected_days": 10, "exit": "It renews."}]}

WALKED: dict[str, Any] = {"phases": [{"slug": "start", "title": "Start", "from_day": 0}]}


def test_a_journey_is_declared_and_read_and_frictions_are_noted() -> None:
    cast = world.build()
    root, ada, cleo = Api(cast.root), Api(cast.ada), Api(cast.cleo)
    assert put(ada, "/journey/declarations", {"definition": SAID}).status_code == 403
    assert put(root, "/journey/declarations", {"definition": {"x": 1}}).status_code == 422
    (declared,) = put(root, "/journey/declarations", {"definition": SAID}).json()
    assert declared["definition"]["phases"][0]["exit"] == "It renews."
    told = ada.get("/accounts/willow/journey").json()
    assert (told["state"], told["phase"], told["path"]) == ("unknown", None, [])
    made = ada.post("/accounts/willow/frictions", {"text": "They waited.", "on": "2026-06-01"})
    assert (made.status_code, made.json()["by"]) == (201, "Ada")
    here = f"/accounts/willow/frictions/{made.json()['id']}"
    settled = put(ada, f"{here}/settlement", {"on": "2026-06-02", "text": "Done."})
    assert settled.json()["until"] == "2026-06-02"
    assert put(ada, f"{here}/settlement", {"on": "2026-06-02"}).status_code == 409
    assert ada.client.delete(f"/api/v1{here}/settlement").status_code == 204
    assert cleo.client.delete(f"/api/v1{here}").status_code == 404
    assert cleo.get("/accounts/willow/journey").status_code == 404
    assert ada.client.delete(f"/api/v1{here}").status_code == 204
    assert not Friction.objects.exists()
    assert ada.get("/accounts/willow/journey", as_of="2026-05-01", known="then").json()["day"] == "2026-05-01"


def test_a_book_s_flow_and_its_onboarding_are_told() -> None:
    cast = world.build()
    assert put(Api(cast.root), "/cadence/declarations", {"definition": WALKED}).status_code == 200
    stays.refresh(since_by_account=None, as_of=world.TODAY)
    ada, cleo = Api(cast.ada), Api(cast.cleo)
    told = ada.get("/journey", of="mine").json()
    (phase,) = told["phases"]
    assert (told["accounts"], phase["now"], phase["time"]["median"]) == (4, 4, None)
    assert len(ada.get("/journey/accounts", what="now").json()) == 4
    assert cleo.get("/journey/accounts", what="now").json() == []
    assert ada.get("/journey", weeks=5).status_code == 422
    began = ada.get("/journey/onboarding", weeks=104).json()
    assert (began["metric"], began["weeks"], began["within"]) == ("days_to_activation", 8, 0)
    assert {one["state"] for one in began["newcomers"]} == {"late"}


def test_a_declaration_is_previewed_by_whoever_may_declare_it() -> None:
    cast = world.build()
    root, ada = Api(cast.root), Api(cast.ada)
    assert put(root, "/cadence/declarations", {"definition": WALKED}).status_code == 200
    stays.refresh(since_by_account=None, as_of=world.TODAY)
    given = {"definition": {"phases": [{"slug": "start", "expected_days": 1}]}}
    assert ada.post("/journey/declarations/preview", given).status_code == 403
    wrong = {"definition": {"phases": [{"slug": "start", "expected_days": 0}]}}
    assert root.post("/journey/declarations/preview", wrong).status_code == 422
    told = root.post("/journey/declarations/preview", given).json()
    (phase,) = told["phases"]
    assert (phase["now"], phase["stalled"]) == (told["accounts"], {"before": 0, "after": told["accounts"]})
    (turned,) = told["turned"]
    assert (turned["before"], turned["after"]) == ("under_way", "stalled")
    assert {"key": "willow", "name": "Willow"} in turned["first"]
    assert root.get("/journey/declarations").json()[0]["declared_at"] is None
