"""Tasks and incidents over the API."""

import pytest

from tests import world
from tests.faces.api.test_rest import Api

pytestmark = pytest.mark.django_db
TASK = {
    "account": "elm",
    "title": "Call Dora",
    "due_at": "2026-06-17T17:00:00Z",
    "owner": "ben@fernhill.test",
}


@pytest.fixture
def cast() -> world.World:
    return world.build()


def test_a_task_is_set_changed_done_and_reopened(cast: world.World) -> None:
    ada, ben = Api(cast.ada), Api(cast.ben)
    made = ada.post("/tasks", TASK)
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert [task["title"] for task in ben.get("/tasks", whose="mine").json()] == ["Call Dora"]
    changed = ada.client.patch(
        f"/api/v1/tasks/{number}", {"title": "Call Emil"}, content_type="application/json"
    )
    assert (changed.json()["title"], changed.json()["owner"]) == ("Call Emil", "ben@fernhill.test")
    assert ben.post(f"/tasks/{number}/completion", {}).json()["done_by"] == "Ben"
    assert ben.post(f"/tasks/{number}/completion", {}).status_code == 409
    assert ben.client.delete(f"/api/v1/tasks/{number}/completion").status_code == 204
    assert ben.get(f"/tasks/{number}").json()["done_at"] is None
    assert ben.client.delete(f"/api/v1/tasks/{number}").status_code == 204
    assert ben.get(f"/tasks/{number}").status_code == 404


def test_what_one_may_not_see_is_not_there(cast: world.World) -> None:
    number = Api(cast.ada).post("/tasks", TASK).json()["id"]
    cleo = Api(cast.cleo)
    assert cleo.get("/tasks").json() == []
    assert cleo.get(f"/tasks/{number}").status_code == 404
    assert cleo.post("/tasks", TASK).status_code == 404
    assert Api(cast.ada, may_write=False).post("/tasks", TASK).status_code == 403


def test_rows_come_in_with_verdicts_and_go_out_as_a_file(cast: world.World) -> None:
    ada = Api(cast.ada)
    rows = [
        {"key": "a", "account": "elm", "title": "Call", "due": "2026-06-17"},
        {"account": "x", "title": "t", "due": "2026-06-17"},
    ]
    verdicts = ada.post("/tasks/bulk", {"rows": rows}).json()
    assert [verdict["outcome"] for verdict in verdicts] == ["created", "rejected"]
    file = b"".join(ada.get("/tasks.csv")).decode().splitlines()
    assert file[1].startswith("a,elm,Call,2026-06-17T00:00:00+00:00")


def test_an_incident_is_opened_and_closed(cast: world.World) -> None:
    ada = Api(cast.ada)
    made = ada.post("/incidents", {"account": "elm", "title": "Data loss"})
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert ada.post(f"/incidents/{number}/closure", {"cause": "x", "plan": ""}).status_code == 422
    assert (
        ada.post(f"/incidents/{number}/closure", {"cause_kind": "other", "cause": "x", "plan": "y"}).json()[
            "open"
        ]
        is False
    )
