"""Channels in the web app: opened, tested, paused, given a new secret, closed; deliveries, tried again and replayed."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from standardwebhooks import Webhook

from keepwell.access.actions import settings as company_settings
from keepwell.access.models import COMPANY
from keepwell.faces import clock
from keepwell.faces.jobs import sending
from keepwell.plays.models import Channel, Message
from tests import world
from tests.faces.api.test_rules import BASE, client, send
from tests.faces.jobs.test_sending import Receiver, receiver
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.plays.books import begin, say, step
from tests.world import NOW, TESTS, World

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db
HERE, ERP = "/settings/channels/", "/settings/channels/erp/"


@pytest.fixture
def cast() -> World:
    every_day = {"working_days": [*range(1, 8)]}
    company_settings.put(key=COMPANY, value=every_day, by=TESTS, at=NOW)
    return world.build()


@pytest.fixture
def root(cast: World, sign_in: SignIn) -> Client:
    return sign_in(cast.root)


def secret_of(response: Any) -> str:
    found = re.search(r'<code id="secret">(whsec_[^<]+)</code>', html(response))
    assert found
    return found[1]


def opened(root: Client, receiver: Receiver) -> str:
    return secret_of(root.post(HERE, {"title": "ERP", "kind": "webhook", "url": receiver.url}))


def deed(who: Client, what: str, **more: Any) -> Any:
    return who.post(f"{ERP}deed/", {"deed": what, **more}, follow=True)


def test_a_channel_is_opened_tested_and_given_a_new_secret(
    root: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No channels yet" in text(root.get(HERE))
    wrong = root.post(HERE, {"title": "ERP", "kind": "webhook", "url": "ftp://x"})
    assert wrong.status_code == 422
    assert "The address must be one of https://" in text(wrong)
    first = opened(root, receiver)
    assert first not in html(root.get(ERP))
    assert "T0KEN" not in html(root.get(ERP)) + html(root.get(HERE))
    assert "Never tested" in text(root.get(HERE))
    receiver.answers = [500]
    assert "The test was not taken" in text(deed(root, "test"))
    assert "was not taken: HTTP 500" in text(root.get(ERP))
    assert "The test was taken" in text(deed(root, "test"))
    second = secret_of(root.post(f"{ERP}deed/", {"deed": "rotate"}))
    assert second != first
    deed(root, "test")
    headers, body = receiver.heard[-1]
    assert json.loads(body)["type"] == "channel.test"
    signed = Webhook(second).sign(headers["webhook-id"], NOW, body.decode())
    assert headers["webhook-signature"] == signed
    assert not Message.objects.exists()


def test_what_nobody_answers_is_a_verdict_too(root: Client) -> None:
    root.post(HERE, {"title": "ERP", "kind": "chat", "url": "http://127.0.0.1:9/x"})
    assert "The test was not taken" in text(deed(root, "test"))
    assert "ConnectionRefusedError" in text(root.get(ERP))
    assert "A chat has no secret" in text(deed(root, "rotate"))


def test_a_paused_channel_lets_its_messages_wait(root: Client, receiver: Receiver) -> None:
    opened(root, receiver)
    say(step("call", kind="webhook", channel="erp"))
    begin()
    deed(root, "pause")
    assert not sending.is_waiting(at=NOW)
    assert sending.send_all() == 0
    assert "Paused since" in text(root.get(HERE))
    deed(root, "go_on")
    assert sending.send_all() == 1
    assert Message.objects.get().state == "sent"


def test_deliveries_are_seen_tried_again_and_replayed(
    root: Client, cast: World, sign_in: SignIn, receiver: Receiver
) -> None:
    opened(root, receiver)
    say(step("call", kind="webhook", channel="erp"))
    begin()
    receiver.answers = [503]
    sending.send_all()
    page = text(root.get(ERP))
    assert "Willow" in page
    assert "HTTP 503" in page
    assert "Again " in page
    Message.objects.update(next_at=clock.now())
    sending.send_all()
    row = Message.objects.get()
    assert "It is sent once more" in text(deed(root, "again", message=row.pk))
    sending.send_all()
    assert len(receiver.heard) == 3
    csv = b"".join(root.get("/settings/channels/erp.csv")).decode()  # type: ignore[arg-type]
    assert f"{row.key},willow,{row.step.run_id},call,sent,3" in csv  # type: ignore[union-attr]
    cleo = sign_in(cast.cleo)
    assert "Willow" not in text(cleo.get(ERP))
    assert "willow" not in b"".join(cleo.get("/settings/channels/erp.csv")).decode()  # type: ignore[arg-type]
    assert "There is no message" in text(deed(cleo, "again", message=row.pk))
    assert cleo.post(f"{ERP}deed/", {"deed": "test"}).status_code == 403
    assert cleo.post(HERE, {"title": "X", "kind": "chat", "url": "https://x.test"}).status_code == 403


def test_a_closed_channel_is_gone(root: Client, receiver: Receiver) -> None:
    opened(root, receiver)
    assert "It is closed" in text(deed(root, "close"))
    assert root.get(ERP).status_code == 404
    assert (Channel.objects.get().url, Channel.objects.get().secret) == ("", "")


def test_programs_do_the_same(cast: World, receiver: Receiver) -> None:
    root, ada = client(cast, "root"), client(cast, "ada")
    said = {"slug": "erp", "title": "ERP", "kind": "webhook", "url": receiver.url}
    first = send(root, "post", "/channels", **said).json()["secret"]
    assert send(root, "post", "/channels/erp/secret").json()["secret"] != first
    tested = send(root, "post", "/channels/erp/test").json()
    assert (tested["tested_well"], tested["tested_said"], tested["waiting"]) == (True, "HTTP 200", 0)
    for path in ("/channels/erp/secret", "/channels/erp/test"):
        assert send(ada, "post", path).status_code == 403
    assert send(root, "put", "/channels/erp/pause").status_code == 204
    assert root.get(f"{BASE}/channels").json()[0]["paused_at"]
    assert send(root, "delete", "/channels/erp/pause").status_code == 204
    assert root.get(f"{BASE}/channels").json()[0]["paused_at"] is None
    assert send(root, "put", "/channels/none/pause").status_code == 404
    assert root.get(f"{BASE}/messages?channel=erp").json() == {"items": [], "next": None}
