"""Exchange rates over the REST API."""

from datetime import date

import pytest

from keepwell.ledger.actions import contracts
from tests import world
from tests.faces.api.test_rest import Api
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    row = {"key": "c", "account": "elm", "arr": 100, "currency": "EUR", "start_date": date(2026, 1, 1)}
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    return made


def test_rates_go_in_with_verdicts_and_come_out_by_page(cast: world.World) -> None:
    root = Api(cast.root)
    rows = [
        {"currency": "USD", "day": "2026-01-01", "rate": "0.5"},
        {"currency": "EUR", "base": "EUR", "day": "2026-01-01", "rate": "1"},
        {"currency": "GBP", "base": "EUR", "day": "2026-02-01", "rate": "1.25"},
    ]
    verdicts = root.post("/rates", rows).json()
    assert [verdict["outcome"] for verdict in verdicts] == ["created", "rejected", "created"]
    first = root.get("/rates", limit=1).json()
    assert [(row["currency"], row["base"]) for row in first["items"]] == [("GBP", "EUR")]
    second = root.get("/rates", limit=1, after=first["next"]).json()
    assert [row["currency"] for row in second["items"]] == ["USD"]
    assert second["next"] is None
    worth = root.get("/rates/worth", day="2026-01-15").json()
    assert worth["into"] == "EUR"
    assert {code: float(units) for code, units in worth["units"].items()} == {"EUR": 1, "USD": 0.5}


def test_another_reporting_currency_restates_the_accounts(cast: world.World) -> None:
    root = Api(cast.root)
    assert root.get("/rates/reporting").json() == {"currency": "EUR"}
    put = root.client.put("/api/v1/rates/reporting", '{"currency": "USD"}', content_type="application/json")
    assert put.status_code == 200
    account = root.get("/accounts/elm").json()
    assert account["arr_reporting"] is None
    assert account["arr_unknown"] == "no exchange rate from EUR to USD is known yet"
    root.post("/rates", [{"currency": "EUR", "day": "2026-01-01", "rate": "2"}])
    assert root.get("/accounts/elm").json()["arr_reporting"] == {"amount": "200.00", "currency": "USD"}
    assert root.client.delete("/api/v1/rates/EUR/USD/2026-01-01").status_code == 204
    assert root.client.delete("/api/v1/rates/EUR/USD/2026-01-01").status_code == 404


def test_ada_reads_rates_and_states_none(cast: world.World) -> None:
    ada = Api(cast.ada)
    assert ada.get("/rates").status_code == 200
    assert ada.post("/rates", []).status_code == 403
