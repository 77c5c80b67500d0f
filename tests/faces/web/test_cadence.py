"""The pages of cadence: the account's tab, the book's list, outputs, what is declared, and the files."""

import json
from datetime import date
from typing import Any

from django.test import Client

from keepwell.faces.web.pages import cadence as pages
from keepwell.health.queries.portfolio import Whose
from keepwell.plays.models import OutputDelivery
from keepwell.plays.queries.outputs import OutputView
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import World


def said(response: Any) -> str:
    return str(response.getvalue().decode())


def test_an_account_says_what_is_due_and_what_was_kept(ada: Client) -> None:
    page = text(ada.get("/accounts/willow/cadence/"))
    assert "Broken" in page
    assert "At risk, each week" in page
    assert "Growth since 6 Jan 2026, led by CSM" in page
    assert "Conversations in the week before each Sunday" in page
    assert "Broken since" in page
    past = text(ada.get("/accounts/willow/cadence/?as_of=2026-05-31"))
    assert "Delivered" not in past


def test_an_output_is_delivered_and_taken_back(ada: Client) -> None:
    here = "/accounts/willow/cadence/outputs/expansion-pipeline/"
    before = text(ada.get("/accounts/willow/cadence/"))
    assert "Expansion pipeline CSM" in before
    assert "Overdue" in before
    done = ada.post(here, {"link": "https://files.test/pipeline", "note": "Two ideas."}, follow=True)
    page = text(done)
    assert "Noted as delivered." in page
    assert "Two ideas." in page
    assert "Done" in page
    assert "Somebody has said already" in text(ada.post(here, {}, follow=True))
    undo = ada.get("/lately/").content.decode().split('name="removed" value="')[1].split('"')[0]
    ada.post("/undo/", {"removed": undo})
    assert not OutputDelivery.objects.exists()
    refused = text(ada.post(here, {"link": "ftp://x"}, follow=True))
    assert "is no address" in refused


def test_a_book_says_its_share_and_who_is_broken(ada: Client, lived: World, sign_in: SignIn) -> None:
    page = text(ada.get("/cadence/?of=mine"))
    assert "Cadence kept" in page
    assert "Willow" in page
    assert "At risk, each week" in page
    kept = text(ada.get("/cadence/?of=mine&state=kept"))
    assert "Birch" in kept
    assert "Willow" not in kept
    file = said(ada.get("/cadence.csv?of=mine&state=late"))
    assert file.splitlines()[0].startswith("account,account_name,band,state,rule,last,due")
    assert "willow,Willow,red,late," in file
    assert ada.get("/cadence/?state=odd").status_code == 400
    assert ada.get("/cadence/?after=x").status_code == 400
    cleo = sign_in(lived.cleo)
    assert "Willow" not in text(cleo.get("/cadence/?of=mine"))
    assert cleo.get("/accounts/willow/cadence/").status_code == 404
    assert cleo.post("/accounts/willow/cadence/outputs/expansion-pipeline/").status_code == 404


def test_the_same_share_stands_in_the_portfolio(ada: Client) -> None:
    book = text(ada.get("/cadence/?of=mine"))
    share = book.split("kept with ")[1].split(" of")[0]
    assert f"Cadence kept with {share} of" in text(ada.get("/portfolio/?of=mine"))


def test_outputs_of_a_book_by_state_and_as_a_file(ada: Client) -> None:
    page = text(ada.get("/cadence/outputs/?of=mine"))
    assert "Expansion pipeline Willow Growth" in page
    assert ada.get("/cadence/outputs/?how=never").status_code == 400
    assert "willow,Willow,growth,expansion-pipeline" in said(ada.get("/cadence/outputs.csv?of=mine"))


def test_many_outputs_come_a_page_at_a_time() -> None:
    day = date(2026, 6, 16)
    found = [
        OutputView(n, f"a{n}", f"A {n}", "p", "P", None, f"o{n}", f"O {n}", (), day, "due", None, "", "", "")
        for n in range(5)
    ]

    def page(after: int) -> pages.OutputsPage:
        of = Whose("mine", "Mine", frozenset())
        return pages.outputs(of, found, asked="due", is_cut=False, whose=(), today=day, after=after, limit=2)

    told = [page(after) for after in (0, 2, 4)]
    assert [[row.title for row in one.rows] for one in told] == [["O 0", "O 1"], ["O 2", "O 3"], ["O 4"]]
    assert [one.said for one in told] == ["1 to 2", "3 to 4", "5 to 5"]
    assert [bool(one.before) for one in told] == [False, True, True]
    assert [one.after.partition("after=")[2] for one in told] == ["2", "4", ""]
    assert {one.state for one in told} == {"Mine: 5\N{NO-BREAK SPACE}outputs."}, "all are counted"
    assert (
        pages.outputs(
            Whose("mine", "Mine", None),
            found[:2],
            asked="due",
            is_cut=False,
            whose=(),
            today=day,
            after=0,
            limit=2,
        ).said
        == ""
    )


def test_what_is_declared_is_read_by_all_and_changed_by_few(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    page = text(ada.get("/settings/cadence/"))
    assert "High-touch every two weeks" in page
    assert "Tech-touch by programmes alone" in page
    assert "Renewal case due 30 days after it began" in page
    assert ada.post("/settings/cadence/", {"definition": "{}"}).status_code == 403
    root = sign_in(lived.root)
    assert "is no JSON" in text(root.post("/settings/cadence/", {"definition": "{"}))
    wrong = root.post("/settings/cadence/", {"definition": json.dumps({"bands": {"red": 0}})})
    assert wrong.status_code == 422
    assert "must be a whole number from 1 to 400" in text(wrong)
    declared = {"definition": json.dumps({"bands": {"red": 3}})}
    assert "At risk every 3 days" in text(root.post("/settings/cadence/", declared, follow=True))
    usual = text(root.post("/settings/cadence/", {"deed": "withdraw"}, follow=True))
    assert "As usual: nobody declared it" in usual
    assert "Declared before" in usual
