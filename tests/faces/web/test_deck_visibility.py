"""Of value, and of what was decided last time, no field that is internal reaches a deck, its page, its PDF or the API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.access.actions import tokens
from keepwell.drafting.review import whole
from keepwell.drafting.slides import powerpoint
from keepwell.faces import clock
from keepwell.ledger.actions import gap_requests, people
from keepwell.ledger.actions import gaps as ledger_gaps
from keepwell.outcomes import models
from keepwell.outcomes.actions import gap_wordings, holdings, reviews
from keepwell.outcomes.models import Review
from keepwell.outcomes.queries import briefs
from keepwell.plays.models import Task
from tests import world
from tests.drafting import decks
from tests.faces.web import test_value_visibility as value
from tests.faces.web.test_plan_visibility import said
from tests.faces.web.test_review_visibility import drawn
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
HERE = "/accounts/willow/review"
PERIOD = "since=2026-03-15&until=2026-06-14"
HELD = NOW - timedelta(days=30)
# What stands in what came of a review, and how that reads wherever it is shown.
OF_REVIEWS: dict[tuple[str, str], tuple[str, ...]] = {
    ("decision", "text"): ("markdecision",),
    ("action", "title"): ("markaction",),
    ("action", "due_date"): ("5 Jun 2026",),
    ("action", "owner"): ("Emil Gross",),
    ("action", "done"): ("1 Jun 2026",),
    ("score", "stands"): ("Behind",),
    ("score", "words"): ("markscored",),
    ("gap", "words"): ("markwording",),
}
# The first of a model's figures stands as its range; what it was compared with is said in the value report alone.
OF_VALUE = {
    place: marks
    for place, marks in value.MARKS.items()
    if place[0].startswith("value_") and place[1] not in ("kind", "baseline")
}
ABOVE = {("score", "stands"): ("objective", "title"), ("score", "words"): ("objective", "title")}
UNSAID = {("value_input", "agreed_on"), ("value_input", "evidence"), ("value_model", "notes")}
MARKS: dict[tuple[str, str], tuple[str, ...]] = {
    **OF_VALUE,
    **OF_REVIEWS,
    ("value_input", "figure"): ("likely 112",),
    ("value_confirmation", "on"): ("20 Apr 2026",),
    ("objective", "title"): ("markoutcome",),
}
ALWAYS = (
    "markgaptitle",
    "markgapnote",
    "markgapdescription",
    "markothers",
    "marktask",
    "markpreparation",
    "marknote",
    "marknotes",
    "markevidence",
)


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    rows = [{"key": "emil", "name": "Emil Gross", "account": "willow"}, {"key": "dora", "account": "willow"}]
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    return found


def gaps(*, is_worded: bool) -> None:
    """Willow asked for what was merged into another gap; Birch asked for a third."""
    rows: list[dict[str, Any]] = [
        {"key": "g1", "title": "markgaptitle", "description": "markgapdescription", "status": "planned"},
        {"key": "g2", "title": "markgaptitle again", "merged_into": "g1"},
        {"key": "g3", "title": "markothers"},
    ]
    ledger_gaps.upsert(rows=rows[:1], source="tests", by=TESTS, at=NOW, vouched=True)
    ledger_gaps.upsert(rows=rows[1:], source="tests", by=TESTS, at=NOW, vouched=True)
    asked = [("g2", "willow"), ("g3", "birch")]
    said = [
        {
            "key": f"r-{gap}",
            "account": key,
            "gap": gap,
            "asked_at": NOW - timedelta(days=9),
            "note": "markgapnote",
        }
        for gap, key in asked
    ]
    gap_requests.upsert(rows=said, source="tests", by=TESTS, at=NOW, vouched=True)
    models.GapWording.objects.all().delete()
    gap_wordings.write(gap="g3", words="markothers", by=TESTS, at=NOW)
    gap_wordings.write(gap="g1", words="markwording", by=TESTS, at=NOW)
    if not is_worded:
        gap_wordings.drop(gap="g1", by=TESTS, at=NOW)


def build(hidden: set[tuple[str, str]]) -> None:
    """Value and a review that was held, with a mark in every field; those of `hidden` are internal."""
    Review.objects.all().delete()
    Task.objects.all().delete()
    value.build(hidden)
    gaps(is_worded=("gap", "words") not in hidden)
    wanted = reviews.Wanted(starts_at=HELD, notes="markpreparation", theirs=("dora",))
    number = reviews.schedule(account="willow", wanted=wanted, by=TESTS, at=HELD - timedelta(days=1))
    held = holdings.Held(
        theirs=("dora",), note="marknote", decisions=("markdecision",),
        todos=(holdings.Todo("markaction", (NOW - timedelta(days=10)).date(), theirs="emil"),),
        scores=(holdings.Judged("markoutcome", "behind", "markscored"),),
    )  # fmt: skip
    holdings.hold(review_id=number, held=held, by=TESTS, at=HELD)
    Task.objects.update(title="marktask")
    Task.objects.model._meta.apps.get_model("plays", "TaskCompletion").objects.create(
        task=Task.objects.get(), at=NOW - timedelta(days=14)
    )
    for noun, table in (
        ("decision", models.ReviewDecision), ("action", models.ReviewAction), ("score", models.ReviewScore),
    ):  # fmt: skip
        table._default_manager.update(labels=value.labels(noun, hidden))


def is_hidden(place: tuple[str, str], hidden: set[tuple[str, str]]) -> bool:
    if place[0] in ("decision", "action", "score", "gap"):
        chain = [place, (place[0], value.FIRST[place[0]])]
        if place in ABOVE:
            chain.append(ABOVE[place])
        return any(one in hidden for one in chain)
    if place[0] == "value_model" and ("value_model", "value") in hidden:
        return True  # what came to nothing that is shared has no slide
    if place[0] == "value_input" and ("value_input", "figure") in hidden:
        return True  # an input without its figure is not said
    return value.is_hidden(place, hidden)


def outputs(monkeypatch: pytest.MonkeyPatch, client: Client, program: Client) -> dict[str, str]:
    since, until = NOW.date() - timedelta(days=92), NOW.date() - timedelta(days=1)
    brief = briefs.find(account="willow", seen_by=TESTS, since=since, until=until, today=NOW.date())
    deck = whole.deck(brief, company="Fernhill")
    return {
        "file": decks.texts(powerpoint.pptx(deck)),
        "paper": drawn(monkeypatch, deck),
        "page": client.get(f"{HERE}/?now=1&{PERIOD}").content.decode().partition("<main")[2],
        "program": json.dumps(program.get(f"/api/v1{HERE}?{PERIOD}").json(), ensure_ascii=False),
    }


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.sets(st.sampled_from(list(MARKS))))
def test_what_is_internal_of_value_and_of_the_last_review_stands_in_no_deck(
    cast: World, monkeypatch: pytest.MonkeyPatch, hidden: set[tuple[str, str]]
) -> None:
    build(hidden)
    client = Client()
    client.force_login(cast.ada, backend="django.contrib.auth.backends.ModelBackend")
    secret = tokens.create(user=cast.ada, name="tests", by=TESTS, at=NOW, may_write=False)
    found = outputs(monkeypatch, client, Client(headers={"Authorization": f"Bearer {secret}"}))
    for name, text in found.items():
        for mark in ALWAYS:
            assert not said(mark, text), f"{mark} stands in {name}"
        for place, marks in MARKS.items():
            is_there = any(said(mark, text) for mark in marks)
            if is_hidden(place, hidden):
                assert not is_there, f"{place} is internal and stands in {name}"
            elif place not in UNSAID:
                assert is_there, f"{place} is shared and does not stand in {name}"


def test_a_review_whose_title_is_internal_is_not_there(cast: World) -> None:
    build(set())
    Review.objects.update(labels={"title": "internal"})
    day: Any = NOW.date()
    brief = briefs.find(account="willow", seen_by=TESTS, since=day, until=day, today=day)
    assert brief.last is None


def test_what_is_noted_for_us_alone_is_labelled_and_no_slide_has_it(cast: World) -> None:
    wanted = reviews.Wanted(starts_at=HELD, theirs=("dora",))
    value.build(set())
    number = reviews.schedule(account="willow", wanted=wanted, by=TESTS, at=HELD - timedelta(days=1))
    held = holdings.Held(
        theirs=("dora",), decisions=("Open to all",), internal_decisions=("Ours alone",),
        todos=(holdings.Todo("Ours to do", NOW.date(), is_internal=True),),
        scores=(holdings.Judged("markoutcome", "behind", "said in confidence", is_internal=True),),
    )  # fmt: skip
    holdings.hold(review_id=number, held=held, by=TESTS, at=HELD)
    brief = briefs.find(account="willow", seen_by=TESTS, since=NOW.date(), until=NOW.date(), today=NOW.date())
    assert brief.last is not None
    assert (brief.last.decisions, brief.last.actions, brief.last.scores) == (("Open to all",), (), ())
