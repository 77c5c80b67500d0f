"""The dead letter over the API."""

import pytest

from keepwell.ledger.models import Ticket
from tests import world
from tests.faces.api.test_rest import Api
from tests.intake.files import imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    cast = world.build()
    imported("tickets", "key,account,opened_at\nt1,oak,2026-06-01\nt2,elm,soon\n")
    return Api(cast.root)


def test_reasons_are_listed_rows_mended_and_replayed(api: Api) -> None:
    assert [(r["slug"], r["count"]) for r in api.get("/rejections/reasons").json()] == [
        ("account-unknown", 1),
        ("date-unreadable", 1),
    ]
    [late] = api.get("/rejections", reason="date-unreadable").json()
    mended = api.client.patch(
        f"/api/v1/rejections/{late['id']}",
        {"content": {"opened_at": "2026-06-02"}},
        content_type="application/json",
    )
    assert mended.json()["content"]["opened_at"] == "2026-06-02"
    answer = api.post("/rejections/replays", {"set_column": "account", "set_value": "birch"})
    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["taken"]) == ("done", 2)
    verdicts = api.get(f"/rejections/replays/{answer.json()['id']}/verdicts").json()
    assert [verdict["outcome"] for verdict in verdicts] == ["created", "created"]
    assert Ticket.objects.count() == 2
    assert api.post("/rejections/replays", {}).status_code == 404


def test_they_are_dismissed_and_taken_up_again(api: Api) -> None:
    assert api.post("/rejections/dismissals", {"reason": "account-unknown"}).json() == {"dismissed": 1}
    [gone] = api.get("/rejections", state="dismissed").json()
    assert api.client.delete(f"/api/v1/rejections/{gone['id']}/dismissal").json()["state"] == "open"
    assert api.client.delete(f"/api/v1/rejections/{gone['id']}/dismissal").status_code == 409


def test_who_may_not_import_is_told_nothing(api: Api) -> None:
    ada = Api(world.User.objects.get(email="ada@fernhill.test"))
    assert ada.get("/rejections").status_code == 403
    assert ada.get("/rejections/1").status_code == 404
    assert ada.post("/rejections/dismissals", {}).status_code == 403


def test_an_import_s_changes_are_told_and_undone(api: Api) -> None:
    batch = imported("tickets", "key,account,opened_at\nt9,elm,2026-06-01\n")
    [change] = api.get(f"/imports/{batch.batch_id}/changes").json()
    assert (change["key"], change["created"]) == ("t9", True)
    assert api.get(f"/imports/{batch.batch_id}/undo").status_code == 404
    assert api.post(f"/imports/{batch.batch_id}/undo", {}).json()["state"] == "queued"
    assert api.post(f"/imports/{batch.batch_id}/undo", {}).status_code == 409
