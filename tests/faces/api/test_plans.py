"""Success plans over the REST API."""

import pytest

from keepwell.faces import clock
from tests import world
from tests.faces.api.test_rules import BASE, client, send
from tests.outcomes.plans import PLAN, with_people
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
HERE = "/accounts/willow/plan"


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    with_people()
    return found


def test_a_plan_is_written_read_agreed_refreshed_and_compared(cast: World) -> None:
    ada, cleo = client(cast, "ada"), client(cast, "cleo")
    assert ada.get(f"{BASE}{HERE}").status_code == 404
    made = send(ada, "put", HERE, **PLAN)
    assert made.status_code == 200, made.content
    told = made.json()
    assert (told["state"], told["version"], told["advice"]) == ("draft", None, "")
    again = send(ada, "put", HERE, **told["plan"]).json()
    assert again["plan"] == told["plan"]
    assert send(ada, "put", f"{HERE}?seen=2020-01-01T00:00:00Z", **PLAN).status_code == 409
    assert send(ada, "put", HERE, objectives=[{"title": ""}]).status_code == 422
    assert send(ada, "put", HERE, objectives=[{"title": "A", "labels": {"why": "secret"}}]).status_code == 422
    reading = {"value": 1200, "on": "2026-06-14", "evidence": "Invoice 12"}
    assert send(ada, "post", f"{HERE}/indicators/cost-a-month/readings", **reading).status_code == 204
    standing = ada.get(f"{BASE}{HERE}").json()["standing"]
    assert standing[1]["indicators"][0]["past_trigger"] is True
    assert standing[1]["status"] == "at_risk"
    assert send(ada, "post", f"{HERE}/refresh", on="2026-06-15").status_code == 422
    assert send(ada, "post", f"{HERE}/agreement", who="dora", on="2026-06-15", how="Call").json() == {
        "number": 1
    }
    send(ada, "put", HERE, **{**told["plan"], "vision": "Daily."})
    (line,) = ada.get(f"{BASE}{HERE}/comparison").json()
    assert (line["field"], line["after"]) == ("Vision", "Daily.")
    assert send(ada, "post", f"{HERE}/refresh", on="2026-06-15").json() == {"number": 2}
    versions = ada.get(f"{BASE}{HERE}/versions").json()
    assert [(one["number"], one["made"], one["agreed_by"]) for one in versions] == [
        (2, "refreshed", ""), (1, "agreed", "Dora Klein")
    ]  # fmt: skip
    (row,) = ada.get(f"{BASE}/plans?state=agreed").json()["items"]
    assert (row["account"], row["version"]) == ("willow", 2)
    assert cleo.get(f"{BASE}/plans").json() == {"items": [], "next": None}
    for verb, path in (("put", ""), ("post", "/agreement"), ("post", "/refresh")):
        assert send(cleo, verb, f"{HERE}{path}", who="x", on="2026-06-15", vision="x").status_code in (
            404,
            422,
        )
    assert cleo.get(f"{BASE}{HERE}/shared").status_code == 404
    for who, number, status in ((cleo, 2, 404), (ada, 1, 409), (ada, 2, 204), (ada, 2, 404), (ada, 1, 204)):
        assert who.delete(f"{BASE}{HERE}/versions/{number}").status_code == status
    assert ada.get(f"{BASE}{HERE}").json()["state"] == "draft"


def test_outcomes_steps_and_views_over_the_api(cast: World) -> None:
    ada = client(cast, "ada")
    send(ada, "put", HERE, **PLAN)
    reach, step = f"{HERE}/objectives/lower-cost-of-storage/reach", f"{HERE}/steps/kickoff/completion"
    assert send(ada, "put", reach, on="2026-06-15").status_code == 204
    assert send(ada, "put", reach, on="2026-06-15").status_code == 409
    assert send(ada, "delete", reach).status_code == 204
    assert send(ada, "put", step, on="2026-06-15").status_code == 204
    assert ada.get(f"{BASE}{HERE}").json()["done"] == ["kickoff"]
    assert send(ada, "delete", step).status_code == 204
    noted = send(ada, "post", f"{HERE}/views", person="emil", text="Cost", said_on="2026-06-14")
    assert noted.status_code == 201
    number = noted.json()["id"]
    assert send(ada, "put", f"{HERE}/views/{number}/resolution", text="Both").status_code == 204
    assert ada.get(f"{BASE}{HERE}/views").json()[0]["resolution"] == "Both"
    shown = ada.get(f"{BASE}{HERE}/shared").json()
    assert "Their finance" not in str(shown)
    assert shown["opinions"] == []
