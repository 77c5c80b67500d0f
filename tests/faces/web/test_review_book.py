"""The reviews of a book: to come, to be noted, held, and who waits for one; Today says which to prepare."""

from datetime import timedelta

import pytest
from django.test import Client

from keepwell.hooks.waiting import Asker
from keepwell.ledger.actions import touchpoints
from keepwell.outcomes.actions import invitations, reviews
from keepwell.outcomes.queries import review_offers
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(lived: World, sign_in: SignIn) -> Client:
    return sign_in(lived.ada)


def spoken(account: str, days_ago: int) -> None:
    row = {
        "key": f"r-{account}", "account": account, "kind": "review", "held_at": NOW - timedelta(days=days_ago),
        "executive_attended": False,
    }  # fmt: skip
    touchpoints.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)


def test_the_book_says_what_comes_and_who_waits(ada: Client, lived: World, sign_in: SignIn) -> None:
    book.reviewed()
    spoken("birch", 100)
    spoken("willow", 5)
    page = text(ada.get("/reviews/?of=mine"))
    assert "1 to come, 0 to be noted, 0 held." in page
    assert "Quarterly review: Elm" in page
    waiting = text(ada.get("/reviews/?state=due"))
    assert "Birch" in waiting
    assert "Willow" not in waiting
    rows = ada.get("/reviews.csv").getvalue().decode().splitlines()
    assert len(rows) == 2
    assert "Quarterly review: Elm" in rows[1]
    due = ada.get("/reviews.csv?state=due").getvalue().decode().splitlines()
    assert [line.split(",")[0] for line in due] == ["account", "birch"]
    assert "No review is like this" in text(ada.get("/reviews/?state=held"))
    cleo = sign_in(lived.cleo)
    assert "Elm" not in text(cleo.get("/reviews/"))
    assert "Birch" not in text(cleo.get("/reviews/?state=due"))
    assert ada.get("/reviews/?state=nothing").status_code == 400


def offers(world: World, *, days: int = 0) -> list[tuple[str, str, str]]:
    now = NOW + timedelta(days=days)
    asker = Asker(world.scope("ada"), world.ada.pk, world.ada.pk, now, now, now, 50)
    return [
        (one.what, one.why, one.subject) for source in review_offers.waiting() for one in source.offers(asker)
    ]


def test_today_says_which_review_to_prepare_and_which_to_note(lived: World) -> None:
    row = book.reviewed()
    assert offers(lived, days=-1) == []
    (told,) = offers(lived, days=1)
    assert told == (
        "Prepare the review of Elm on 22\xa0Jun\xa02026",
        "Nobody is invited yet.",
        f"review:elm/{row.pk}",
    )
    invitations.invite(review_id=row.pk, by=lived.scope("ada"), at=NOW)
    assert offers(lived, days=1)[0][1] == "Guests are invited."
    (late,) = offers(lived, days=9)
    assert late[:2] == ("Say how the review went", "It was planned for 22\xa0Jun\xa02026.")
    reviews.cancel(review_id=row.pk, by=lived.scope("ada"), at=NOW)
    assert offers(lived, days=1) == offers(lived, days=9) == []


def test_today_s_button_opens_the_review(ada: Client, lived: World) -> None:
    row = book.reviewed()
    reviews.change(
        review_id=row.pk, wanted=reviews.Wanted(starts_at=NOW + timedelta(days=2)), by=TESTS, at=NOW
    )
    page = ada.get("/today/")
    assert "Prepare the review of Elm" in text(page)
    assert f"/accounts/elm/reviews/{row.pk}/" in page.content.decode()
