"""Metrics that a company defines, over the REST API."""

from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.metrics.actions import values
from keepwell.metrics.models import MetricValue, MetricVersion
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
SHARES = {
    "title": "Shares a month",
    "unit": "a month",
    "sentence": "How often something was shared in the last 30 days.",
    "unknown_when": "the account never had a usage event",
    "measure": {"take": "count", "days": 30, "events": {"where": {"of": "feature", "is": "share"}}},
}
ADDRESS = "/api/v1/metrics/shares/definition"


@pytest.fixture
def cast() -> world.World:
    cast = world.build()
    happen(uses("willow", 3, feature="share"), uses("willow", 4, feature="share"), uses("birch", 4))
    return cast


def client(cast: world.World, name: str) -> Client:
    token = tokens.create(user=getattr(cast, name), name="tests", by=TESTS, at=NOW, may_write=True)
    return Client(headers={"Authorization": f"Bearer {token}"})


def put(who: Client, **told: Any) -> Any:
    return who.put(ADDRESS, SHARES | told, content_type="application/json")


def test_a_metric_is_defined_tried_computed_alone_changed_and_retired(cast: world.World) -> None:
    root = client(cast, "root")
    values.refresh(since_by_account=None, as_of=TODAY)
    before = MetricValue.objects.count()
    tried = root.post(
        "/api/v1/metrics/shares/preview",
        SHARES | {"as_of": TODAY.isoformat()},
        content_type="application/json",
    )
    assert {row["account"]: row["value"] for row in tried.json()}["willow"] == 2
    said = put(root).json()
    assert (said["version"], said["computed"], said["group"]) == (1, False, "custom")
    assert "where Feature is share" in said["words"]
    done = values.refresh(since_by_account={}, as_of=TODAY)
    assert MetricValue.objects.count() == before + done.rows
    assert MetricValue.objects.get(account=cast.willow, metric="shares", as_of=TODAY).value == 2
    assert root.get(ADDRESS).json()["computed"]
    rows = root.get("/api/v1/metrics/shares?as_of=" + TODAY.isoformat()).json()
    assert {row["account"]: row["value"] for row in rows}["birch"] == 0
    assert put(root, measure=SHARES["measure"] | {"days": 4}).json()["version"] == 2
    values.refresh(since_by_account={}, as_of=TODAY)
    assert MetricValue.objects.get(account=cast.willow, metric="shares", as_of=TODAY).value == 1
    assert [row.number for row in MetricVersion.objects.order_by("number")] == [1, 2]
    assert root.delete(ADDRESS).status_code == 204
    values.refresh(since_by_account={}, as_of=TODAY)
    assert MetricValue.objects.count() == before
    assert root.get(ADDRESS).status_code == 404


def test_what_keepwell_brings_and_nonsense_are_refused_and_ada_may_not(cast: world.World) -> None:
    root = client(cast, "root")
    taken = root.put("/api/v1/metrics/active_days/definition", SHARES, content_type="application/json")
    assert "is a metric that Keepwell brings" in taken.content.decode()
    wrong = put(root, measure={"take": "everything"})
    assert wrong.status_code == 422
    assert "must be one of count, people" in wrong.content.decode()
    assert put(client(cast, "ada")).status_code == 403
    assert root.get("/api/v1/metrics/stickiness/definition").json()["version"] is None


def test_a_metric_told_apart_is_asked_by_part_over_the_api(cast: world.World) -> None:
    root = client(cast, "root")
    apart = {"of": "feature", "among": ["share", "export"]}
    assert put(root, per=apart, rollup={"how": "sum"}).json()["rollup"] == {
        "how": "sum",
        "kind": "commercial",
    }
    assert root.get(ADDRESS).json()["per"] == apart
    known = {row["slug"]: row["base"] for row in root.get("/api/v1/metrics").json()}
    assert known["shares:export"] == "shares"
    day = TODAY.isoformat()
    rows = root.get(f"/api/v1/metrics/shares?parts=true&account=willow&as_of={day}").json()
    assert {row["metric"]: row["value"] for row in rows} == {
        "shares": 2,
        "shares:share": 2,
        "shares:export": 0,
    }
    assert root.get(f"/api/v1/metrics/shares:own?account=willow&as_of={day}").json()[0]["value"] == 2
    assert put(root, per={"of": "value", "among": ["1"]}).status_code == 422
