"""Business reviews over the REST API, from the proposal to what came of it."""

from datetime import timedelta

import pytest

from keepwell.faces import clock
from tests import world
from tests.faces.api.test_rules import BASE, client, send
from tests.outcomes import plans
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    plans.make()
    return found


def test_a_review_is_planned_invited_to_held_and_taken_back(
    cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, cleo = client(cast, "ada"), client(cast, "cleo")
    proposed = ada.get(f"{BASE}/accounts/willow/reviews/proposal").json()
    assert proposed["due"] is None
    said = {
        "starts_at": proposed["starts_at"],
        "theirs": ["dora"],
        "ours": ["ada@fernhill.test"],
        "agenda": "All",
    }
    made = send(ada, "post", "/accounts/willow/reviews", **said)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["review"]["state"], told["owner_email"]) == ("planned", "ada@fernhill.test")
    here = f"/reviews/{told['review']['id']}"
    assert send(ada, "post", f"{here}/invitations").json() == {"told": 1, "unwritten": ["Dora Klein"]}
    later = {**said, "starts_at": (NOW + timedelta(days=3)).isoformat(), "labels": {"agenda": "internal"}}
    assert send(ada, "put", here, **later).json()["sequence"] == 1
    assert send(ada, "put", here, **{**later, "labels": {"agenda": "secret"}}).status_code == 422
    assert send(ada, "put", f"{here}/cancellation", reason="Ill").json()["told"] == 1
    assert send(ada, "put", here, **later).status_code == 409
    assert ada.delete(f"{BASE}{here}/cancellation").json()["told"] == 1
    how = {
        "theirs": ["dora", "emil"], "decisions": ["Go on"], "minutes": 45,
        "todos": [{"title": "Send it", "due_date": "2026-07-01", "owner": "ada@fernhill.test"}],
        "scores": [{"objective": "reports-without-hands", "stands": "on_track", "words": "Good"}],
        "next_at": "2026-09-21T10:00:00+02:00",
    }  # fmt: skip
    assert send(ada, "put", f"{here}/holding", **how).status_code == 409
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    held = send(ada, "put", f"{here}/holding", **how)
    assert held.status_code == 200, held.content
    told = held.json()
    assert (told["review"]["state"], told["held_minutes"], told["decisions"]) == ("held", 45, ["Go on"])
    assert [(one["title"], one["owner"]) for one in told["todos"]] == [("Send it", "Ada")]
    assert (
        ada.get(f"{BASE}/reviews/{told['following']}").json()["review"]["starts_at"] == "2026-09-21T08:00:00Z"
    )
    (decided,) = told["decided"]
    line = f"{here}/decision/{decided['id']}/label"
    assert send(ada, "put", line, label="internal").json()["internal_decisions"] == ["Go on"]
    assert send(ada, "put", line, label="shared").json()["decisions"] == ["Go on"]
    assert send(ada, "put", line, label="secret").status_code == 422
    assert send(ada, "put", f"{here}/guest/{decided['id']}/label", label="shared").status_code == 422
    assert send(cleo, "put", line, label="internal").status_code == 404
    listed = ada.get(f"{BASE}/reviews?state=held").json()
    assert ([one["id"] for one in listed["items"]], listed["next"]) == ([told["review"]["id"]], None)
    assert len(ada.get(f"{BASE}/reviews?account=willow&limit=1").json()["items"]) == 1
    assert cleo.get(f"{BASE}{here}").status_code == 404
    assert cleo.get(f"{BASE}/reviews").json()["items"] == []
    assert ada.delete(f"{BASE}{here}/holding").status_code == 204
    assert ada.get(f"{BASE}{here}").json()["review"]["state"] == "overdue"
