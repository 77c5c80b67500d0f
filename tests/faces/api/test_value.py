"""What outcomes are worth over the REST API."""

from typing import Any

import pytest

from keepwell.faces import clock
from tests import world
from tests.faces.api.test_rules import BASE, client, send
from tests.outcomes.plans import make
from tests.outcomes.value import MODEL, RANGE
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
HERE = "/accounts/willow/value"
BODY: dict[str, Any] = {key: said for key, said in MODEL.items() if key != "slug"}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    make()
    return found


def test_value_is_modelled_counted_confirmed_and_taken_back(cast: World) -> None:
    ada, cleo = client(cast, "ada"), client(cast, "cleo")
    made = send(ada, "put", f"{HERE}/models/hours", **BODY)
    assert made.status_code == 200, made.content
    again = send(ada, "put", f"{HERE}/models/hours", **made.json()["model"])
    assert again.json() == made.json()
    assert send(ada, "put", f"{HERE}/models/hours", **{**BODY, "inputs": []}).status_code == 422
    assert send(ada, "put", f"{HERE}/models/other", **{**BODY, "objective": "none"}).status_code == 404
    (number,) = send(ada, "post", f"{HERE}/statements", quarter="2026-Q1").json()["statements"]
    assert send(ada, "post", f"{HERE}/statements", quarter="2026-Q1").json() == {"statements": []}
    assert send(ada, "post", f"{HERE}/statements", quarter="2027-Q1").status_code == 422
    told = ada.get(f"{BASE}{HERE}").json()
    (said,) = told["models"][0]["statements"]
    assert said["range"] == {"low": RANGE[0], "likely": RANGE[1], "high": RANGE[2]}
    assert told["totals"]["confirmed"]["count"] == 0
    assert told["totals"]["counted"]["money"]["EUR"]["likely"] == RANGE[1]
    where = f"{HERE}/statements/{number}/confirmation"
    who = {"who": "dora", "on": "2026-04-02", "words": "Yes"}
    assert send(ada, "put", where, **who, low=1).status_code == 422
    assert send(cleo, "put", where, **who).status_code == 404
    assert send(ada, "put", where, **who).status_code == 204
    assert send(ada, "put", where, **who).status_code == 409
    told = ada.get(f"{BASE}{HERE}").json()["totals"]
    assert (told["confirmed"]["count"], told["counted"]["count"]) == (1, 0)
    shown = ada.get(f"{BASE}{HERE}/shared").json()
    assert "controller doubts" not in str(shown)
    assert shown["models"][0]["statements"][0]["by"] == "Dora Klein"
    assert send(ada, "delete", where).status_code == 204
    assert send(ada, "delete", where).status_code == 409
    assert send(ada, "delete", f"{HERE}/models/hours").status_code == 204
    assert ada.get(f"{BASE}{HERE}").json()["models"] == []
    for path in ("", "/shared"):
        assert cleo.get(f"{BASE}{HERE}{path}").status_code == 404
    assert send(cleo, "post", f"{HERE}/statements", quarter="2026-Q1").status_code == 404
