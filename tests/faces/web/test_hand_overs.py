"""The pages of hand-overs: made, read, accepted, as a PDF; a whole book; what breaks if somebody leaves."""

from django.test import Client

from keepwell.plays.actions import hand_overs
from keepwell.plays.actions.hand_overs import Wanted
from keepwell.plays.models import HandOverPack
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, World

GIVEN = {
    "account": "Willow",
    "kind": "csm_to_csm",
    "to": "ben@fernhill.test",
    "note": "They wait for the export.",
}


def test_ada_hands_over_and_ben_accepts(ada: Client, lived: World, sign_in: SignIn) -> None:
    assert "No account changes hands" in text(ada.get("/handovers/"))
    refused = ada.post("/handovers/", {**GIVEN, "to": "nobody@fernhill.test"})
    assert refused.status_code == 422
    assert "They wait for the export." in text(refused)
    made = ada.post("/handovers/", GIVEN, follow=True)
    page = text(made)
    assert "The hand-over is made." in page
    assert "They wait for the export." in page
    assert "Open promises" in page
    number = HandOverPack.objects.get().pk
    ben = sign_in(lived.ben)
    assert "Take over Willow" in text(ben.get("/today/"))
    assert "Accept" in text(ben.get(f"/handovers/{number}/"))
    pdf = ben.get(f"/handovers/{number}/pack.pdf")
    assert pdf.content.startswith(b"%PDF")
    done = text(ben.post(f"/handovers/{number}/change/", {"deed": "accept", "note": "Thanks."}, follow=True))
    assert "It is yours now." in done
    assert "Ben accepted it" in done
    again = text(ben.post(f"/handovers/{number}/change/", {"deed": "accept"}, follow=True))
    assert "This was accepted already." in again
    cleo = sign_in(lived.cleo)
    assert cleo.get(f"/handovers/{number}/").status_code == 404
    assert cleo.get(f"/handovers/{number}/pack.pdf").status_code == 404
    assert "Willow" not in text(cleo.get("/handovers/?whose=all"))


def test_a_note_is_changed_and_a_hand_over_taken_back(ada: Client, lived: World) -> None:
    number = hand_overs.make(
        account="elm", wanted=Wanted("csm_to_csm", "ben@fernhill.test"), by=lived.scope("ada"), at=NOW
    )
    here = f"/handovers/{number}/change/"
    assert "Call on Fridays" in text(ada.post(here, {"deed": "note", "note": "Call on Fridays"}, follow=True))
    assert ada.post(here, {"deed": "burn"}).status_code == 400
    assert "is taken back" in text(ada.post(here, {"deed": "withdraw"}, follow=True))
    assert not HandOverPack.objects.exists()


def test_a_leader_sees_what_breaks_and_hands_the_book_over(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    page = text(ada.get("/handovers/continuity/"))
    assert "If Ada leaves today" in page
    assert "nobody else of ours has a role" in page
    assert ada.post(f"/handovers/continuity/?of={lived.ada.pk}", GIVEN).status_code == 403
    file = ada.get("/handovers/continuity.csv").getvalue().decode()
    assert "willow,Willow," in file
    root = sign_in(lived.root)
    assert f"/handovers/continuity/?of={lived.ada.pk}" in root.get("/handovers/").content.decode()
    here = f"/handovers/continuity/?of={lived.ada.pk}"
    assert root.post(here, {**GIVEN, "to": "ada@fernhill.test"}).status_code == 422
    told = text(root.post(here, {**GIVEN, "assign": "1"}, follow=True))
    assert "4 hand-overs are made." in told
    assert sign_in(lived.cleo).get(here).status_code == 404


def test_reassigning_in_bulk_offers_hand_overs(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    draft = root.post("/accounts-bulk/", {"key": ["elm", "ash"], "kind": "assign"})
    here = draft.headers["Location"].partition("?")[0]
    said = {"kind": "assign", "user": "ben@fernhill.test", "role": "csm", "deed": "do"}
    root.post(here, said)
    page = root.get(here)
    assert "Make the hand-overs" in text(page)
    told = text(root.post(f"{here}hand-overs/", follow=True))
    assert "2 hand-overs are made." in told
