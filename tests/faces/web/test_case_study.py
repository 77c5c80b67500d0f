"""A case study: drafted from confirmed value and reached outcomes, with permitted words, published with consent alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.drafting import case_study, prose
from keepwell.faces import case_studying
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from keepwell.ledger.models import Account, SurveyAnswer
from keepwell.outcomes import document, models
from keepwell.outcomes.actions import case_studies, plans, progress
from keepwell.outcomes.models import CaseStudy, CaseStudyPublication, CustomerQuote
from keepwell.outcomes.queries import case_studies as reads
from keepwell.outcomes.queries import plans as found_plans
from tests.faces.api.test_rules import client, send
from tests.faces.web import book, leaks
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
HERE = "/accounts/elm/value/case-study/"
DEED = f"{HERE}deed/"
ABOUT: dict[str, Any] = {"account": "elm", "by": TESTS, "at": NOW}


def agreed() -> None:
    """Elm said yes to a case study."""
    elm = Account.objects.get(key="elm")
    ask = models.AdvocateAsk.objects.create(account=elm, kind="case_study", asked_on=TODAY, at=NOW)
    models.AdvocateAnswer.objects.create(ask=ask, answer="yes", on=TODAY, at=NOW)


def studied() -> case_studying.Studied:
    return case_studying.find(account="elm", seen_by=TESTS, day=TODAY)


def filled() -> str:
    """The draft with nothing in square brackets."""
    found = studied().study.text
    for gap in studied().gaps:
        found = found.replace(gap, "Filled by hand.")
    return found


def test_ada_drafts_it_keeps_words_fills_the_gaps_and_publishes_it(ada: Client, lived: World) -> None:
    book.valued("elm")
    assert "Nothing is drafted yet" in text(ada.get(HERE))
    assert ada.get("/accounts/elm/value/case-study.pdf").status_code == 404
    ada.post(DEED, {"deed": "draft"})
    page = text(ada.get(HERE))
    assert "things are missing before it can be published" in page
    assert "The customer’s consent" in page
    assert "[No words of theirs may be used yet.]" in page
    assert "Confirmed by the customer for Q1 2026" in page
    quote = {
        "deed": "quote",
        "source": "said",
        "name": "Fran",
        "said_on": "2026-05-01",
        "text": "It is quick.",
    }
    ada.post(DEED, quote)
    assert "Nobody permitted it yet" in text(ada.get(HERE))
    ada.post(DEED, {"deed": "unquote", "quote": CustomerQuote.objects.get().pk})
    ada.post(DEED, {**quote, "permitted_on": "2026-05-02", "share_text": "1", "share_name": "1"})
    ada.post(DEED, {"deed": "draft"})
    assert "“It is quick.” Fran" in text(ada.get(HERE))
    ada.post(DEED, {"deed": "publish", "on": TODAY.isoformat()})
    assert not CaseStudyPublication.objects.exists()
    agreed()
    ada.post(DEED, {"deed": "write", "text": filled()})
    assert "Nothing is missing" in text(ada.get(HERE))
    ada.post(DEED, {"deed": "publish", "on": TODAY.isoformat(), "link": "https://fernhill.test/elm"})
    assert "Published on" in text(ada.get(HERE))
    assert ada.get("/accounts/elm/value/case-study.pdf").content.startswith(b"%PDF")
    assert b"It is quick." in ada.get("/accounts/elm/value/case-study.md").content
    ada.post(DEED, {"deed": "withdraw"})
    assert not CaseStudyPublication.objects.exists()
    relay.all_waiting(at=NOW)
    said = set(frames.events(until=NOW + timedelta(days=1)).collect()["name"])
    assert {"case_study.drafted", "case_study.published", "case_study.withdrawn", "quote.noted"} <= said


def test_a_text_can_be_put_back_and_is_not_written_over_unseen(lived: World) -> None:
    case_studies.draft(text="First", **ABOUT)
    seen = CaseStudy.objects.get().changed_at
    case_studies.write(account="elm", text="Second", by=TESTS, at=NOW + timedelta(hours=1), seen=seen)
    with pytest.raises(Conflict, match="Somebody changed the text"):
        case_studies.write(text="Third", seen=seen, **ABOUT)
    case_studies.put_back(**ABOUT)
    found = CaseStudy.objects.get()
    assert (found.text, found.former) == ("First", "Second")


def test_what_changed_since_the_draft_is_said_and_consent_that_is_gone_stops_it(lived: World) -> None:
    book.valued("elm")
    case_studying.draft(**ABOUT)
    agreed()
    case_studies.write(text=filled(), **ABOUT)
    assert studied().missing == ()
    progress.reach(objective="lower-cost-of-storage", on=TODAY, evidence="", **ABOUT)
    assert "stale" in studied().advice
    models.AdvocateAnswer.objects.update(answer="no")
    assert studied().missing == ("consent",)
    with pytest.raises(Conflict, match="consent"):
        case_studies.publish(on=TODAY, **ABOUT)
    models.AdvocateAnswer.objects.update(answer="yes")
    with pytest.raises(Invalid, match="https"):
        case_studies.publish(on=TODAY, link="javascript:alert(1)", **ABOUT)
    with pytest.raises(Invalid, match="still to come"):
        case_studies.publish(on=TODAY + timedelta(days=2), **ABOUT)


def test_words_that_nobody_permitted_stop_it_even_when_they_were_copied_in(lived: World) -> None:
    book.valued("elm")
    agreed()
    SurveyAnswer.objects.create(
        key="s1", account=Account.objects.get(key="elm"), kind="nps", score=10, comment="We love\n the export.",
        answered_at=NOW,
    )  # fmt: skip
    case_studying.draft(**ABOUT)
    assert "We love" not in studied().study.text
    case_studies.write(text=filled() + "\n\nThey say: we love the export.", **ABOUT)
    assert studied().missing == ("unpermitted",)
    (said,) = [one for one in studied().study.words if one.source == "survey"]
    kept = case_studies.Quote(
        text=said.text, who="Fran", said_on=said.said_on, source="survey", origin=said.origin, permitted_on=TODAY,
        labels={"text": "shared"},
    )  # fmt: skip
    case_studies.quote(quote=kept, **ABOUT)
    assert studied().missing == ()
    assert studied().study.permitted == (("We love\n the export.", ""),)


PLACES = [
    ("quote", "text"),
    ("quote", "name"),
    ("plan", "vision"),
    ("objective", "title"),
    ("objective", "why"),
]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.sets(st.sampled_from(PLACES)), permitted=st.booleans())
def test_nothing_internal_stands_in_a_draft(lived: World, hidden: set[leaks.Place], permitted: bool) -> None:
    models.SuccessPlan.objects.filter(account__key="elm").delete()
    CustomerQuote.objects.all().delete()
    outcome = {"title": "markoutcome", "why": "markwhy", "labels": leaks.labels("objective", hidden)}
    plan = {"vision": "markvision", "labels": leaks.labels("plan", hidden), "objectives": [outcome]}
    plans.save(doc=document.read(plan), **ABOUT)
    words = case_studies.Quote(
        text="markwords", who="Mark Speaker", said_on=date(2026, 5, 1), labels=leaks.labels("quote", hidden),
        permitted_on=TODAY if permitted else None, evidence="markevidence",
    )  # fmt: skip
    case_studies.quote(quote=words, **ABOUT)
    drafted = studied().today
    marks = {
        ("quote", "text"): ("markwords",), ("quote", "name"): ("Mark Speaker",), ("plan", "vision"): ("markvision",),
        ("objective", "title"): ("markoutcome",), ("objective", "why"): ("markwhy",),
    }  # fmt: skip

    def is_hidden(place: leaks.Place) -> bool:
        noun = place[0]
        first = {"quote": "text", "objective": "title", "plan": "vision"}[noun]
        return place in hidden or (noun, first) in hidden or (noun == "quote" and not permitted)

    leaks.look(
        {"draft": drafted, "paper": str(prose.blocks(drafted))},
        marks,
        is_hidden=is_hidden,
        is_said=lambda place, name: True,
    )
    assert "markevidence" not in drafted


def test_a_program_does_the_same_and_others_find_nothing(lived: World, sign_in: SignIn) -> None:
    book.valued("elm")
    ada, cleo = client(lived, "ada"), client(lived, "cleo")
    path = "/accounts/elm/case-study"
    assert send(ada, "post", f"{path}/draft").json()["missing"] == ["consent", "gaps"]
    told = send(ada, "put", path, text="# Elm").json()
    assert (told["text"], told["missing"]) == ("# Elm", ["consent"])
    assert send(ada, "put", f"{path}/publication", on=TODAY.isoformat()).status_code == 409
    agreed()
    assert send(ada, "put", f"{path}/publication", on=TODAY.isoformat()).status_code == 204
    made = send(ada, "post", f"{path}/quotes", text="Good.", who="Fran", said_on="2026-05-01").json()["id"]
    assert ada.get(f"/api/v1{path}").json()["quotes"][0]["may_be_used"] is False
    assert send(ada, "delete", f"{path}/quotes/{made}").status_code == 204
    assert send(ada, "delete", f"{path}/publication").status_code == 204
    assert send(ada, "delete", f"{path}/publication").status_code == 409
    assert cleo.get(f"/api/v1{path}").status_code == 404
    for deed in ("draft", "quotes"):
        body = {"text": "x", "who": "y", "said_on": "2026-05-01"} if deed == "quotes" else {}
        assert send(cleo, "post", f"{path}/{deed}", **body).status_code == 404
    assert sign_in(lived.cleo).get(HERE).status_code == 404
    assert sign_in(lived.cleo).post(DEED, {"deed": "draft"}).status_code == 404


def test_an_account_without_anything_has_a_draft_full_of_gaps(lived: World) -> None:
    found = studied()
    assert found.study == reads.find(account="elm", seen_by=TESTS)
    assert found_plans.perhaps(account="elm", seen_by=TESTS, day=TODAY) is None
    drafted = found.today
    for gap in (
        "[what was reached]",
        "[No value is confirmed yet.]",
        "[Say in a sentence what they wanted.]",
    ):
        assert gap in drafted
    assert case_study.pdf("Elm", drafted, draft=True, at=NOW).startswith(b"%PDF")
