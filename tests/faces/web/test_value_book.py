"""The value of a book: page, file and program; others' accounts are in none of them."""

import re

import pytest
from django.test import Client

from tests.faces.api.test_rules import client
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import World

pytestmark = pytest.mark.django_db
HERE = "/value/"


def test_ada_sees_what_her_book_got_for_its_money_and_what_is_missing(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    book.valued("elm")
    first, page = text(ada.get(HERE)), text(ada.get(f"{HERE}?now=1"))
    assert "no success plan" in first, "the accounts come first, what they come to after them"
    assert "What all of it comes to" in first
    assert "Confirmed value over cost" not in first
    assert "1 confirmed a value in the last four quarters" in page
    assert "Confirmed value over cost" in page
    assert "no success plan" in page
    part = sign_in(lived.ada, htmx=True).get(f"{HERE}?now=1&state=confirmed").content.decode()
    assert "Confirmed value over cost" in part
    assert "<table" not in part
    assert re.search(r'aria-current="page">Confirmed<span class="count">1<', part)
    assert "Elm" in text(ada.get(f"{HERE}?state=confirmed"))
    assert "No account is like this" in text(ada.get(f"{HERE}?q=nothingatall"))
    assert ada.get(f"{HERE}?state=fun").status_code == 400
    lines = b"".join(ada.get("/value.csv").streaming_content).decode().splitlines()
    assert lines[0].startswith("account,name,owner,state")
    assert any(line.startswith("elm,") and ",2026-Q1," in line for line in lines)
    assert 'href="/value/"' in ada.get("/portfolio/").content.decode()


def test_what_others_own_is_in_no_list_and_no_sum(lived: World, sign_in: SignIn) -> None:
    book.valued("elm")
    assert "Elm" not in text(sign_in(lived.cleo).get(HERE))
    file = b"".join(sign_in(lived.cleo).get("/value.csv").streaming_content).decode()
    assert "elm" not in file
    ada, cleo = client(lived, "ada"), client(lived, "cleo")
    told = ada.get("/api/v1/value?state=confirmed").json()
    assert [one["account"] for one in told["items"]] == ["elm"]
    assert told["items"][0]["last_quarter"] == "2026-Q1"
    assert ada.get("/api/v1/value/totals").json()["confirmed"]["count"] == 1
    assert cleo.get("/api/v1/value/totals").json()["confirmed"]["count"] == 0
    assert cleo.get("/api/v1/value?state=confirmed").json()["items"] == []
