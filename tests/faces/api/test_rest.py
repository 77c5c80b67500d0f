"""The REST API answers only for what the token's owner may see, in the declared shapes."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openapi_spec_validator import validate

from keepwell.access.actions import tokens
from keepwell.intake.actions import imports
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


class Api:
    """A program with a token."""

    def __init__(self, person: Any, *, may_write: bool = True) -> None:
        secret = tokens.create(user=person, name="t", by=TESTS, at=NOW, may_write=may_write)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    advance(at=NOW)
    return made


def test_the_contract_is_valid_openapi() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    validate(answer.json())


def test_without_a_valid_token_nothing_is_told(cast: world.World) -> None:
    assert Client().get("/api/v1/accounts").status_code == 401
    answer = Client(headers={"Authorization": "Bearer kw_wrong"}).get("/api/v1/accounts")
    assert answer.status_code == 401
    assert "not valid" in answer.json()["error"]


def test_ada_lists_her_book_page_by_page_and_cleo_nothing(cast: world.World) -> None:
    ada = Api(cast.ada)
    first = ada.get("/accounts", limit=3).json()
    assert [a["key"] for a in first["items"]] == ["ash", "birch", "elm"]
    second = ada.get("/accounts", limit=3, after=first["next"]).json()
    assert ([a["key"] for a in second["items"]], second["next"]) == (["willow"], None)
    cleo = Api(cast.cleo)
    assert cleo.get("/accounts").json()["items"] == []
    assert cleo.get("/accounts/elm").status_code == 404
    assert cleo.get("/scores", account="elm").status_code == 404
    assert cleo.get("/scores").json()["items"] == []
    assert cleo.get("/metrics/active_people").json() == []


def test_scores_say_what_they_do_not_know(cast: world.World) -> None:
    score = Api(cast.ada).get("/scores", account="elm", as_of="2026-06-14").json()["items"][0]
    assert (score["points"], score["band"], score["known_weight"]) == (None, "unknown", 0.0)
    assert (score["low"], score["high"]) == (0.0, 100.0)
    assert all(part["reason"] for part in score["parts"])


def test_a_wrong_question_is_answered_in_words(cast: world.World) -> None:
    api = Api(cast.ada)
    assert "no_such" in api.get("/metrics/no_such").json()["error"]
    assert api.get("/scores", as_of="yesterday").status_code == 422
    assert api.get("/accounts", limit=100_000).status_code == 422
    assert Api(cast.root).get("/imports/1/rejections", offset="9" * 20).status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_out_of_reach_are_refused_in_words(cast: world.World, day: str) -> None:
    api = Api(cast.ada)
    for path in ("/scores", "/metrics/active_people"):
        for question in ({"as_of": day}, {"as_of": "2026-06-14", "known_at": day}):
            answer = api.get(path, **question)
            assert answer.status_code == 422
            assert f'"{day}" is out of reach' in answer.json()["error"]


def test_a_value_for_all_rows_holds_no_nul(cast: world.World) -> None:
    root = Api(cast.root)
    file = SimpleUploadedFile("accounts.csv", b"key\noak\n")
    number = root.client.post("/api/v1/imports?kind=accounts", {"file": file}).json()["id"]
    answer = root.post(f"/imports/{number}/start", {"mapping": {"key": "key"}, "constants": {"name": "a\0b"}})
    assert answer.status_code == 422
    assert "holds the character NUL" in answer.json()["error"]


def test_a_file_is_uploaded_mapped_run_and_read_back(
    cast: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(
        "keepwell.faces.api.imports.tasks.run_import.defer", lambda *, batch_id: queued.append(batch_id)
    )
    root = Api(cast.root)
    file = SimpleUploadedFile("accounts.csv", b"key,name,since\noak,Oak,2026-01-01\nyew,Yew,31/02/2026\n")
    made = root.client.post(
        "/api/v1/imports", {"file": file}, query_params={"kind": "accounts", "source": "crm"}
    )
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert root.post(f"/imports/{number}/start", {}).status_code == 202
    imports.run(batch_id=queued.pop(), at=NOW)
    done = root.get(f"/imports/{number}").json()
    assert (done["state"], done["created"], done["rejected"]) == ("done", 1, 1)
    rejection = root.get(f"/imports/{number}/rejections").json()[0]
    assert "31/02/2026" in rejection["reason"]
    assert root.post(f"/imports/{number}/start", {}).status_code == 409


def test_a_csm_and_a_reading_token_may_not_import(cast: world.World) -> None:
    for api in (Api(cast.ada), Api(cast.root, may_write=False)):
        file = SimpleUploadedFile("accounts.csv", b"key\noak\n")
        answer = api.client.post("/api/v1/imports?kind=accounts", {"file": file})
        assert answer.status_code == 403
        assert "data.import" in answer.json()["error"]


def test_a_token_expires(cast: world.World) -> None:
    secret = tokens.create(user=cast.ada, name="t", by=TESTS, at=NOW, may_write=False, expires_at=NOW)
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/accounts")
    assert answer.status_code == 401
