"""Value in the web app: a model, counting, confirming, taking back, the file; what others may not see is not there."""

import pytest
from django.test import Client

from keepwell.outcomes import models
from keepwell.outcomes.actions import plans, value_templates
from keepwell.outcomes.document import PlanDoc
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
HERE = "/accounts/elm/value/"
DEED = f"{HERE}deed/"
TYPED = {
    "title": "Cost of storage", "kind": "cost_avoided", "objective": "lower-cost-of-storage", "notes": "Secret thoughts",
    "basis": "Storage that is not needed.", "in0-title": "Terabytes", "in0-source": "agreed", "in0-unit": "TB",
    "in0-low": "10", "in0-likely": "12", "in0-high": "1,500", "in0-agreed_by": "Fran", "in0-agreed_on": "2026-01-02",
    "in1-title": "Price of one", "in1-source": "fixed", "in1-currency": "eur", "in1-likely": "25,5", "deed": "save",
}  # fmt: skip

BEGUN = {
    "slug": "all-hours", "title": "All their hours", "kind": "time_saved", "unit": "hours",
    "inputs": [{"title": "Hours a week", "unit": "hours"}],
}  # fmt: skip


def statement(quarter: str = "2026-01-01") -> models.ValueStatement:
    return models.ValueStatement.objects.filter(since=quarter).latest("pk")


def test_ada_says_what_an_outcome_is_worth_counts_it_and_they_confirm(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    assert "there is none yet" in text(ada.get(HERE))
    book.planned("elm")
    assert "Nobody has said yet" in text(ada.get(HERE))
    form = f"{HERE}models/new/"
    value_templates.put(definition=BEGUN, by=TESTS, at=NOW)
    assert "All their hours" in text(ada.get(form)).partition("Begin from:")[2]
    begun = ada.get(f"{form}?template=all-hours&objective=lower-cost-of-storage").content.decode()
    assert 'value="Hours a week"' in begun
    assert ada.get(f"{form}?template=other").status_code == 404
    refused = ada.post(form, {**TYPED, "in0-low": "20"})
    assert (refused.status_code, "low is at most likely" in text(refused)) == (422, True)
    refused = ada.post(form, {**TYPED, "in0-likely": "some"})
    assert (refused.status_code, "is no number" in text(refused)) == (422, True)
    assert ada.post(form, TYPED).headers["Location"] == HERE
    assert ada.post(form, TYPED).status_code == 422
    page = text(ada.get(HERE))
    for said in (
        "Cost of storage",
        "10 TB to 1,500 TB, likely 12 TB",
        "agreed by Fran",
        "No quarter is counted",
        "Secret",
    ):
        assert said in page  # fmt: skip
    ada.post(DEED, {"deed": "count", "quarter": "2026-Q1"})
    page = text(ada.get(HERE))
    assert "Counted, not confirmed" in page
    assert "€255 to €38.2k" in page
    number = statement().pk
    told = {"deed": "confirm", "statement": number, "name": "Fran", "on": "2026-04-02", "words": "We agree."}
    ada.post(DEED, {**told, "low": "9", "likely": "8", "high": "10"})
    assert not models.ValueConfirmation.objects.exists()
    ada.post(DEED, told)
    page = text(ada.get(HERE))
    assert "Confirmed by Fran" in page
    assert "We agree." in page
    file = b"".join(ada.get("/accounts/elm/value.csv").streaming_content).decode()
    assert ",confirmed," in file
    ada.post(DEED, {"deed": "withdraw", "statement": number})
    assert "Confirmed by Fran" not in text(ada.get(HERE))
    ada.post(f"{HERE}models/cost-of-storage/", {**TYPED, "title": "Storage", "in1-slug": "price-of-one"})
    assert "Storage" in text(ada.get(HERE))
    ada.post(f"{HERE}models/cost-of-storage/", {"deed": "drop"})
    assert "Count the quarter" not in text(ada.get(HERE))
    ada.post(DEED, {"deed": "take_back", "model": "cost-of-storage"})
    assert "Count the quarter" in text(ada.get(HERE))
    cleo = sign_in(lived.cleo)
    for path in (HERE, "/accounts/elm/value.csv", f"{HERE}models/new/", f"{HERE}models/cost-of-storage/"):
        assert cleo.get(path).status_code == 404, path
    assert cleo.post(DEED, {"deed": "count", "quarter": "2026-Q1"}).status_code == 404


def test_a_value_that_is_not_known_says_which_input_is_missing(ada: Client) -> None:
    book.planned("elm")
    ada.post(f"{HERE}models/new/", {**TYPED, "in0-agreed_by": ""})
    assert "not agreed with the customer yet" in text(ada.get(HERE))
    ada.post(DEED, {"deed": "count", "quarter": "2026-Q1"})
    page = text(ada.get(HERE))
    assert "Terabytes: nobody of the customer’s agreed to it" in page
    assert "€0" not in page
    ada.post(DEED, {"deed": "count", "quarter": "soon"})
    assert "is no quarter" in text(ada.get(HERE))


def test_on_a_past_day_only_what_was_counted_by_then_is_there(ada: Client) -> None:
    book.valued("elm")
    assert "Confirmed by Fran" in text(ada.get(HERE))
    before = text(ada.get(f"{HERE}?as_of=2026-05-31"))
    assert "Confirmed by Fran" not in before
    assert "Take back" not in before


def test_the_drawing_tells_confirmed_from_counted_without_colour(ada: Client) -> None:
    book.valued("elm")
    page = ada.get(HERE).content.decode()
    assert page.count('data-kind="confirmed"') == 1
    assert page.count('data-kind="counted"') == 1
    assert page.count("\u2713 ") == 1


def test_a_plan_without_outcomes_keeps_what_was_confirmed(ada: Client) -> None:
    book.valued("elm")
    plans.save(account="elm", doc=PlanDoc(vision="Nothing left"), by=TESTS, at=NOW)
    page = text(ada.get(HERE))
    assert "Dropped" in page
    assert "Confirmed by Fran" in page
