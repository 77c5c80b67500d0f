"""A review's deck on its page, as files and over the API: live data, receipts, and nothing that is ours alone."""

import json
from pathlib import Path

import pytest
from django.test import Client
from openxml_audit import validate_pptx

from keepwell.access.actions import tokens
from tests.drafting import decks
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.outcomes import plans
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
HERE = "/accounts/willow/review/"
OURS = ("They compare us with a rival.", "Their finance sends it.", "Their IT is slow.")


@pytest.fixture
def ada(lived: World, sign_in: SignIn) -> Client:
    plans.make()
    return sign_in(lived.ada)


def test_ada_reads_the_deck_and_takes_it_along(ada: Client) -> None:
    waiting = text(ada.get(HERE))
    assert "Read what the deck will say" in waiting
    page = text(ada.get(f"{HERE}?now=1"))
    for said in (
        "of 2 outcomes on track",
        "People active in a week",
        "Roll-out",
        "As of",
    ):
        assert said in page, said
    file = ada.get(f"{HERE}deck.pptx")
    assert 'filename="willow-review-2026-06-14.pptx"' in file.headers["Content-Disposition"]
    said_in_file = decks.texts(file.content)
    assert "Roll-out" in said_in_file
    assert "Reports without hands" in said_in_file
    assert ada.get(f"{HERE}deck.pdf").content.startswith(b"%PDF")


def test_nothing_that_is_ours_alone_stands_in_any_of_it(ada: Client, lived: World) -> None:
    token = tokens.create(user=lived.ada, name="review", by=TESTS, at=NOW, may_write=False)
    told = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    outputs = [
        text(ada.get(f"{HERE}?now=1")),
        decks.texts(ada.get(f"{HERE}deck.pptx").content),
        json.dumps(ada.get("/api/v1/accounts/willow/review", **told).json()),
        decks.texts(ada.get("/api/v1/accounts/willow/review.pptx", **told).content),
    ]
    for output in outputs:
        assert "Reports without hands" in output
        for secret in (*OURS, "48,000", "Health"):
            assert secret not in output, secret


def test_an_account_without_a_plan_says_so(lived: World, sign_in: SignIn) -> None:
    page = text(sign_in(lived.ada).get("/accounts/birch/review/?now=1"))
    assert "No outcome is agreed yet" in page
    assert "Agree on three outcomes" in page


def test_a_period_that_is_not_over_is_refused_and_others_do_not_see_it(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    refused = ada.get(f"{HERE}?now=1&since=2026-06-01&until=2026-12-31")
    assert (refused.status_code, "does not end by today" in text(refused)) == (400, True)
    assert ada.get(f"{HERE}deck.pptx?since=yesterday").status_code == 400
    cleo = sign_in(lived.cleo)
    for part in ("", "deck.pptx", "deck.pdf"):
        assert cleo.get(f"{HERE}{part}").status_code == 404, part


def test_what_powerpoint_opens_is_sound(ada: Client, tmp_path: Path) -> None:
    file = tmp_path / "deck.pptx"
    file.write_bytes(ada.get(f"{HERE}deck.pptx").content)
    found = validate_pptx(file)
    assert found.is_valid, [str(error) for error in found.errors]
