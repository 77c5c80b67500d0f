"""Segments over the REST API."""

from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.segments.actions import memberships
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
QUIET = {"of": "metric.active_days", "below": 2}


@pytest.fixture
def root() -> Client:
    cast = world.build()
    happen(uses("willow", 3), uses("birch", 3), uses("birch", 4))
    token = tokens.create(user=cast.root, name="tests", by=TESTS, at=NOW, may_write=True)
    return Client(headers={"Authorization": f"Bearer {token}"})


def put(client: Client, slug: str, **told: Any) -> Any:
    return client.put(f"/api/v1/segments/{slug}", told, content_type="application/json")


def test_a_segment_is_said_read_and_retired(root: Client) -> None:
    from keepwell.metrics.actions import values

    said = put(root, "quiet", title="Quiet", condition=QUIET)
    assert said.status_code == 200
    assert said.json()["words"] == "Active days is below 2 days"
    values.refresh(since_by_account=None, as_of=TODAY)
    memberships.refresh(since_by_account=None, as_of=TODAY)
    assert root.get("/api/v1/segments/quiet").json()["members"] == 1
    members = root.get("/api/v1/segments/quiet/members").json()
    assert [(m["account"], m["because"]) for m in members["items"]] == [
        ("willow", ["Active days 1 day (below 2 days)"])
    ]
    assert members["next"] is None
    first = root.get("/api/v1/segments/quiet/members?state=unknown&limit=1").json()
    assert [m["account"] for m in first["items"]] == ["ash"]
    assert first["next"] == "ash"
    looked = root.post("/api/v1/segments/preview", {"condition": QUIET}, content_type="application/json")
    assert looked.json()["members"] == 1
    assert root.delete("/api/v1/segments/quiet").status_code == 204
    assert root.get("/api/v1/segments/quiet").status_code == 404


def test_what_cannot_be_asked_is_refused_in_words(root: Client) -> None:
    refused = put(root, "quiet", title="Quiet", condition={"of": "metric.activ_days", "below": 2})
    assert refused.status_code == 422
    assert "Did you mean metric.active_days" in refused.json()["error"]


def test_every_subject_is_told(root: Client) -> None:
    told = {one["subject"]: one for one in root.get("/api/v1/segments/subjects").json()}
    assert told["metric.active_days"]["unit"] == "days"
    assert told["score.band"]["choices"] == ["green", "yellow", "red", "unknown"]
    assert told["event."]["in_days"]
