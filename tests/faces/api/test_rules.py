"""Rules and signals over the REST API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.faces import clock
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import budgets, deliveries
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
QUIET = {"when": {"of": "metric.active_days", "below": 2}, "severity": "high"}
BASE = "/api/v1"


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    happen(uses("willow", 3), uses("birch", 3), uses("birch", 4))
    return found


def client(cast: World, name: str) -> Client:
    token = tokens.create(user=getattr(cast, name), name="tests", by=TESTS, at=NOW, may_write=True)
    return Client(headers={"Authorization": f"Bearer {token}"}, content_type="application/json")


def send(browser: Client, verb: str, path: str, **told: Any) -> Any:
    return getattr(browser, verb)(f"{BASE}{path}", told, content_type="application/json")


def published(root: Client) -> None:
    assert send(root, "put", "/rules/quiet/draft", title="Quiet", definition=QUIET).json() == {"number": 1}
    assert send(root, "post", "/rules/quiet/publication", number=1).status_code == 204
    advance(at=NOW)


def test_a_rule_is_tried_published_and_read(cast: World) -> None:
    root = client(cast, "root")
    tried = send(root, "post", "/rules/preview", definition=QUIET)
    assert tried.status_code == 422
    published(root)
    rule = root.get(f"{BASE}/rules/quiet").json()
    assert (rule["sentence"], rule["holds"], rule["fired"], rule["number"]) == (
        "Active days is below 2 days", 1, 1, 1,
    )  # fmt: skip
    assert send(root, "post", "/rules/preview", definition=QUIET).json()["members"] == 1
    (signal,) = root.get(f"{BASE}/rules/quiet/signals").json()["items"]
    assert signal["account"] == "willow"
    assert signal["because"] == ["Active days 1 day (below 2 days)"]
    assert signal["seen"] == {"metric.active_days": 1.0}
    assert [one["id"] for one in root.get(f"{BASE}/signals?account=willow").json()] == [signal["id"]]
    assert root.get(f"{BASE}/signals?account=birch").json() == []


def test_a_signal_is_put_off_and_taken_back(cast: World) -> None:
    root, ada = client(cast, "root"), client(cast, "ada")
    published(root)
    (signal,) = ada.get(f"{BASE}/signals?account=willow").json()
    path = f"/signals/{signal['id']}/snooze"
    put_off = send(ada, "put", path, days=7, reason="They are on holiday").json()
    assert put_off["snoozed_until"] == (NOW + timedelta(days=7)).isoformat().replace("+00:00", "Z")
    assert ada.get(f"{BASE}/rules/quiet").json()["snoozed"] == 1
    assert send(ada, "put", path, days=0).status_code == 422
    assert send(ada, "delete", path).status_code == 204
    assert send(ada, "delete", path).status_code == 404


def test_a_draft_is_thrown_away_and_an_earlier_version_comes_back(cast: World) -> None:
    root = client(cast, "root")
    published(root)
    louder = {**QUIET, "severity": "critical"}
    assert send(root, "put", "/rules/quiet/draft", title="Quiet", definition=louder).json() == {"number": 2}
    assert send(root, "delete", "/rules/quiet/draft").status_code == 204
    assert send(root, "delete", "/rules/quiet/draft").status_code == 404
    send(root, "put", "/rules/quiet/draft", title="Quiet", definition=louder)
    send(root, "post", "/rules/quiet/publication", number=2)
    assert send(root, "post", "/rules/quiet/publication", number=1).status_code == 409
    assert send(root, "post", "/rules/quiet/rollback", number=1).json() == {"number": 3}
    said = root.get(f"{BASE}/rules/quiet/versions").json()
    assert [(one["number"], one["definition"]["severity"]) for one in said] == [
        (3, "high"), (2, "critical"), (1, "high"),
    ]  # fmt: skip
    assert root.get(f"{BASE}/rules/quiet").json()["holds"] == 1


def test_a_rule_rests_and_wakes(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    root = client(cast, "root")
    published(root)
    assert send(root, "put", "/rules/quiet/rest").status_code == 204
    rule = root.get(f"{BASE}/rules").json()[0]
    assert (rule["active"], rule["holds"]) == (False, 0)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    assert send(root, "delete", "/rules/quiet/rest").status_code == 204
    assert root.get(f"{BASE}/rules/quiet").json()["holds"] == 1


def test_ada_changes_no_rule_and_cleo_sees_no_signal_of_hers(cast: World) -> None:
    root, ada, cleo = (client(cast, name) for name in ("root", "ada", "cleo"))
    published(root)
    assert send(ada, "put", "/rules/other/draft", title="Other", definition=QUIET).status_code == 403
    assert send(ada, "put", "/rules/quiet/rest").status_code == 403
    (signal,) = ada.get(f"{BASE}/signals?account=willow").json()
    assert cleo.get(f"{BASE}/signals/{signal['id']}").status_code == 404
    assert cleo.get(f"{BASE}/signals?account=willow").status_code == 404
    assert send(cleo, "put", f"/signals/{signal['id']}/snooze", days=7).status_code == 404
    assert cleo.get(f"{BASE}/rules/quiet/signals").json() == {"items": [], "next": None}
    assert cleo.get(f"{BASE}/rules/quiet").json()["holds"] == 0


def test_what_cannot_be_asked_is_refused_in_words(cast: World) -> None:
    root = client(cast, "root")
    wrong = {"when": {"of": "change.activ_days", "below": 2, "in_days": 7}}
    refused = send(root, "put", "/rules/x/draft", title="X", definition=wrong)
    assert refused.status_code == 422
    assert "change.active_days" in refused.json()["error"]
    gap = {"when": {"of": "arr", "above": 2}, "opens": {"title": "X", "clock_hours": "soon"}}
    refused = send(root, "put", "/rules/x/draft", title="X", definition=gap)
    assert '"clock_hours" must be a number of hours' in refused.json()["error"]


def test_whom_it_was_told_is_read_and_it_is_answered(cast: World) -> None:
    root, ada, cleo = (client(cast, name) for name in ("root", "ada", "cleo"))
    published(root)
    (waits,) = ada.get(f"{BASE}/deliveries").json()["items"]
    assert (waits["account_key"], waits["person"], waits["state"]) == ("willow", "Ada", "waiting")
    deliveries.deliver(at=NOW)
    assert ada.get(f"{BASE}/deliveries").json() == {"items": [], "next": None}
    here = f"/signals/{waits['signal']}"
    (told,) = ada.get(f"{BASE}{here}/deliveries").json()
    assert (told["state"], told["through"]) == ("delivered", "notification")
    (item,) = [row["item"] for row in ada.get(f"{BASE}/today").json() if row["source"] == "signals"]
    assert item == f"signal:{waits['signal']}"
    assert send(ada, "post", "/today/rejection", item=item).status_code == 204
    assert send(ada, "post", "/today/undo/rejection", item=item).status_code == 204
    (stands,) = send(ada, "post", f"{here}/responses", kind="acknowledged", note="Mine").json()
    assert (stands["kind"], stands["by"], stands["note"]) == ("acknowledged", "Ada", "Mine")
    assert ada.delete(f"{BASE}{here}/responses/acknowledged").status_code == 204
    assert ada.delete(f"{BASE}{here}/responses/acknowledged").status_code == 409
    task = {"title": "Call", "due_at": NOW.isoformat()}
    (acted,) = send(ada, "post", f"{here}/responses", kind="acted", task=task).json()
    assert acted["task"]
    assert send(ada, "post", f"{here}/responses", kind="acted").status_code == 422
    assert cleo.get(f"{BASE}{here}/responses").status_code == 404
    assert cleo.get(f"{BASE}{here}/deliveries").status_code == 404
    assert cleo.get(f"{BASE}/deliveries?state=delivered").json()["items"] == []


def test_what_alarms_were_worth_and_what_rules_say_of_an_account(cast: World) -> None:
    root, ada, cleo = (client(cast, name) for name in ("root", "ada", "cleo"))
    published(root)
    assert root.get(f"{BASE}/alert-budget").json()[0]["figures"] is None
    budgets.count(at=NOW)
    (one,) = root.get(f"{BASE}/alert-budget").json()
    assert (one["slug"], one["figures"]["alarms"], one["retire"]) == ("quiet", 1, [])
    assert ada.get(f"{BASE}/alert-budget").json() == []
    (said,) = ada.get(f"{BASE}/accounts/willow/rules").json()
    assert (said["state"], said["because"]) == ("fires", ["Active days 1 day (below 2 days)"])
    assert ada.get(f"{BASE}/accounts/elm/rules").json()[0]["state"] in ("unknown", "quiet", "fires")
    assert cleo.get(f"{BASE}/accounts/willow/rules").status_code == 404
