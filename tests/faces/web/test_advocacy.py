"""The pages of advocacy: suggestions, asks with their answers, similar customers, the file."""

from typing import Any

from django.test import Client

from keepwell.ledger.models import Person, Stakeholder
from keepwell.outcomes.models import AdvocateAsk
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import World


def said(response: Any) -> str:
    return str(response.getvalue().decode())


def champion(world: World) -> None:
    person = Person.objects.create(key="bea", name="Bea Holm")
    Stakeholder.objects.create(account=world.birch, person=person, stance="champion", status="active")


def test_a_champion_is_suggested_asked_and_speaks(ada: Client, lived: World) -> None:
    champion(lived)
    page = text(ada.get("/advocacy/"))
    assert "Bea Holm" in page
    assert "healthy, champion, not asked in a year" in page
    assert "Ask to speak for us" in text(ada.get("/advocacy/ask/birch/?person=bea"))
    wanted = {"person": "bea", "kind": "case_study", "on": "2026-06-01", "for_whom": "Oak"}
    assert "The ask is noted." in text(ada.post("/advocacy/ask/birch/", wanted, follow=True))
    again = ada.post("/advocacy/ask/birch/", {**wanted, "on": "2026-06-02"})
    assert again.status_code == 422
    assert "has not answered yet" in text(again)
    assert "the account was asked not long ago" in text(ada.get("/advocacy/"))
    here = f"/advocacy/asks/{AdvocateAsk.objects.get().pk}/"
    assert "Waits for an answer" in text(ada.get("/advocacy/?tab=asks"))
    ada.post(here, {"deed": "answer", "answer": "yes", "on": "2026-06-02"})
    told = {"deed": "outcome", "text": "A story", "on": "2026-06-03", "link": "https://stories.test/1"}
    assert "A story" in text(ada.post(here, told, follow=True))
    assert "Name a day from" in text(
        ada.post(here, {"deed": "answer", "answer": "no", "on": "2026-01-01"}, follow=True)
    )
    lived.birch.__class__.objects.filter(key__in=("birch", "willow")).update(industry="Logistics")
    assert "Case study: A story" in text(ada.get("/advocacy/?tab=alike&like=willow"))
    file = said(ada.get("/advocacy.csv"))
    assert "birch,Birch,bea,Bea Holm,case_study,Oak" in file
    for _ in range(3):
        ada.post(here, {"deed": "back"})
    assert not AdvocateAsk.objects.exists()
    assert ada.post(here, {"deed": "back"}).status_code == 404


def test_an_ask_is_taken_back_by_the_toast(ada: Client, lived: World) -> None:
    champion(lived)
    ada.post("/advocacy/ask/birch/", {"person": "bea", "kind": "logo", "on": "2026-06-01"})
    undo = html(ada.get("/lately/")).split('name="removed" value="')[1].split('"')[0]
    ada.post("/undo/", {"removed": undo})
    assert not AdvocateAsk.objects.exists()


def test_cleo_finds_nothing_of_it_and_empty_lists_say_what_they_are(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    cleo = sign_in(lived.cleo)
    champion(lived)
    assert "Bea Holm" not in text(cleo.get("/advocacy/?of=all"))
    assert cleo.get("/advocacy/ask/birch/").status_code == 404
    assert "Nobody was asked yet" in text(ada.get("/advocacy/?tab=asks"))
    assert "Name an account" in text(ada.get("/advocacy/?tab=alike"))
    assert ada.get("/advocacy/?tab=odd").status_code == 404
    assert ada.get("/advocacy/?tab=alike&like=nobody").status_code == 404
