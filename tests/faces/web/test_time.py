"""The page of time: what it says, what it refuses, and the way back."""

from typing import Any

from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import World


def test_ada_notes_time_takes_it_back_and_reads_it_as_a_file(lived: World, sign_in: SignIn) -> None:
    ada = sign_in(lived.ada)
    assert "Note time" in text(ada.get("/time/"))
    refused = ada.post("/time/entries/", {"day": "", "hours": "long", "activity": "planning"})
    assert refused.status_code == 422
    assert "a number of hours such as 1.5" in text(refused)
    answer = ada.post(
        "/time/entries/",
        {"day": "", "hours": "1,5", "activity": "support", "account": "Willow", "note": "Exports"},
    )
    assert answer.status_code == 302
    page = text(ada.get("/time/"))
    assert "1.5 h noted." in page
    assert "Exports" in page
    file = said(ada.get("/time.csv"))
    assert ",willow,90,no,customer,reactive," in file
    cleo = sign_in(lived.cleo)
    assert "willow" not in said(cleo.get("/time.csv?of=all"))
    assert cleo.get("/time/?of=mine&weeks=5").status_code == 400


def said(response: Any) -> str:
    told: str = response.getvalue().decode()
    return told
