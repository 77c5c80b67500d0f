"""The Journey tab of an account, its file, and what is declared."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Account
from keepwell.outcomes.models import Friction
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

HERE = "/accounts/willow/journey/"


def said(response: Any) -> str:
    return str(response.getvalue().decode())


def test_an_account_shows_its_path_its_criteria_and_its_frictions(ada: Client) -> None:
    assert "Read the journey" in text(ada.get(HERE))
    page = ada.get(f"{HERE}?now=1")
    told = text(page)
    assert "Growth for" in told
    assert "The renewal is 120 days away." in told
    assert "Cannot be told" in told or "Does not hold" in told
    assert "Ticket escalated" in told
    assert "Bad answer NPS 1" in told
    assert 'class="journey-path"' in html(page)
    assert "The path of Willow: Onboarding, Adoption and Growth" in html(page)
    past = text(ada.get(f"{HERE}?as_of=2026-05-31&now=1"))
    assert "Ticket escalated" not in past
    assert "Note a friction" not in past
    file = said(ada.get("/accounts/willow/journey.csv"))
    assert file.splitlines()[0].startswith("account,what,phase_or_kind,title,since")
    assert "willow,phase,growth,Growth" in file


def test_a_friction_is_noted_settled_and_taken_back_and_put_back(ada: Client) -> None:
    here = f"{HERE}deed/"
    ada.post(here, {"deed": "note", "text": "They lost a week.", "on": "2026-06-01"})
    assert "They lost a week." in text(ada.get(f"{HERE}?now=1"))
    number = Friction.objects.get().pk
    ada.post(here, {"deed": "settle", "id": number, "on": "2026-06-02"})
    assert "Open again" in text(ada.get(f"{HERE}?now=1"))
    assert "settled already" in text(
        ada.post(here, {"deed": "settle", "id": number, "on": "2026-06-02"}, follow=True)
    )
    ada.post(here, {"deed": "reopen", "id": number})
    ada.post(here, {"deed": "withdraw", "id": number})
    assert not Friction.objects.exists()
    undo = html(ada.get("/lately/")).split('name="removed" value="')[1].split('"')[0]
    ada.post("/undo/", {"removed": undo})
    assert Friction.objects.get().text == "They lost a week."
    assert ada.post(here, {"deed": "odd"}).status_code == 404
    assert "to come" in text(ada.post(here, {"deed": "note", "text": "x", "on": "2027-01-01"}, follow=True))


def test_cleo_finds_nothing_of_it(lived: World, sign_in: SignIn) -> None:
    cleo = sign_in(lived.cleo)
    for address in (HERE, f"{HERE}?now=1", "/accounts/willow/journey.csv"):
        assert cleo.get(address).status_code == 404
    assert cleo.post(f"{HERE}deed/", {"deed": "note", "text": "x", "on": "2026-06-01"}).status_code == 404


def test_what_is_declared_is_read_by_all_and_changed_by_few(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    page = text(ada.get("/settings/journey/"))
    assert "Expected to take 90 days." in page
    assert "within 8 weeks" in page
    assert ada.post("/settings/journey/", {"definition": "{}"}).status_code == 403
    root = sign_in(lived.root)
    assert "is no JSON" in text(root.post("/settings/journey/", {"definition": "{"}))
    assert root.post("/settings/journey/", {"definition": json.dumps({"x": 1})}).status_code == 422
    told = {"definition": json.dumps({"phases": [{"slug": "growth", "expected_days": 7}]})}
    assert "Expected to take 7 days." in text(root.post("/settings/journey/", told, follow=True))
    rests = root.post("/settings/journey/", {"deed": "rest", "days": "30"}, follow=True)
    assert "An account that was asked rests for 30 days." in text(rests)
    assert "Expected to take 7 days." in text(rests), "the declaration stays"
    for odd in ("many", "-1", "9999"):
        assert root.post("/settings/journey/", {"deed": "rest", "days": odd}).status_code == 422
    assert ada.post("/settings/journey/", {"deed": "rest", "days": "1"}).status_code == 403
    usual = text(root.post("/settings/journey/", {"deed": "withdraw"}, follow=True))
    assert "As usual: nobody declared it" in usual
    assert "No phase has criteria yet" in usual


def test_a_book_shows_its_flow_and_each_figure_opens_its_accounts(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    page = ada.get("/journey/?what=now")
    told = text(page)
    assert "longer in their phase than expected" in told
    assert "Growth" in told
    assert "too few to tell" in told
    assert "In it now: all phases" in told
    assert "phase=growth" in html(page)
    inside = text(ada.get("/journey/?phase=growth&what=now"))
    assert "Willow" in inside
    assert ada.get("/journey/?what=odd").status_code == 400
    assert ada.get("/journey/?weeks=5").status_code == 400
    assert "willow,Willow,growth,Growth" in said(ada.get("/journey.csv?what=now"))
    assert "Willow" not in text(sign_in(lived.cleo).get("/journey/?what=now&of=all"))


def test_onboarding_says_how_long_first_value_takes_and_who_is_late(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    rows = [{"key": "larch", "name": "Larch", "since": TODAY - timedelta(days=80)}]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    accounts.assign(account=Account.objects.get(key="larch"), user=lived.ada, role="csm", by=TESTS, at=NOW)
    told = text(ada.get("/journey/onboarding/"))
    assert "1 of 1 account who began are later than 8 weeks" in told
    assert "Larch Late" in told
    assert "First value: what the measure" in told
    assert "Nobody began like this" in text(ada.get("/journey/onboarding/?state=there"))
    assert "larch,Larch,2026-03-27,late,no,80" in said(ada.get("/journey/onboarding.csv"))
    assert ada.get("/journey/onboarding/?state=odd").status_code == 400
    assert "Larch" not in text(sign_in(lived.cleo).get("/journey/onboarding/?of=all"))
