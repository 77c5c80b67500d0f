"""Data quality over the API, within what the token's owner may see."""

import pytest

from keepwell.intake.actions import drifts, quality, sources
from keepwell.intake.models import Source
from tests import world
from tests.faces.api.test_rest import Api
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    built = world.build()
    sources.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    app = Source.objects.get(slug="app")
    drifts.tell([drifts.Told(app.pk, "new_property", "login", "sso", "boolean")], at=NOW)
    quality.refresh(at=NOW)
    return built


def test_who_may_import_hears_of_sources_and_acknowledges_changes(cast: World) -> None:
    root, ada = Api(cast.root), Api(cast.ada)
    [app] = [row for row in root.get("/quality/sources").json() if row["slug"] == "app"]
    assert (app["verdict"], app["is_overdue"], app["limit_hours"], app["open_changes"]) == (
        "unjudged",
        False,
        None,
        1,
    )
    [change] = root.get("/quality/changes", only_open=True).json()
    assert change["sentence"] == "login has a new property sso (boolean)"
    place = f"/quality/changes/{change['id']}/acknowledgement"
    assert ada.get("/quality/changes").json() == []
    assert ada.post(place, {}).status_code == 403
    assert root.post(place, {}).status_code == 204
    assert root.post(place, {}).status_code == 204
    assert root.get("/quality/changes", only_open=True).json() == []
    assert root.post("/quality/changes/999999/acknowledgement", {}).status_code == 404


def test_ada_reads_what_her_accounts_lack_page_by_page_and_cleo_nothing(cast: World) -> None:
    ada, cleo = Api(cast.ada), Api(cast.cleo)
    counted = {row["slug"]: row["accounts"] for row in ada.get("/quality/checks").json()}
    assert counted["no_contract"] == 4
    found, after = [], ""
    while after is not None:
        page = ada.get("/quality/findings", limit=3, after=after).json()
        found += [(row["account"], row["check"]) for row in page["items"]]
        after = page["next"]
    assert len(found) == len(set(found)) == sum(counted.values())
    only = ada.get("/quality/findings", check="no_people").json()
    assert [row["account"] for row in only["items"]] == ["ash", "birch", "elm", "willow"]
    assert cleo.get("/quality/findings").json() == {"items": [], "next": None}
