"""The pages of triage: inbox, office hours, gaps, library, effect; each deed, what is refused, and the way back."""

import re
from typing import Any

import pytest

from keepwell.ledger.models import GapRequest, ProductGap, Ticket, Touchpoint
from keepwell.plays.models import Article, Message, OfficeHour, Triage
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.plays import desk
from tests.world import World

pytestmark = pytest.mark.django_db


def file(response: Any) -> str:
    told: str = response.getvalue().decode()
    return told


def undone(client: Any) -> str:
    """Press the toast's button."""
    page = client.get("/triage/").content.decode()
    mark = re.search(r'name="removed" value="([^"]+)"', page)
    assert mark is not None
    client.post("/undo/", {"removed": mark[1]})
    return text(client.get("/triage/"))


def test_ada_sets_kinds_settles_and_takes_back(lived: World, sign_in: SignIn) -> None:
    desk.staffed(lived)
    desk.opened("t1", person="uma")
    desk.opened("t2")
    ada = sign_in(lived.ada)
    page = text(ada.get("/triage/?account=willow"))
    assert "About t1" in page
    assert "of unknown kind" in page
    ada.post("/triage/several/", {"deed": "kind:defect", "ticket": ["t1", "t2"]})
    assert Ticket.objects.filter(kind="defect", key__in=["t1", "t2"]).count() == 2
    assert "2 tickets: Defect." in text(ada.get("/triage/"))
    ada.post("/triage/several/", {"deed": "pm", "ticket": ["t1"]})
    assert Ticket.objects.get(key="t1").assignee == "pia@fernhill.test"
    assert "About t1" not in text(ada.get("/triage/?account=willow"))
    assert "Handed to the PM: Pia" in text(ada.get("/triage/?state=triaged"))
    ada.post("/triage/several/", {"deed": "gap", "ticket": ["t2"], "title": "Dark mode"})
    assert ProductGap.objects.get().title == "Dark mode"
    assert "1 ticket is as it was." in undone(ada)
    assert not GapRequest.objects.exists()
    done = Triage.objects.get(deed="pm")
    ada.post("/triage/undo/", {"triage": done.pk})
    assert "About t1" in text(ada.get("/triage/?account=willow"))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"deed": "kind:defect"}, "Choose at least one ticket"),
        ({"ticket": "t1"}, "Choose what to do"),
        ({"ticket": "t1", "deed": "article"}, "Choose the article"),
        ({"ticket": "t1", "deed": "gap"}, "Choose a product gap"),
        ({"ticket": "t1", "deed": "office_hour"}, "There is no office hour yet"),
        ({"ticket": "t1", "deed": "pm"}, "Willow has no PM"),
        ({"ticket": "nothing", "deed": "pm"}, 'no ticket "nothing"'),
    ],
)
def test_what_is_refused_says_what_to_do(
    lived: World, sign_in: SignIn, said: dict[str, str], why: str
) -> None:
    desk.opened("t1")
    ada = sign_in(lived.ada)
    ada.post("/triage/several/", said)
    assert why in text(ada.get("/triage/"))
    assert not Triage.objects.exists()


def test_the_inbox_as_a_file_and_nothing_of_it_for_cleo(lived: World, sign_in: SignIn) -> None:
    desk.opened("t1", subject="=1+1", kind="defect")
    found = file(sign_in(lived.ada).get("/triage.csv?kind=defect"))
    assert "t1,'=1+1,defect" in found
    assert "t1" not in file(sign_in(lived.cleo).get("/triage.csv"))
    assert "No ticket waits for triage" in text(sign_in(lived.cleo).get("/triage/"))


def test_an_office_hour_from_slot_to_touchpoint(lived: World, sign_in: SignIn) -> None:
    ada = sign_in(lived.ada)
    refused = ada.post(
        "/triage/office-hours/slots/", {"title": "Ask", "clock": "late", "minutes": "60", "weekday": "2"}
    )
    assert refused.status_code == 422
    assert "is no time" in text(refused)
    session = book.triaged()
    page = text(ada.get(f"/triage/office-hours/{session.pk}/"))
    assert "How to export" in page
    assert "It was held" in page
    ada.post(f"/triage/office-hours/{session.pk}/held/", {"came": "uma", "minutes": "45", "note": "Exports"})
    assert Touchpoint.objects.get(key__startswith="office-hour").attended == ["uma"]
    assert "Held, with 1 question" in text(ada.get(f"/triage/office-hours/{session.pk}/"))
    assert ada.post(f"/triage/office-hours/{session.pk}/held/", {}).status_code == 422
    assert "q1,How to export,willow" in file(ada.get(f"/triage/office-hours/{session.pk}/questions.csv"))
    slot = OfficeHour.objects.get()
    ada.post(f"/triage/office-hours/slots/{slot.pk}/end/")
    undone(ada)
    slot.refresh_from_db()
    assert slot.ended_at is None


def test_gaps_are_ranked_merged_shipped_and_told_back(lived: World, sign_in: SignIn) -> None:
    book.triaged()
    ada = sign_in(lived.ada)
    assert "How it is ranked" in text(ada.get("/triage/gaps/"))
    assert "dark-mode,Dark mode,shipped" in file(ada.get("/triage/gaps.csv"))
    page = text(ada.get("/triage/gaps/dark-mode/"))
    assert "No dark mode" in page
    assert "Write to them" in page
    assert ada.post("/triage/gaps/dark-mode/telling/", {"text": " "}).status_code == 422
    ada.post("/triage/gaps/dark-mode/telling/", {"text": "It is there."})
    assert Message.objects.get().recipient == "uma@willow.test"
    assert "A letter waits to go out" in text(ada.get("/triage/gaps/dark-mode/"))
    ada.post("/triage/gaps/dark-mode/status/", {"status": "planned"})
    assert ProductGap.objects.get().status == "planned"
    undone(ada)
    assert ProductGap.objects.get().status == "shipped"
    key = GapRequest.objects.get().key
    ada.post("/triage/gaps/dark-mode/told/", {"request": key})
    assert GapRequest.objects.get().told_at is not None
    assert ada.get("/triage/gaps/nothing/").status_code == 404


def test_the_library_is_written_searched_and_remembers_what_is_missing(lived: World, sign_in: SignIn) -> None:
    ada = sign_in(lived.ada)
    assert ada.post("/library/new/", {"title": ""}).status_code == 422
    ada.post(
        "/library/new/", {"title": "Exports", "body": "# So\n\n- <b>one</b>\n- two", "visibility": "shared"}
    )
    number = Article.objects.get().pk
    page = ada.get(f"/library/{number}/").content.decode()
    assert "<ul><li>&lt;b&gt;one&lt;/b&gt;</li><li>two</li></ul>" in page
    assert "1 article fits." in text(ada.get("/library/?q=export"))
    assert "Nothing is written about this" in text(ada.get("/library/?q=single sign-on"))
    assert "single sign on" in text(ada.get("/library/"))
    ada.post(f"/library/{number}/edit/", {"title": "Single sign-on", "body": "So.", "visibility": "internal"})
    ada.get("/library/?q=single sign-on")
    assert "Asked in vain" not in text(ada.get("/library/")), "it is found by now"
    ada.post(f"/library/{number}/retirement/")
    undone(ada)
    assert "Single sign-on" in file(ada.get("/library.csv"))


def test_the_effect_says_what_it_cannot_tell(lived: World, sign_in: SignIn) -> None:
    ada = sign_in(lived.ada)
    assert "Nothing to compare yet" in text(ada.get("/triage/effect/"))
    refused = ada.post("/triage/effect/start/", {"account": "willow", "began_on": "soon"})
    assert refused.status_code == 422
    ada.post("/triage/effect/start/", {"account": "Willow", "began_on": "2026-06-01", "had": "pm"})
    page = text(ada.get("/triage/effect/?account=willow"))
    assert "CSAT cannot be compared: 0 answers before and 0 after" in page
    assert "willow,Willow,2026-06-01" in file(ada.get("/triage/effect.csv"))
    assert "willow" not in file(sign_in(lived.cleo).get("/triage/effect.csv"))
