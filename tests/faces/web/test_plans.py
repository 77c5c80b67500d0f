"""Success plans in the web app: a first draft, the editor, agreeing, refreshing, comparing, views, the list, the files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.outcomes import models
from keepwell.outcomes.actions import templates
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
PLAN = "/accounts/willow/plan/"
DEED = f"{PLAN}deed/"
AIMS = {
    "vision": "Every site reports by itself.", "outcome-1": "Reports without hands", "metric-1": "active_people",
    "target-1": "20", "until-1": "2026-12-01", "outcome-2": "Cheaper storage", "cadence": "monthly", "deed": "vision",
}  # fmt: skip


def test_ada_makes_a_first_draft_changes_it_and_agrees_it(ada: Client, lived: World, sign_in: SignIn) -> None:
    assert "No success plan yet" in text(ada.get(PLAN))
    refused = ada.post(f"{PLAN}start/", {"vision": "", "deed": "vision"})
    assert (refused.status_code, "needs a vision" in text(refused)) == (422, True)
    assert ada.post(f"{PLAN}start/", AIMS).headers["Location"] == PLAN
    page = text(ada.get(PLAN))
    for said in (
        "Every site reports by itself.",
        "Reports without hands",
        "Cheaper storage",
        "Draft",
        "Agree the plan",
    ):
        assert said in page
    wrong = ada.post(
        f"{PLAN}pieces/indicator/new/", {"objective": "cheaper-storage", "title": "Cost", "target": "many"}
    )
    assert (wrong.status_code, "is no number" in text(wrong)) == (422, True)
    ada.post(
        f"{PLAN}pieces/indicator/new/",
        {"objective": "cheaper-storage", "title": "Cost", "better": "down", "unit": "EUR", "baseline": "900",
         "target": "500", "target_date": "2026-12-01", "trigger": "1000", "label-trigger": "shared"},
    )  # fmt: skip
    ada.post(
        DEED, {"deed": "read", "slug": "cost", "value": "1,200", "on": "2026-06-14", "evidence": "Invoice 12"}
    )
    page = text(ada.get(PLAN))
    assert "Above its alarm at 1,000 EUR" in page
    assert "Invoice 12" in page
    ada.post(DEED, {"deed": "agree", "name": "Fran", "on": "2026-06-15", "how": "Call"})
    assert "Version 1" in text(ada.get(PLAN))
    ada.post(f"{PLAN}pieces/objective/cheaper-storage/", {"title": "Cheaper storage", "deed": "drop"})
    assert "changed since its last version" in text(ada.get(PLAN))
    assert "Cheaper storage" in text(ada.get(f"{PLAN}comparison/"))
    ada.post(DEED, {"deed": "take_back", "noun": "indicator", "slug": "cost"})
    ada.post(DEED, {"deed": "refresh", "on": "2026-06-15"})
    assert models.PlanVersion.objects.count() == 2
    assert "followed by another" in text(
        ada.post(DEED, {"deed": "withdraw_version", "slug": "1"}, follow=True)
    )
    page = text(ada.post(DEED, {"deed": "withdraw_version", "slug": "2"}, follow=True))
    assert "Version 2 is taken back" in page
    assert models.PlanVersion.objects.count() == 1
    assert "Willow" in text(ada.get("/plans/?state=agreed"))
    cleo = sign_in(lived.cleo)
    for path in (
        PLAN,
        f"{PLAN}preview/",
        f"{PLAN}plan.pdf",
        f"{PLAN}comparison/",
        f"{PLAN}start/",
        "/accounts/willow/plan.csv",
    ):
        assert cleo.get(path).status_code == 404, path
    assert cleo.post(DEED, {"deed": "refresh", "on": "2026-06-15"}).status_code == 404
    assert "Willow" not in text(cleo.get("/plans/"))


def test_a_measure_says_its_name_its_way_and_its_value_itself(ada: Client, lived: World) -> None:
    book.planned("willow")
    form = f"{PLAN}pieces/objective/new/"
    assert "an alarm stands a tenth on the worse side" in text(ada.get(form))
    assert "Empty: what the measure says today." in text(ada.get(f"{PLAN}pieces/indicator/new/"))
    ada.post(
        form, {"title": "Fewer questions", "target_date": "2026-12-01", "early": "tickets_per_month", "early_target": "1"}
    )  # fmt: skip
    asked = models.Indicator.objects.get(objective__slug="fewer-questions")
    assert (asked.title, asked.better, asked.target) == ("Tickets a month", "down", 1.0)
    assert asked.baseline is not None, "also of a measure of which no history is kept"
    assert str(asked.target_date) == "2026-12-01"
    ada.post(
        f"{PLAN}pieces/indicator/new/",
        {"objective": "fewer-questions", "metric": "active_people", "target": "9", "better": ""},
    )
    people = models.Indicator.objects.get(objective__slug="fewer-questions", metric="active_people")
    assert (people.title, people.better, people.baseline_on) == ("Active people", "up", NOW.date())
    ada.post(
        f"{PLAN}pieces/indicator/{people.slug}/",
        {"objective": "fewer-questions", "title": "People", "metric": "active_people", "better": "down"},
    )
    people.refresh_from_db()
    assert (people.title, people.better, people.baseline) == ("People", "down", None), (
        "what is emptied stays empty"
    )
    wrong = ada.post(form, {"title": "More", "early": "active_people", "early_target": "many"})
    assert (wrong.status_code, "is no number" in text(wrong), 'value="many"' in html(wrong)) == (
        422,
        True,
        True,
    )


def test_steps_and_views_are_noted_and_taken_back(ada: Client, lived: World) -> None:
    book.planned("willow")
    theirs = {"who": "p1", "text": "Time for people", "on": "2026-06-14", "deed": "note"}
    ada.post(
        f"{PLAN}pieces/step/new/",
        {"title": "Train", "kind": "task", "due_date": "2026-06-01", "ours": "ben@fernhill.test"},
    )
    assert "Overdue" in text(ada.get(PLAN))
    ada.post(DEED, {"deed": "finish", "slug": "train", "on": "2026-06-15"})
    assert models.PlanStepCompletion.objects.filter(step__slug="train").exists()
    ada.post(DEED, {"deed": "reopen", "slug": "train"})
    assert not models.PlanStepCompletion.objects.filter(step__slug="train").exists()
    ada.post(DEED, theirs)
    view = models.Opinion.objects.get()
    assert "Time for people" in text(ada.get(PLAN))
    assert "Time for people" not in text(ada.get(f"{PLAN}preview/"))
    ada.post(DEED, {"deed": "settle", "id": str(view.pk), "text": "Both"})
    assert "Settled: Both" in text(ada.get(PLAN))
    ada.post(DEED, {"deed": "unsettle", "id": str(view.pk)})
    assert not models.OpinionResolution.objects.exists()
    assert ada.post(DEED, {"deed": "dance"}).status_code == 404
    assert "still to come" in text(
        ada.post(DEED, {"deed": "agree", "name": "Fran", "on": "2026-07-15"}, follow=True)
    )


def test_a_plan_begins_from_a_template_or_from_another(ada: Client, lived: World) -> None:
    book.planned("elm")
    ada.post("/accounts/elm/plan/deed/", {"deed": "agree", "name": "Fran", "on": "2026-06-15"})
    said = {"sentence": "For tests.", "vision": "One number.", "objectives": [{"title": "Fewer tickets"}]}
    templates.put(slug="tests", title="Test plan", definition=said, by=TESTS, at=NOW)
    page = text(ada.get(f"{PLAN}start/"))
    assert "Test plan" in page
    ada.post(f"{PLAN}start/", {"deed": "template", "template": "tests"})
    assert "Fewer tickets" in text(ada.get(PLAN))
    ada.post("/accounts/ash/plan/start/", {"deed": "past", "like": "elm"})
    assert "Reports without hands" in text(ada.get("/accounts/ash/plan/"))
    templates.rest(slug="tests", by=TESTS, at=NOW)
    assert "Test plan" not in text(ada.get("/accounts/birch/plan/start/"))


def test_what_leaves_the_house_is_a_page_and_a_pdf(ada: Client, lived: World) -> None:
    book.planned("willow")
    assert "Their IT is slow" in text(ada.get(f"{PLAN}pieces/step/roll-out/"))
    for copy in ("", "?copy=redacted"):
        page = ada.get(f"{PLAN}preview/{copy}")
        assert "Their IT is slow" not in page.content.decode()
        assert ada.get(f"{PLAN}plan.pdf{copy}").content.startswith(b"%PDF")
    assert "Willow" not in ada.get(f"{PLAN}preview/?copy=redacted").content.decode().partition("<main")[
        2
    ].replace("/willow/", "")


def test_the_files_hold_the_plan_and_the_book(ada: Client, lived: World) -> None:
    book.planned("willow")
    plan = b"".join(ada.get("/accounts/willow/plan.csv")).decode()  # type: ignore[arg-type]
    assert "willow,indicator,active-people,reports-without-hands,Active people" in plan
    upload = SimpleUploadedFile("plan.csv", plan.replace("Active people", "Daily people", 1).encode())
    assert "1 updated" in text(ada.post("/plans/file/", {"file": upload}))
    assert "Daily people" in text(ada.get(PLAN))
    wrong = SimpleUploadedFile("plan.csv", plan.replace("willow", "nobody").encode())
    assert "There is no account" in text(ada.post("/plans/file/", {"file": wrong}))
    assert ada.post("/plans/file/", {"file": SimpleUploadedFile("t.csv", b"a,b\n1,2\n")}).status_code == 422
    rows = b"".join(ada.get("/plans.csv")).decode()  # type: ignore[arg-type]
    assert "willow,Willow,draft" in rows


def test_on_a_past_day_the_page_shows_the_version_of_then(ada: Client, lived: World) -> None:
    book.planned("willow")
    assert "No version on that day" in text(ada.get(f"{PLAN}?as_of=2026-06-01"))


def test_whoever_only_reads_is_offered_no_deed(lived: World, sign_in: SignIn) -> None:
    book.planned("willow")
    type(lived.ben).objects.filter(pk=lived.ben.pk).update(role="read_only")
    lived.ben.refresh_from_db()
    reader = sign_in(lived.ben)
    assert "Note the agreement" not in text(reader.get(PLAN))
    assert reader.post(DEED, {"deed": "finish", "slug": "kickoff", "on": "2026-06-15"}).status_code == 403
    assert reader.get(f"{PLAN}start/").status_code == 403
