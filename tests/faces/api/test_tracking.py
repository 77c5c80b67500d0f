"""Tracking requests: what is wrong is said, what is right is stored, nothing is lost."""

import base64
import gzip
import io
import json
import time
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from keepwell.config.wsgi import application
from keepwell.faces.api import senders
from keepwell.intake.actions import sources
from keepwell.intake.queries import batches, room
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


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    senders.forget()
    room.look_again()


@pytest.fixture
def key() -> str:
    return sources.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)


@dataclass
class Answer:
    """What the server said."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


def ask(method: str, to: str, body: bytes = b"", **headers: str) -> Answer:
    """Call the application as a WSGI server does."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": to, "wsgi.input": io.BytesIO(body)}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    said: list[Any] = []
    content = b"".join(application(environ, lambda status, headers: said.extend((status, headers))))
    return Answer(int(said[0].split()[0]), dict(said[1]), content)


def post(key: str, body: Any, *, to: str = "/v1/batch", **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    basic = base64.b64encode(f"{key}:".encode()).decode()
    return ask("POST", to, data, **{"Authorization": f"Basic {basic}", **headers})


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
    answer = ask("POST", "/v1/track", b"{}", Authorization=header)
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
    assert ask("GET", "/v1/batch").status_code == 405
    assert post(key, CALL, to="/v1/teleport").status_code == 404


def test_pages_of_any_origin_may_track(key: str) -> None:
    asked = ask("OPTIONS", "/v1/batch")
    assert (asked.status_code, asked.content) == (204, b"")
    for answer in (asked, post(key, {"batch": [CALL]}), post("wrong", {"batch": [CALL]})):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("to", ["/v1/batch", "/v1/track", "/v1/track/"])
def test_a_beacon_brings_its_key_in_the_body(key: str, to: str) -> None:
    body = {"batch": [CALL]} if to.endswith("batch") else dict(CALL)
    assert ask("POST", to, json.dumps(body | {"writeKey": key}).encode()).json()["accepted"] == 1
    assert stored() == ["app:m1"]
    refused = ask("POST", to, json.dumps(body | {"writeKey": "wrong"}).encode())
    assert (refused.status_code, stored()) == (401, ["app:m1"])


def test_a_replaced_key_is_refused_within_seconds(key: str) -> None:
    assert post(key, {"batch": [CALL]}).status_code == 200
    renewed = sources.rekey(slug="app", by=TESTS, at=NOW)
    assert post(renewed, {"batch": [CALL | {"messageId": "m2"}]}).status_code == 200
    with patch.object(time, "monotonic", return_value=time.monotonic() + senders.REMEMBERED_SECONDS):
        assert post(key, {"batch": [CALL | {"messageId": "m3"}]}).status_code == 401
    assert stored() == ["app:m1", "app:m2"]


@pytest.mark.parametrize(
    ("setting", "value", "status", "words"),
    [
        ("KEEPWELL_LEAST_FREE_MB", 10**9, 503, "MB are kept free"),
        ("KEEPWELL_MOST_WAITING", 1, 429, "2 events wait for the lake, more than the 1 that may"),
    ],
)
def test_without_room_nothing_is_acknowledged_and_the_sender_told_when_to_try_again(
    key: str, settings: Settings, setting: str, value: int, status: int, words: str
) -> None:
    post(key, {"batch": [CALL, CALL | {"messageId": "m2"}]})
    before = getattr(settings, setting)
    for limit, expected in ((value, status), (before, 200)):
        setattr(settings, setting, limit)
        room.look_again()
        answer = post(key, {"batch": [CALL | {"messageId": "m3"}]})
        assert answer.status_code == expected
        assert (stored() == ["app:m1", "app:m2"]) == (expected == status)
        if expected == status:
            assert words in answer.json()["error"]
            assert int(answer.headers["Retry-After"]) > 0


def test_a_connection_that_was_cut_is_made_anew(transactional_db: None) -> None:
    key = sources.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    assert post(key, {"batch": [CALL]}).status_code == 200
    with psycopg.connect(**params(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    assert post(key, {"batch": [CALL | {"messageId": "m2"}]}).status_code == 200
    assert stored() == ["app:m1", "app:m2"]


def params() -> dict[str, Any]:
    """How to reach the tests' database without Django."""
    asked = connection.get_connection_params()
    return {name: value for name, value in asked.items() if name not in ("cursor_factory", "context")}
