"""The pages of advocacy: suggestions, asks with their answers, similar customers, the file."""

import re
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


def test_an_account_s_page_tells_who_was_asked_and_whom_one_may_ask_next(ada: Client, lived: World) -> None:
    champion(lived)
    here = "/accounts/birch/advocacy/"
    page = ada.get(here)
    assert "Nobody was asked yet" in text(page)
    assert "The account may be asked." in text(page)
    assert "/advocacy/ask/birch/?person=bea&amp;back=%2Faccounts%2Fbirch%2Fadvocacy%2F" in html(page)
    wanted = {"person": "bea", "kind": "reference", "on": "2026-06-01"}
    done = ada.post(f"/advocacy/ask/birch/?back={here}", wanted)
    assert done.headers["Location"] == here
    page = ada.get(here)
    assert "1 ask, something came of 0, 1 without an answer." in text(page)
    assert re.search(r"The account rests until 28\sNov", text(page))
    assert "has not answered yet" in text(page)
    number = AdvocateAsk.objects.get().pk
    told = {"deed": "answer", "answer": "yes", "on": "2026-06-02", "back": here}
    assert ada.post(f"/advocacy/asks/{number}/", told).headers["Location"] == here
    assert "bea,Bea Holm,reference" in said(ada.get("/accounts/birch/advocacy.csv"))
    past = text(ada.get(f"{here}?as_of=2026-05-12"))
    assert "Nobody was asked yet" in past
    assert "Note an ask" not in past


def test_the_lists_are_searched_filtered_read_in_parts_and_taken_along(
    ada: Client, lived: World, monkeypatch: Any
) -> None:
    champion(lived)
    second = Person.objects.create(key="ben-holm", name="Ben Holm")
    Stakeholder.objects.create(account=lived.birch, person=second, stance="champion", status="active")
    monkeypatch.setattr("keepwell.faces.web.views.advocacy.SHOWN", 1)
    page = html(ada.get("/advocacy/?q=holm"))
    assert "Bea Holm" in page
    assert "Ben Holm" not in page
    assert "1 to 1 of 2" in page
    assert "Ben Holm" in html(ada.get("/advocacy/?q=holm&offset=1"))
    assert "Nobody is like this" in text(ada.get("/advocacy/?q=xylophone"))
    file = said(ada.get("/advocacy/people.csv?q=holm&kind=speaking"))
    assert file.count("green champion rested") == 2
    assert ada.get("/advocacy/?kind=song").status_code == 400
    for number, person in enumerate(("bea", "ben-holm")):
        told = {
            "person": person,
            "kind": "logo",
            "on": f"2026-06-0{number + 1}",
            "anyway": "1",
            "note": "They offered.",
        }
        assert ada.post("/advocacy/ask/birch/", told).status_code == 302
    page = html(ada.get("/advocacy/?tab=asks"))
    assert "Ben Holm" in page
    assert "Bea Holm" not in page
    assert "Waits for an answer (2)" in page
    assert "Bea Holm" in html(ada.get("/advocacy/?tab=asks&offset=1&kind=logo&state=open"))
    assert "No ask is like this" in text(ada.get("/advocacy/?tab=asks&kind=review"))
