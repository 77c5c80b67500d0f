"""The business case for a renewal: value beside cost, what is not known said aloud, on the page, on paper and for programs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.ledger.actions import rates
from keepwell.ledger.models import Account, Contract
from keepwell.outcomes.actions import progress
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
HERE = "/accounts/elm/value/case/"


def contract(arr: str | None, *, key: str = "case", **other: Any) -> None:
    told = {
        "start_date": date(2025, 1, 1),
        "end_date": TODAY + timedelta(days=40),
        "currency": "EUR",
        **other,
    }
    Contract.objects.create(
        key=key, account=Account.objects.get(key="elm"), product="Reports", arr=arr and Decimal(arr), **told
    )


def alone(arr: str | None, **other: Any) -> None:
    """Elm with one contract, told in euro."""
    Contract.objects.filter(account__key="elm").delete()
    contract(arr, **other)
    rates.report_in(currency="EUR", by=TESTS, at=NOW)


def test_the_case_says_value_beside_cost_and_what_ends_when(ada: Client, lived: World) -> None:
    book.valued("elm")
    alone("3650.00", notice_days=30, auto_renew=False)
    page = text(ada.get(HERE))
    assert "The value that is confirmed is" in page
    assert "times what was paid in the same quarters" in page
    assert "Reports notice is possible until" in page
    assert "must be renewed" in page
    assert "€3,650 a year" in page
    assert "Counted but not confirmed, and in no sum" in page
    assert "Nothing is confirmed of" in page
    assert "No outcome is noted as reached yet." in page
    paper = ada.get("/accounts/elm/value/case.pdf")
    assert paper.content.startswith(b"%PDF")


def test_what_is_not_known_is_said_and_never_taken_for_nothing(ada: Client, lived: World) -> None:
    book.valued("elm")
    alone("3650.00")
    contract(None, key="silent")
    page = text(ada.get(HERE))
    assert "Confirmed value over cost not known" in page
    assert "a contract of these quarters states no amount" in page
    assert "2 contracts; 1 without an amount" in page
    assert "amount not stated" in page
    assert "whether it renews by itself is not stated" in page


def test_an_account_without_plan_or_contract_has_a_case_that_says_so(ada: Client, lived: World) -> None:
    Contract.objects.filter(account__key="elm").delete()
    page = text(ada.get(HERE))
    for said in (
        "No value is counted yet",
        "No success plan is agreed",
        "No contract is known that runs",
        "No outcome is planned yet",
    ):
        assert said in page
    assert "No use is known" in text(ada.get(f"{HERE}?now=1")) or "on average" in text(
        ada.get(f"{HERE}?now=1")
    )


def test_what_was_reached_is_apart_from_what_the_next_term_brings(ada: Client, lived: World) -> None:
    book.valued("elm")
    progress.reach(
        account="elm",
        objective="lower-cost-of-storage",
        on=TODAY - timedelta(days=3),
        evidence="",
        by=TESTS,
        at=NOW,
    )
    page = text(ada.get(HERE))
    reached, planned = (page.partition(head)[2] for head in ("agreed and reached", "next term would bring"))
    assert "Lower cost of storage" in reached.partition("Use and adoption")[0]
    assert "Lower cost of storage" not in planned


def test_a_program_reads_the_same_and_others_find_nothing(lived: World, sign_in: SignIn) -> None:
    book.valued("elm")
    alone("3650.00")
    asked = {
        who.name: Client(
            headers={
                "Authorization": f"Bearer {tokens.create(user=who, name='t', by=TESTS, at=NOW, may_write=False)}"
            }
        )
        for who in (lived.ada, lived.cleo)
    }
    ada, cleo = asked[lived.ada.name], asked[lived.cleo.name]
    told = ada.get("/api/v1/accounts/elm/value/case?use=true").json()
    assert told["totals"]["cost"] == {"amount": "900.00", "currency": "EUR"}
    assert told["totals"]["ratio"]["low"] > 0
    assert told["contracts"][0]["is_running"]
    assert told["use"]["receipt"].startswith("Use as recorded")
    assert len(told["quarters"]) == 4
    assert ada.get("/api/v1/accounts/elm/value/case.pdf").content.startswith(b"%PDF")
    for path in ("", ".pdf"):
        assert cleo.get(f"/api/v1/accounts/elm/value/case{path}").status_code == 404
    web = sign_in(lived.cleo)
    for path in (HERE, "/accounts/elm/value/case.pdf"):
        assert web.get(path).status_code == 404
