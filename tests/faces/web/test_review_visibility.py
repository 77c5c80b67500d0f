"""No field that is internal reaches a deck, its PDF, or an invitation: of the plan, of the review, or of what is only ours."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.drafting import typesetting
from keepwell.drafting.review import whole
from keepwell.drafting.slides import paper, powerpoint
from keepwell.faces import clock
from keepwell.ledger.actions import people
from keepwell.outcomes import visibility
from keepwell.outcomes.actions import invitations, reviews
from keepwell.outcomes.models import Review
from keepwell.outcomes.queries import briefs
from keepwell.plays.models import Message
from tests import world
from tests.drafting import decks
from tests.faces.web import leaks
from tests.faces.web.test_plan_visibility import FREE, MARKS, build, is_hidden
from tests.outcomes.plans import DAY
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
SEEN_IN_DECKS = {("objective", "title"), ("indicator", "title"), ("indicator", "target")}
# What stands in a review and how that reads in a mail; the moment is the reason for the mail, so it is always shared here.
OF_REVIEWS: dict[str, tuple[str, ...]] = {
    "place": ("markplace",),
    "agenda": ("markagenda",),
    "guests": ("emil@willow.test", "Emil Gross"),
    "notes": ("markpreparation",),
}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    type(found.ada).objects.filter(pk=found.ada.pk).update(name="Marko Ours")
    rows = [
        {"key": "dora", "name": "Dora Klein", "account": "willow", "email": "dora@willow.test"},
        {"key": "emil", "name": "Emil Gross", "account": "willow", "email": "emil@willow.test"},
    ]
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    return found


def drawn(monkeypatch: pytest.MonkeyPatch, deck: Any) -> str:
    """What the PDF is set from: its texts and the pictures of its charts."""
    kept: list[str] = []

    def keep(template: str, told: dict[str, Any], pictures: dict[str, str], **other: Any) -> bytes:
        kept.append(json.dumps([template, told, pictures, str(other)], ensure_ascii=False, default=str))
        return b""

    with monkeypatch.context() as patched:
        patched.setattr(typesetting, "pdf", keep)
        paper.pdf(deck, at=NOW)
    return kept[0]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.sets(st.sampled_from([*FREE, ("reading", "value")])))
def test_what_is_internal_of_the_plan_stands_in_no_deck(
    cast: World, monkeypatch: pytest.MonkeyPatch, hidden: set[tuple[str, str]]
) -> None:
    build(hidden)
    brief = briefs.find(
        account="willow",
        seen_by=TESTS,
        since=DAY - timedelta(days=90),
        until=DAY,
        today=DAY + timedelta(days=20),
    )
    deck = whole.deck(brief, company="Fernhill")
    found = {"file": decks.texts(powerpoint.pptx(deck)), "paper": drawn(monkeypatch, deck)}
    leaks.look(
        found,
        MARKS,
        is_hidden=lambda place: is_hidden(place, hidden),
        is_said=lambda place, _: place in SEEN_IN_DECKS,
    )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shown=st.sets(st.sampled_from(sorted(OF_REVIEWS))), deed=st.sampled_from(["invite", "change", "cancel"])
)
def test_what_is_internal_of_a_review_stands_in_no_mail(cast: World, shown: set[str], deed: str) -> None:
    Review.objects.all().delete()
    Message.objects.all().delete()
    labels = {slug: "shared" if slug in shown else "internal" for slug in OF_REVIEWS}
    wanted: dict[str, Any] = {
        "starts_at": NOW + timedelta(days=9), "title": "Together", "place": "markplace", "agenda": "markagenda",
        "notes": "markpreparation", "theirs": ("dora", "emil"), "owner": "ada@fernhill.test", "labels": labels,
    }  # fmt: skip
    number = reviews.schedule(account="willow", wanted=reviews.Wanted(**wanted), by=TESTS, at=NOW)
    invitations.invite(review_id=number, by=TESTS, at=NOW)
    if deed == "change":
        anew = reviews.Wanted(**{**wanted, "starts_at": NOW + timedelta(days=10)})
        reviews.change(review_id=number, wanted=anew, by=TESTS, at=NOW)
    elif deed == "cancel":
        reviews.cancel(review_id=number, by=TESTS, at=NOW, reason="markreason")
    mails = list(Message.objects.filter(recipient="dora@willow.test"))
    assert mails
    for mail in mails:
        text = "\n".join((mail.subject, mail.body, mail.calendar.replace("\r\n ", "")))
        assert "markreason" not in text
        assert "markpreparation" not in text, "preparation is never said, whatever its label"
        for slug, marks in OF_REVIEWS.items():
            is_there = any(mark in text for mark in marks)
            if slug not in shown:
                assert not is_there, f"{slug} is internal and stands in a mail"
            elif slug in ("place", "guests"):
                assert is_there, f"{slug} is shared and stands in no mail"


def test_each_field_of_a_review_is_declared() -> None:
    declared = {field.slug for field in visibility.fields("review")}
    assert declared == {"title", "starts_at", *OF_REVIEWS}
