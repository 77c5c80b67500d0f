"""Tracking requests: what is wrong is said, what is right is stored, nothing is lost."""

import base64
import gzip
import json
from typing import Any

import pytest
from django.test import Client

from keepwell.intake.actions import sources
from keepwell.intake.queries import batches
from keepwell.ledger.actions import relay
from tests import outbox
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
CALL = {
    "type": "track",
    "userId": "u1",
    "event": "login",
    "messageId": "m1",
    "timestamp": "2026-06-01T10:00:00Z",
}


@pytest.fixture
def key() -> str:
    return sources.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)


def post(key: str, body: Any, *, to: str = "/v1/batch", **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    basic = base64.b64encode(f"{key}:".encode()).decode()
    return Client().post(
        to, data, content_type="application/json", headers={"Authorization": f"Basic {basic}", **headers}
    )


def stored() -> list[str]:
    return [event.event_id for event in outbox.waiting()]


def test_a_batch_is_stored_once(key: str) -> None:
    batch = {"batch": [CALL, CALL | {"messageId": "m2"}]}
    assert post(key, batch).json() == {"success": True, "accepted": 2, "duplicates": 0, "rejected": []}
    assert post(key, batch).json()["accepted"] == 2
    assert relay.all_waiting(at=NOW) == 2


def test_gzip_is_read(key: str) -> None:
    body = gzip.compress(json.dumps({"batch": [CALL]}).encode())
    assert post(key, body, **{"Content-Encoding": "gzip"}).status_code == 200
    assert stored() == ["app:m1"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"batch": [', "malformed"),
        (b"[]", "array"),
        (b'{"batch": "no"}', "batch"),
        (b"", "malformed"),
        (b"x" * (501 * 1024), "larger than 500 KB"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_words(key: str, body: bytes, words: str) -> None:
    answer = post(key, body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert stored() == []


def test_a_bomb_is_not_unpacked(key: str) -> None:
    bomb = gzip.compress(b"0" * 200_000_000)
    answer = post(key, bomb, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 400
    assert "larger than 500 KB" in answer.json()["error"]


@pytest.mark.parametrize(
    "header", ["", "Basic !!!", "Bearer x", "Basic " + base64.b64encode(b"wrong:").decode()]
)
def test_a_wrong_key_is_refused(key: str, header: str) -> None:
    answer = Client().post(
        "/v1/track", "{}", content_type="application/json", headers={"Authorization": header}
    )
    assert answer.status_code == 401
    assert answer.json()["error"]


def test_one_bad_event_costs_its_neighbours_nothing_and_is_kept(key: str) -> None:
    big = CALL | {"messageId": "big", "properties": {"text": "x" * 33_000}}
    nameless = {"type": "track", "userId": "u1", "messageId": "m3"}
    answer = post(key, {"batch": [CALL, nameless, big, CALL | {"messageId": "m2"}]}).json()
    assert (answer["success"], answer["accepted"]) == (True, 2)
    assert [(r["index"], r["messageId"]) for r in answer["rejected"]] == [(1, "m3"), (2, "big")]
    assert "at most 32,768" in answer["rejected"][1]["reason"]
    kept = batches.tracked_rejections(seen_by=TESTS)
    assert sorted(row.message_id for row in kept) == ["big", "m3"]
    assert stored() == ["app:m1", "app:m2"]


def test_an_oversized_event_alone_is_a_bad_request_and_is_kept(key: str) -> None:
    answer = post(key, CALL | {"properties": {"text": "x" * 33_000}}, to="/v1/track")
    assert answer.status_code == 400
    assert len(batches.tracked_rejections(seen_by=TESTS)) == 1


def test_a_reused_id_with_other_content_is_a_conflict_and_kept(key: str) -> None:
    answer = post(key, {"batch": [CALL, CALL | {"event": "logout"}]}).json()
    assert answer["accepted"] == 1
    assert "other content" in answer["rejected"][0]["reason"]
    assert batches.tracked_rejections(seen_by=TESTS)[0].verdict == "conflict"


def test_other_methods_and_calls_are_named(key: str) -> None:
    assert Client().get("/v1/batch").status_code == 405
    assert post(key, CALL, to="/v1/teleport").status_code == 404
