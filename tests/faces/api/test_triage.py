"""Triage, office hours, gaps and the library over the API."""

import pytest

from tests import world
from tests.faces.api.test_rest import Api
from tests.plays import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.World:
    cast = world.build()
    desk.staffed(cast)
    return cast


def test_tickets_are_triaged_and_taken_back(cast: world.World) -> None:
    desk.opened("t1", person="uma")
    ada, cleo = Api(cast.ada), Api(cast.cleo)
    assert [one["key"] for one in ada.get("/triage/tickets", kind="unknown").json()] == ["t1"]
    assert cleo.get("/triage/tickets").json() == []
    assert cleo.post("/triage/deeds", {"tickets": ["t1"], "deed": "pm"}).status_code == 404
    kind = ada.post("/triage/deeds", {"tickets": ["t1"], "deed": "kind", "kind": "defect"})
    assert kind.status_code == 201, kind.content
    assert ada.post("/triage/deeds", {"tickets": ["t1"], "deed": "kind", "kind": "rant"}).status_code == 422
    done = ada.post("/triage/deeds", {"tickets": ["t1"], "deed": "gap", "title": "Dark mode"}).json()
    assert ada.post("/triage/deeds", {"tickets": ["t1"], "deed": "pm"}).status_code == 409
    assert ada.get("/triage/deeds").json()[0]["gap"] == "Dark mode"
    assert ada.get("/triage/gaps").json()[0]["tickets"] == 1
    assert ada.post("/triage/undo", {"ids": done["ids"]}).json() == {"undone": 1, "letters_gone": 0}
    assert ada.post("/triage/undo", {"ids": done["ids"]}).status_code == 404
    assert Api(cast.ada, may_write=False).post("/triage/undo", {"ids": [1]}).status_code == 403


def test_an_hour_is_set_up_and_asked(cast: world.World) -> None:
    desk.opened("t1", person="uma")
    ada = Api(cast.ada)
    slot = ada.post("/office-hours/slots", {"title": "Ask us", "weekday": 2, "clock": "15:00:00"})
    assert slot.status_code == 201, slot.content
    ada.post("/triage/deeds", {"tickets": ["t1"], "deed": "office_hour"})
    (hour,) = ada.get("/office-hours").json()
    assert hour["questions"] == 1
    assert ada.get(f"/office-hours/{hour['id']}/questions").json()[0]["person"] == "Uma"
    assert Api(cast.cleo).get(f"/office-hours/{hour['id']}/questions").json() == []
    assert ada.post(f"/office-hours/{hour['id']}/held", {"attended": ["uma"]}).status_code == 409
    assert ada.client.delete(f"/api/v1/office-hours/slots/{slot.json()['id']}").status_code == 204


def test_gaps_are_shipped_and_told_back(cast: world.World) -> None:
    desk.opened("t1", person="uma")
    ada = Api(cast.ada)
    ada.post("/triage/deeds", {"tickets": ["t1"], "deed": "gap", "title": "Dark mode"})
    change = {"gap": "dark-mode", "status": "shipped"}
    assert ada.client.patch("/api/v1/triage/gaps", change, content_type="application/json").status_code == 204
    told = ada.post("/triage/gaps/telling", {"gap": "dark-mode", "text": "It is there."}).json()
    assert told == {"letters": 1, "unwritten": 0}
    (asked,) = ada.get("/triage/gaps/requests", gap="dark-mode").json()
    assert (asked["told"], asked["told_at"]) == ("queued", None)
    assert ada.post("/triage/gaps/told", {"requests": [asked["key"]]}).status_code == 204


def test_articles_are_written_found_and_missed(cast: world.World) -> None:
    ada = Api(cast.ada)
    made = ada.post("/articles", {"title": "Exports", "body": "So.", "visibility": "shared", "tags": ["how"]})
    assert made.status_code == 201, made.content
    assert [one["title"] for one in ada.get("/articles", search="expo").json()] == ["Exports"]
    assert ada.get("/articles", search="single sign-on").json() == []
    vain = ada.get("/articles/asked-in-vain").json()
    number = made.json()["id"]
    changed = ada.client.put(
        f"/api/v1/articles/{number}", {"title": "Single sign-on"}, content_type="application/json"
    )
    assert changed.json()["visibility"] == "internal"
    assert ada.client.delete(f"/api/v1/articles/{number}").status_code == 204
    assert ada.get("/articles").json() == []
    assert [one["words"] for one in vain] in (["single sign on"], []), "a program's search counts for nobody"


def test_the_effect_is_told_with_what_is_missing(cast: world.World) -> None:
    ada = Api(cast.ada)
    start = {"account": "willow", "began_on": "2026-06-01", "pm_had_all": True}
    assert ada.client.put("/api/v1/triage/starts", start, content_type="application/json").status_code == 204
    (effect,) = ada.get("/triage/effect").json()
    assert (effect["load"]["why"], effect["load"]["before"]) == ("few_days", None)
    assert ada.get("/triage/effect", account="elm").status_code == 404
