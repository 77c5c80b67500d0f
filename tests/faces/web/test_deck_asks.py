"""What a customer asked for stands in their deck once somebody wrote what they read of it; and so does what we ask of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.ledger.actions import gap_requests, gaps
from keepwell.outcomes import quarters
from keepwell.outcomes.actions import holdings, reviews, value_statements
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.outcomes import value
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
GAP = "/triage/gaps/search/"
DECK = "/accounts/willow/review/?now=1"
API = "/api/v1/triage/gaps/wording"


@pytest.fixture
def ada(lived: World, sign_in: SignIn) -> Client:
    value.model()
    told: dict[str, Any] = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}
    gaps.upsert(rows=[{"key": "search", "title": "Elastic rewrite for Birch"}], **told)
    asked = [{"key": "r1", "account": "willow", "gap": "search", "asked_at": NOW - timedelta(days=20)}]
    gap_requests.upsert(rows=asked, **told)
    return sign_in(lived.ada)


def test_a_gap_stands_in_the_deck_in_the_words_for_customers_and_that_can_be_taken_back(ada: Client) -> None:
    assert "What you asked us for" not in text(ada.get(DECK))
    refused = ada.post(f"{GAP}wording/", {"words": "x" * 301})
    assert (refused.status_code, "1 to 300" in text(refused)) == (422, True)
    ada.post(f"{GAP}wording/", {"words": "Search across all sites"})
    deck = text(ada.get(DECK))
    for said in ("What you asked us for: 1 noted", "Search across all sites", "26 May 2026"):
        assert said in deck, said
    assert "Elastic" not in deck
    assert "Search across all sites" in ada.get(GAP).content.decode()
    ada.post(f"{GAP}status/", {"status": "shipped"})
    assert "What you asked us for: 1 there" in text(ada.get(DECK))
    ada.post(f"{GAP}wording/", {"words": ""})
    assert "What you asked us for" not in text(ada.get(DECK))


def test_programs_write_the_words_and_take_them_away(ada: Client, lived: World) -> None:
    secret = tokens.create(user=lived.ada, name="words", by=TESTS, at=NOW, may_write=True)
    program = Client(headers={"Authorization": f"Bearer {secret}"})

    def put(words: str) -> Any:
        return program.put(API, {"gap": "search", "words": words}, content_type="application/json")

    assert put("Search").json() == {"gap": "search", "words": "Search"}
    assert program.get(f"{API}?gap=search").json()["words"] == "Search"
    assert put("").json()["words"] == ""
    assert put("").status_code == 409
    assert program.get(f"{API}?gap=none").status_code == 404


def test_what_we_ask_of_them_is_one_list(ada: Client) -> None:
    told: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
    value_statements.count(quarter=quarters.read("2026-Q1"), **told)
    then = NOW - timedelta(days=30)
    wanted = reviews.Wanted(starts_at=then, theirs=("dora",))
    number = reviews.schedule(account="willow", wanted=wanted, by=TESTS, at=then - timedelta(days=1))
    todo = holdings.Todo("Name a sponsor", (NOW - timedelta(days=3)).date(), theirs="dora")
    ours = holdings.Todo("Send the offer", (NOW - timedelta(days=3)).date())
    held = holdings.Held(theirs=("dora",), todos=(todo, ours))
    holdings.hold(review_id=number, held=held, by=TESTS, at=then)
    deck = text(ada.get(DECK)).partition("What we ask of you")[2].partition("waits for your word")[0]
    for said in (
        "Name a sponsor",
        "Dora Klein",
        "Kickoff",
        "Confirm what “Hours saved on reports” was worth in Q1 2026",
    ):
        assert said in deck, said
    assert "Send the offer" not in deck
