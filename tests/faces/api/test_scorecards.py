"""Scorecards, their order, overrides and roll-up over the API."""

import json
from typing import Any

import pytest

from keepwell.health.actions import previews as preview_deeds
from keepwell.health.queries import cards
from keepwell.packs import actions as packs
from keepwell.packs import loading
from keepwell.pipeline.actions import advance
from tests import world
from tests.faces.api.test_rest import Api
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
DEFINITION: dict[str, Any] = loading.find("agency").scorecards[0].definition


def put(api: Api, path: str, body: Any) -> Any:
    return api.client.put(f"/api/v1{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    """The cast, judged by the SaaS card, while the clock stands."""
    monkeypatch.setattr("keepwell.faces.clock.now", lambda: NOW)
    found = world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    happen(event("willow", "touchpoint.held", 10))
    advance(at=NOW)
    return found


def test_a_draft_is_saved_previewed_published_and_taken_back(cast: World) -> None:
    root, ada = Api(cast.root), Api(cast.ada)
    told = {"title": "SaaS health", "definition": DEFINITION}
    assert put(ada, "/scorecards/saas-health/draft", told).status_code == 403
    assert put(root, "/scorecards/saas-health/draft", told).json() == {"number": 2}
    preview = root.post("/scorecards/saas-health/preview", told).json()
    assert (preview["accounts"], preview["asked"], preview["judged"]) == (4, 4, 4)
    waiting = root.post("/scorecards/saas-health/draft/preview", {}).json()
    assert (waiting["state"], waiting["found"]) == ("queued", None)
    preview_deeds.run(preview_id=waiting["id"], at=NOW)
    done = root.post("/scorecards/saas-health/draft/preview", {}).json()
    assert (done["state"], done["steps_done"], done["found"]) == ("done", 4, preview)
    assert any("Executive engagement: added" in line for line in preview["changes"])
    (card,) = ada.get("/scorecards").json()
    assert (card["published"], card["place"], card["versions"][0]["published_at"]) == (1, 1, None)
    stale = {"number": 2, "changed_at": "2026-01-01T00:00:00Z"}
    assert root.post("/scorecards/saas-health/publication", stale).status_code == 409
    assert root.post("/scorecards/saas-health/publication", {"number": 2}).status_code == 204
    assert root.post("/scorecards/saas-health/rollback", {"number": 1}).json() == {"number": 3}
    assert cards.find(slug="saas-health").published == 3
    wrong = {**told, "definition": {**DEFINITION, "parts": []}}
    assert put(root, "/scorecards/saas-health/draft", wrong).status_code == 422


def test_the_order_is_said_and_read(cast: World) -> None:
    root = Api(cast.root)
    assert root.get("/scorecards/order").json() == [{"order": ["saas-health"], "since": None}]
    assert put(root, "/scorecards/order", {"order": ["nobody"]}).status_code == 404
    assert put(root, "/scorecards/order", {"order": ["saas-health"]}).status_code == 204
    assert 'slug = "saas-health"' in root.get("/scorecards/saas-health/toml").json()


def test_an_account_is_overridden_and_let_go(cast: World) -> None:
    ada, cleo = Api(cast.ada), Api(cast.cleo)
    told = {"band": "red", "reason": "Their owner leaves", "expires_on": "2026-07-01"}
    assert cleo.post("/overrides/willow", told).status_code == 404
    made = ada.post("/overrides/willow", told)
    assert (made.status_code, made.json()["by"], made.json()["ended_at"]) == (201, "Ada", None)
    assert ada.post("/overrides/willow", told).status_code == 409
    assert [row["account"] for row in ada.get("/overrides").json()] == ["willow"]
    assert cleo.get("/overrides").json() == []
    assert ada.client.delete("/api/v1/overrides/willow").status_code == 204
    assert [row["ended_by"] for row in ada.get("/overrides", account="willow").json()] == ["Ada"]


def test_parents_are_rolled_up_as_the_company_says(cast: World) -> None:
    root = Api(cast.root)
    assert root.get("/scorecards/rollup").json() == {"function": "worst"}
    assert put(root, "/scorecards/rollup", {"function": "median"}).status_code == 422
    assert put(root, "/scorecards/rollup", {"function": "mean"}).status_code == 204
    (willow,) = root.get("/scorecards/rollup/accounts/willow").json()
    assert (willow["account"], willow["below"]) == ("willow", None)
