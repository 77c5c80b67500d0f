"""Ada plans a review on its page, invites, moves, cancels and takes that back, says how it went, and takes that back too."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.faces import clock
from keepwell.ledger.models import Touchpoint
from keepwell.outcomes.models import Review
from keepwell.plays.models import Message, Task
from tests.faces.web.conftest import SignIn
from tests.faces.web.filling import Form
from tests.faces.web.reading import html, text
from tests.outcomes import plans
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
DECK = "/accounts/willow/review/"
NEW = "/accounts/willow/reviews/new/"


@pytest.fixture
def ada(lived: World, sign_in: SignIn) -> Client:
    plans.make()
    return sign_in(lived.ada)


def filled(client: Client, address: str) -> dict[str, Any]:
    return dict(Form(html(client.get(address)), "").fields)


def planned(ada: Client, **other: Any) -> Review:
    said = filled(ada, NEW) | {"theirs": ["dora", "emil"], "agenda": ["What was reached"]} | other
    answer = ada.post(NEW, said)
    assert answer.status_code == 302, text(answer)
    return Review.objects.latest("pk")


def test_a_review_is_planned_at_the_proposed_moment_and_stands_in_the_list(ada: Client) -> None:
    assert "No review is planned" in text(ada.get(DECK))
    row = planned(ada)
    assert row.starts_at.isoweekday() <= 5
    listed = text(ada.get(DECK))
    assert "Quarterly review: Willow" in listed
    page = text(ada.get(f"/accounts/willow/reviews/{row.pk}/"))
    for said in ("Planned", "Dora Klein", "Emil Gross", "What was reached", "not invited yet"):
        assert said in page, said
    refused = ada.post(NEW, {**filled(ada, NEW), "clock": "soon", "agenda": "Kept"})
    assert (refused.status_code, "is no time" in text(refused), "Kept" in html(refused)) == (422, True, True)


def test_guests_are_invited_moved_and_told_off_and_that_is_taken_back(ada: Client) -> None:
    row = planned(ada)
    here = f"/accounts/willow/reviews/{row.pk}/"
    ada.post(f"{here}deed/", {"deed": "invite"})
    assert (
        Message.objects.filter(calendar__contains="METHOD:REQUEST").count() == 1
    )  # of Ada, who has an address
    said = filled(ada, f"{here}change/")
    assert set(said["theirs"]) == {"dora", "emil"}
    ada.post(f"{here}change/", {**said, "clock": "15:30", "hide-agenda": "1"})
    row.refresh_from_db()
    assert (row.sequence, row.labels) == (1, {"agenda": "internal"})
    told = ada.post(f"{here}deed/", {"deed": "cancel", "reason": "No budget"}, follow=True)
    assert "The review is cancelled." in text(told)
    mail = Message.objects.latest("pk")
    assert "METHOD:CANCEL" in mail.calendar
    assert "No budget" not in mail.body + mail.calendar
    back = ada.post(f"{here}deed/", {"deed": "again"}, follow=True)
    assert "takes place again" in text(back)


def test_how_it_went_is_noted_and_taken_back(
    ada: Client, monkeypatch: pytest.MonkeyPatch, lived: World
) -> None:
    row = planned(ada)
    here = f"/accounts/willow/reviews/{row.pk}/"
    too_early = ada.post(f"{here}held/", {"theirs": ["dora"], "minutes": "60"})
    assert (too_early.status_code, "still to come" in text(too_early)) == (422, True)
    monkeypatch.setattr(clock, "now", lambda: row.starts_at + timedelta(hours=2))
    assert "Say how it went" in text(ada.get(here))
    said = filled(ada, f"{here}held/") | {
        "theirs": ["dora", "emil"], "decisions": "Roll out everywhere\n\nMeet weekly", "todo-1": "Send the offer",
        "who-1": "ours:ada@fernhill.test", "score-reports-without-hands": "behind",
        "words-reports-without-hands": "We still type.", "note": "They were late.",
    }  # fmt: skip
    nobody = ada.post(f"{here}held/", {**said, "theirs": []})
    assert (nobody.status_code, "We still type." in html(nobody)) == (422, True)
    page = text(ada.post(f"{here}held/", said, follow=True))
    for words in (
        "Held",
        "Roll out everywhere",
        "Meet weekly",
        "Send the offer",
        "We still type.",
        "The next review",
    ):
        assert words in page, words
    assert Touchpoint.objects.get(key=f"review-{row.pk}").executive_attended is True
    assert Task.objects.get(title="Send the offer").assignee == lived.ada
    line = re.search(r'name="line" value="(action:\d+)"', html(ada.get(here)))
    assert line is not None
    kept = text(ada.post(f"{here}deed/", {"deed": "internal", "line": line[1]}, follow=True))
    assert "It is for us alone now" in kept
    assert "Internal Share it : Send the offer" in kept
    monkeypatch.setattr(clock, "now", lambda: row.starts_at + timedelta(days=2))
    deck = f"{DECK}?now=1&since={row.starts_at.date()}&until={row.starts_at.date()}"
    assert "Send the offer" not in text(ada.get(deck))
    assert "Meet weekly" in text(ada.get(deck))
    back = text(ada.post(f"{here}deed/", {"deed": "shared", "line": line[1]}, follow=True))
    assert "Shared Keep it to us : Send the offer" in back
    assert "Send the offer" in text(ada.get(deck)), "the deck follows"
    lost = ada.post(f"{here}deed/", {"deed": "shared", "line": "action:x"}, follow=True)
    assert "There is no such line of this review." in text(lost)
    ada.post(f"{here}deed/", {"deed": "unhold"})
    assert not Touchpoint.objects.filter(key=f"review-{row.pk}").exists()
    assert "Not noted yet" in text(ada.get(here))


def test_others_find_nothing_and_a_review_stands_under_its_own_account(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    row = planned(ada)
    assert ada.get(f"/accounts/birch/reviews/{row.pk}/").status_code == 404
    cleo = sign_in(lived.cleo)
    for part in ("", "change/", "held/"):
        assert cleo.get(f"/accounts/willow/reviews/{row.pk}/{part}").status_code == 404
    assert cleo.post(f"/accounts/willow/reviews/{row.pk}/deed/", {"deed": "cancel"}).status_code == 404
    assert cleo.get(NEW).status_code == 404
    assert row.starts_at > NOW
