"""Playbooks, runs, channels and messages over the REST API."""

import pytest

from keepwell.faces import clock
from keepwell.plays.actions import dry_runs
from tests import world
from tests.faces.api.test_rules import BASE, client, send
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
STEPS = [
    {"slug": "map", "title": "Map", "role": "csm"},
    {"slug": "ok", "title": "OK", "kind": "approval", "role": "csm"},
]
SAID = {"sentence": "For tests.", "steps": STEPS}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return world.build()


def test_a_playbook_is_said_published_started_and_carried_on(cast: World) -> None:
    root, ada, cleo = (client(cast, name) for name in ("root", "ada", "cleo"))
    assert send(root, "put", "/playbooks/p/draft", title="P", definition=SAID).json() == {"number": 1}
    assert send(ada, "put", "/playbooks/p/draft", title="P", definition=SAID).status_code == 403
    assert send(root, "post", "/playbooks/p/publication", number=1).status_code == 204
    wrong = {"steps": [{"title": "A", "kind": "dance"}]}
    refused = send(root, "put", "/playbooks/p/draft", title="P", definition=wrong)
    assert (refused.status_code, b"dance" in refused.content) == (422, True)
    run = send(ada, "post", "/runs", playbook="p", account="elm", because="They asked", key="k1").json()["id"]
    assert send(ada, "post", "/runs", playbook="p", account="elm", key="k1").json()["id"] == run
    assert send(ada, "post", "/runs", playbook="p", account="elm").status_code == 409
    assert send(cleo, "post", "/runs", playbook="p", account="elm").status_code == 404
    assert cleo.get(f"{BASE}/runs/{run}").status_code == 404
    assert cleo.get(f"{BASE}/runs").json() == {"items": [], "next": None}
    for verb, path in (
        ("post", "pause"),
        ("delete", "pause"),
        ("post", "cancellation"),
        ("delete", "cancellation"),
    ):
        assert send(ada, verb, f"/runs/{run}/{path}", because="So").status_code == 204, (verb, path)
    assert send(ada, "post", f"/runs/{run}/steps/map", deed="skip").status_code == 422
    assert send(ada, "post", f"/runs/{run}/steps/map", deed="complete").status_code == 204
    assert send(ada, "post", f"/runs/{run}/steps/ok", deed="refuse", because="No").status_code == 204
    shown = ada.get(f"{BASE}/runs/{run}").json()
    assert [(step["slug"], step["outcome"]) for step in shown["steps"]] == [
        ("map", "done"),
        ("ok", "refused"),
    ]
    assert (shown["how"], shown["because"], shown["started_by"]) == ("finished", ["They asked"], "Ada")
    assert ada.get(f"{BASE}/runs?state=over&playbook=p&account=elm").json()["items"][0]["id"] == run
    assert ada.get(f"{BASE}/runs?state=odd").status_code == 422
    told = root.get(f"{BASE}/playbooks/p").json()
    assert (told["running"], told["ended"], told["share"]) == (0, 1, None)
    assert cleo.get(f"{BASE}/playbooks").json()[0]["ended"] == 0


def test_versions_rest_and_dry_runs(cast: World) -> None:
    root, cleo = client(cast, "root"), client(cast, "cleo")
    for number, title in ((1, "A"), (2, "B")):
        steps = [{"title": title, "role": "csm"}]
        send(root, "put", "/playbooks/p/draft", title="P", definition={"steps": steps})
        send(root, "post", "/playbooks/p/publication", number=number)
    assert send(root, "post", "/playbooks/p/rollback", number=1).json() == {"number": 3}
    assert [one["number"] for one in root.get(f"{BASE}/playbooks/p/versions").json()] == [3, 2, 1]
    assert send(root, "delete", "/playbooks/p/draft").status_code == 404
    assert send(root, "put", "/playbooks/p/rest").status_code == 204
    assert send(root, "post", "/runs", playbook="p", account="elm").status_code == 404
    assert send(root, "delete", "/playbooks/p/rest").status_code == 204
    asked = send(root, "post", "/playbooks/p/dry-runs", account="elm", since="2026-06-01")
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    number = asked.json()["id"]
    dry_runs.run(dry_run_id=number, at=NOW)
    found = root.get(f"{BASE}/playbooks/dry-runs/{number}").json()
    assert [one["what"] for one in found["found"]["days"]] == ["open", "done", "finished"]
    assert cleo.get(f"{BASE}/playbooks/dry-runs/{number}").status_code == 404


def test_channels_tell_their_secret_once_and_messages_are_replayed(cast: World) -> None:
    root, ada, cleo = (client(cast, name) for name in ("root", "ada", "cleo"))
    told = {"slug": "erp", "title": "ERP", "kind": "webhook", "url": "https://erp.test/T0KEN"}
    assert send(ada, "post", "/channels", **told).status_code == 403
    secret = send(root, "post", "/channels", **told).json()["secret"]
    assert secret.startswith("whsec_")
    assert send(root, "post", "/channels", **told).status_code == 409
    assert (
        send(root, "post", "/channels", **told | {"slug": "x", "url": "file:///etc/passwd"}).status_code
        == 422
    )
    assert ada.get(f"{BASE}/channels").json() == [
        {"slug": "erp", "title": "ERP", "kind": "webhook", "host": "erp.test", "paused_at": None, "tested_at": None,
         "tested_well": None, "tested_said": "", "waiting": 0},
    ]  # fmt: skip
    steps = [{"title": "Call", "kind": "webhook", "channel": "erp"}]
    send(root, "put", "/playbooks/p/draft", title="P", definition={"steps": steps})
    send(root, "post", "/playbooks/p/publication", number=1)
    run = send(ada, "post", "/runs", playbook="p", account="elm").json()["id"]
    (one,) = ada.get(f"{BASE}/messages?run={run}").json()["items"]
    assert (one["state"], one["channel"], one["step"]) == ("queued", "erp", "call")
    assert ada.get(f"{BASE}/messages/{one['id']}").json() == one
    assert cleo.get(f"{BASE}/messages/{one['id']}").status_code == 404
    assert send(ada, "post", f"/messages/{one['id']}/replay").status_code == 409
    assert send(cleo, "post", f"/messages/{one['id']}/replay").status_code == 404
    assert send(root, "delete", "/channels/erp").status_code == 204
    assert send(root, "delete", "/channels/erp").status_code == 404
