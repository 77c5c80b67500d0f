"""Today and notifications over the API."""

import pytest

from tests import world
from tests.faces.api.test_rest import Api

pytestmark = pytest.mark.django_db
TASK = {
    "account": "elm",
    "title": "Call Dora",
    "due_at": "2026-06-17T17:00:00Z",
    "owner": "ada@fernhill.test",
}


def test_what_waits_is_listed_done_and_brought_back() -> None:
    cast = world.build()
    ada, ben = Api(cast.ada), Api(cast.ben)
    assert ben.post("/tasks", TASK).status_code == 201
    (row,) = ada.get("/today").json()
    assert (row["what"], row["account"], row["rank"]) == ("Call Dora", "elm", 1)
    assert row["factors"]["is_assumed"] is True
    item = {"item": row["item"]}
    assert ada.post("/today/done", item).status_code == 204
    assert ada.get("/today").json() == []
    assert ada.post("/today/undo/done", item).status_code == 204
    assert ada.post("/today/snooze", item | {"until": "2020-01-01T00:00:00Z"}).status_code == 422
    assert ada.post("/today/delegation", item | {"to": "ben@fernhill.test"}).status_code == 204
    assert [row["group"] for row in ben.get("/today").json()] == ["today"]
    assert ben.post("/today/done", {"item": "task:0"}).status_code == 404
    told = ada.get("/notifications").json()
    assert [row["what"] for row in told] == ["Elm: Call Dora"]
    assert ada.post("/notifications/reading", {"ids": [told[0]["id"]]}).status_code == 204
    assert ada.get("/notifications", unread=True).json() == []
    assert Api(cast.ada, may_write=False).post("/notifications/reading", {}).status_code == 403
