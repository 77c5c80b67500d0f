"""Amendments over the API: what one would move, a renewal, an expansion, what was taken back."""

from datetime import timedelta

import pytest

from keepwell.ledger.actions import contracts
from keepwell.ledger.models import Contract
from tests import world
from tests.faces.api.test_rest import Api
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
END = TODAY + timedelta(days=180)


def test_a_contract_grows_is_renewed_and_that_is_taken_back() -> None:
    cast = world.build()
    row = {
        "key": "c1", "account": "willow", "currency": "USD", "start_date": TODAY - timedelta(days=185),
        "end_date": END, "arr": 420_000, "product": "Platform",
    }  # fmt: skip
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW - timedelta(days=185), vouched=True)
    ada, cleo = Api(cast.ada), Api(cast.cleo)
    here = "/accounts/willow/amendments"
    more = {
        "contract": "c1", "kind": "expanded", "reason": "new_module", "amount": "75000", "on": str(TODAY),
        "products": ["Targeting", "Premium support"],
    }  # fmt: skip
    assert cleo.post(here, more).status_code == 404
    assert cleo.post(f"{here}/effect", more).status_code == 404
    assert ada.post(here, {**more, "reason": "price"}).status_code == 422
    assert ada.post(here, {**more, "kind": "sold"}).status_code == 422
    told = ada.post(f"{here}/effect", more).json()
    assert (told["kind"], told["amount"]["amount"], told["after"]["amount"]) == (
        "expansion",
        "75000.00",
        "495000.00",
    )
    made = ada.post(here, more)
    assert (made.status_code, made.json()["by"], made.json()["change"]["amount"]) == (201, "Ada", "75000.00")
    assert ada.post(here, {**more, "kind": "renewed", "reason": "value_seen"}).status_code == 422
    again = {"contract": "c1", "kind": "renewed", "reason": "value_seen", "amount": 495_000, "months": 12}
    renewed = ada.post(here, again).json()
    assert ada.post(here, again).status_code == 409
    assert Contract.objects.get(key=renewed["successor"]).start_date == END
    page = ada.get("/amendments", account="willow", limit=1).json()
    assert ([one["id"] for one in page["items"]], page["next"]) == ([renewed["id"]], renewed["id"])
    rest = ada.get("/amendments", account="willow", after=page["next"]).json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([made.json()["id"]], None)
    assert cleo.get("/amendments").json()["items"] == []
    assert "willow,Willow,c1,Platform,renewed" in ada.get("/amendments.csv").getvalue().decode()
    assert ada.client.delete(f"/api/v1/amendments/{renewed['id']}").status_code == 204
    assert ada.client.delete(f"/api/v1/amendments/{renewed['id']}").status_code == 409
    assert cleo.client.delete(f"/api/v1/amendments/{made.json()['id']}").status_code == 404
    assert not Contract.objects.filter(key=renewed["successor"]).exists()
