"""The editor of measures: the form that works without script, the preview beside it, TOML, and what it refuses."""

import re

import pytest
from django.test import Client

from keepwell.faces.web.pages import measure_forms
from keepwell.intake.models import NameSeen, Source
from keepwell.metrics import catalogue
from keepwell.metrics.models import MetricDefinition
from keepwell.pipeline.actions import advance
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, World

EXPORTS = {
    "title": "Exports per person",
    "unit": "exports",
    "better": "up",
    "group": "custom",
    "kept": "on",
    "sentence": "Reports exported in 28 days, by active person.",
    "unknown_when": "nobody used the product",
    "m-take": "ratio",
    "m.of-take": "count",
    "m.of-days": "28",
    "m.of.events-kind": "usage",
    "m.of.events-names": "",
    "kind-0m.of.events": "all",
    "parts-0m.of.events": "0",
    "kind-0m.of.events-0": "leaf",
    "of-0m.of.events-0": "name",
    "op-0m.of.events-0": "is",
    "value-0m.of.events-0": "report.exported",
    "m.to-take": "people",
    "m.to-days": "28",
}
STATED = {
    "take": "ratio",
    "of": {
        "take": "count",
        "events": {"where": {"all": [{"of": "name", "is": "report.exported"}]}},
        "days": 28,
    },
    "to": {"take": "people", "days": 28},
}


def test_a_measure_is_tried_saved_computed_edited_and_retired(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    tried = text(root.post("/measures/new/", {**EXPORTS, "deed": "look"}))
    beside = sign_in(lived.root, htmx=True)
    formed = html(beside.post("/measures/new/", {**EXPORTS, "deed": "look"}))
    assert 'hx-post="/measures/new/"' in formed
    assert "of which it is known today" not in formed
    live = beside.post("/measures/new/", {**EXPORTS, "deed": "try"})
    assert html(live).startswith('<aside class="live" id="live"')
    assert "2 customers of which it is known today" in text(live)
    assert "2 customers of which it is known today" in tried
    assert "Unknown of 2: nobody used the product." in tried
    assert not MetricDefinition.objects.exists()
    saved = root.post("/measures/new/", {**EXPORTS, "deed": "save"})
    assert saved.headers["Location"] == "/measures/exports-per-person/"
    assert MetricDefinition.objects.get().definition["measure"] == STATED
    page = html(root.get("/measures/exports-per-person/"))
    assert 'hx-get="/measures/exports-per-person/progress/"' in page
    advance(at=NOW)
    done = sign_in(lived.root, htmx=True).get("/measures/exports-per-person/progress/")
    assert done.headers["HX-Refresh"] == "true"
    assert "Known of 2 customers, unknown of 2." in text(root.get("/measures/exports-per-person/"))
    assert "your own, version 1" in text(root.get("/measures/exports-per-person/"))
    edit = "/measures/exports-per-person/edit/"
    assert 'value="report.exported"' in html(root.get(edit))
    root.post(edit, {**EXPORTS, "m.to-days": "90", "deed": "save"})
    assert MetricDefinition.objects.get().definition["measure"]["to"]["days"] == 90
    assert "1 of them your own" in text(root.get("/measures/"))
    root.post("/measures/exports-per-person/retirement/")
    assert root.get("/measures/exports-per-person/").status_code == 404


def test_the_form_grows_by_buttons_alone(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    first = html(root.get("/measures/new/"))
    assert 'value="add:0m.events"' in first
    asked = html(root.post("/measures/new/", {"m-take": "count", "m-days": "28", "deed": "add:0m.events"}))
    assert 'name="of-0m.events-0"' in asked
    named = {"kind-0m.events": "all", "parts-0m.events": "0", "kind-0m.events-0": "leaf"}
    by_name = {"m-take": "count", "m-days": "28", **named, "of-0m.events-0": "props.", "deed": "look"}
    assert 'name="name-0m.events-0"' in html(root.post("/measures/new/", by_name))
    parts = html(root.post("/measures/new/", {"m-take": "change", "deed": "look"}))
    assert 'name="m.of-take"' in parts


@pytest.mark.parametrize("slug", catalogue.METRICS)
def test_the_form_can_say_every_measure_that_keepwell_brings(slug: str) -> None:
    said = catalogue.written(catalogue.METRICS[slug])
    stated = measure_forms.stated(measure_forms.of(said), slug)
    assert catalogue.read(stated).words == catalogue.METRICS[slug].words


def test_a_text_in_toml_fills_the_form_or_says_what_is_wrong(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    toml = """slug = "p1"
title = "Critical tickets"
unit = "tickets"
better = "down"
sentence = "Critical tickets of 30 days."
unknown_when = "no ticket is known"

[measure]
take = "count"
days = 30
events = { kind = "fact", names = ["ticket.opened"], where = { of = "props.severity", is = "p1" } }
"""
    filled = html(root.post("/measures/new/", {"toml": toml, "deed": "read"}))
    assert 'value="Critical tickets"' in filled
    assert 'name="name-0m.events-0" value="severity"' in filled
    assert not MetricDefinition.objects.exists()
    wrong = root.post("/measures/new/", {"toml": toml.replace("count", "guess"), "deed": "read"})
    assert wrong.status_code == 422
    assert "must be one of count" in text(wrong)
    assert "guess" in html(wrong)


def test_what_is_wrong_stays_in_the_form_with_its_reason(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    answer = root.post("/measures/new/", {**EXPORTS, "m.of-days": "few", "deed": "save"})
    assert answer.status_code == 422
    assert 'value="few"' in html(answer)
    assert "must be a whole number of days" in text(answer)
    taken = root.post("/measures/new/", {**EXPORTS, "slug": "active_people", "deed": "save"})
    assert "There is a measure named" in text(taken)
    assert not MetricDefinition.objects.exists()


def test_who_may_not_change_configuration_may_not_define(ada: Client) -> None:
    assert ada.get("/measures/new/").status_code == 403
    assert ada.post("/measures/new/", {**EXPORTS, "deed": "save"}).status_code == 403
    assert "New measure" not in text(ada.get("/measures/"))


def test_what_keepwell_brings_is_not_edited_but_copied(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    assert root.get("/measures/active_people/edit/").status_code == 404
    assert "Define one like it" in text(root.get("/measures/active_people/"))
    copied = html(root.get("/measures/new/?like=first_contact_resolution"))
    assert 'name="name-0m.of.events-0" value="first_contact"' in copied


def test_a_measure_is_told_apart_and_answered_from_below_in_the_form(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    said = EXPORTS | {"per_of": "name", "per_among": "report.exported, alert.set", "rollup_how": "worst"}
    looked = html(root.post("/measures/new/", {**said, "deed": "look"}))
    assert 'id="rollup_kind"' in looked
    refused = root.post("/measures/new/", {**said, "per_among": "", "deed": "save"})
    assert (refused.status_code, "must be a list of values with at least one" in text(refused)) == (422, True)
    assert root.post("/measures/new/", {**said, "rollup_kind": "site", "deed": "save"}).status_code == 302
    stored = MetricDefinition.objects.get().definition
    assert stored["per"] == {"of": "name", "among": ["report.exported", "alert.set"]}
    assert stored["rollup"] == {"how": "worst", "kind": "site"}
    advance(at=NOW)
    page = text(root.get("/measures/exports-per-person/"))
    assert "By name" in page
    assert "the worst of it and of all below it" in page
    part = text(root.get("/measures/exports-per-person:alert.set/"))
    assert "Exports per person · alert.set" in part
    assert "Only where the name is alert.set." in part
    lines = root.get("/measures/exports-per-person.csv").getvalue().decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "account,name,value,unknown,report.exported,alert.set"
    edit = html(root.get("/measures/exports-per-person/edit/"))
    assert 'value="report.exported, alert.set"' in edit


def test_another_kind_keeps_what_was_typed(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    typed = {"m-was": "count", "m-days": "14", "m.events-kind": "usage", "m.events-names": "report.exported"}
    page = html(root.post("/measures/new/", {**typed, "m-take": "ratio", "deed": "look"}))
    assert re.search('name="m.of-days" value="14"', page)
    assert re.search('name="m.of.events-names" value="report.exported"', page)
    assert re.search('name="m.to-days" value="28"', page)
    inside = {key.replace("m", "m.of", 1): value for key, value in typed.items()}
    back = {**inside, "m-was": "ratio", "m.of-take": "count", "m-take": "people"}
    page = html(root.post("/measures/new/", {**back, "deed": "look"}))
    assert re.search('name="m-days" value="14"', page)
    assert re.search('name="m.events-names" value="report.exported"', page)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ({"title": ""}, "Give the measure a title."),
        ({"sentence": ""}, "Say in a sentence what it says."),
        ({"unknown_when": ""}, "Say when it is unknown."),
        ({"m.of-days": "", "m.of-take": "people"}, "Of: fill in “In the last”."),
        ({"m-take": "standing"}, "Choose business facts under “Events”, and name them."),
        ({"m.of-days": "few"}, "must be a whole number of days, 1 to 3660, not “few”."),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_the_form(
    lived: World, sign_in: SignIn, left_out: dict[str, str], said: str
) -> None:
    answer = sign_in(lived.root).post("/measures/new/", {**EXPORTS, **left_out, "deed": "save"})
    assert answer.status_code == 422
    assert said in text(answer)


def test_names_that_were_seen_are_suggested(lived: World, sign_in: SignIn) -> None:
    NameSeen.objects.create(
        source=Source.objects.create(slug="app", name="App", created_at=NOW), name="report.exported", is_usage=True,
        first_at=NOW, last_at=NOW, events=3, looked=3,
    )  # fmt: skip
    for form in ("/measures/new/", "/segments/new/"):
        assert '<option value="report.exported">' in html(sign_in(lived.root).get(form))
