"""No field of a value model that is internal reaches any output that a customer may see; what is shared does."""

import json
from typing import Any

import msgspec
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.drafting import case_report, case_sheet, value_report, value_sheet
from keepwell.faces import clock
from keepwell.outcomes import document, models, quarters, value_document, visibility
from keepwell.outcomes.actions import plans, value_models, value_statements
from keepwell.outcomes.models import SuccessPlan
from keepwell.outcomes.queries import plans as reads
from keepwell.outcomes.queries import shared_case, shared_value, value
from tests import world
from tests.faces.web import leaks
from tests.faces.web.leaks import labels, said
from tests.outcomes.value import LATER
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
# By field: what stands in it and how that reads wherever it is shown.
MARKS: dict[tuple[str, str], tuple[str, ...]] = {
    ("objective", "title"): ("markoutcome",),
    ("value_model", "title"): ("markmodel",),
    ("value_model", "kind"): ("cost_avoided", "Cost avoided"),
    ("value_model", "basis"): ("markbasis",),
    ("value_model", "value"): ("8624", "8624.0", "€8,624", "€8.6k"),
    ("value_model", "notes"): ("marknotes",),
    ("value_input", "title"): ("markinput",),
    ("value_input", "figure"): ("112", "112.0"),
    ("value_input", "baseline"): ("14", "14.0"),
    ("value_input", "agreed_by"): ("Fran Agreer",),
    ("value_input", "agreed_on"): ("2026-01-07", "7 January 2026", "Jan 7, 2026"),
    ("value_input", "evidence"): ("markevidence",),
    ("value_confirmation", "name"): ("Gil Confirmer",),
    ("value_confirmation", "on"): ("2026-04-20", "20 April 2026", "Apr 20, 2026"),
    ("value_confirmation", "words"): ("markwords",),
}
ABOVE = {
    "value_model": ("objective", "title"),
    "value_input": ("value_model", "value"),
    "value_confirmation": ("value_model", "value"),
}
FIRST = {noun: declared[0].slug for noun, declared in visibility.NOUNS.items()}
# Said nowhere, for who asks for them works with us; the outcome is said only beside a model.
UNSAID = {
    ("value_model", "notes"),
    ("value_input", "evidence"),
    ("objective", "title"),
}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return world.build()


def build(hidden: set[tuple[str, str]]) -> None:
    """A model with a mark in every field; those of `hidden` are internal, all others are shared."""
    SuccessPlan.objects.all().delete()
    about: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
    outcome = {"title": "markoutcome", "labels": labels("objective", hidden)}
    plans.save(doc=document.read({"vision": "x", "objectives": [outcome]}), **about)
    told = {
        "title": "markmodel", "kind": "cost_avoided", "objective": "markoutcome", "basis": "markbasis",
        "notes": "marknotes", "labels": labels("value_model", hidden),
        "inputs": [
            {"title": "markinput", "low": 101, "likely": 112, "high": 123, "change": "rise", "baseline_low": 13,
             "baseline_likely": 14, "baseline_high": 15, "agreed_by": "Fran Agreer", "agreed_on": "2026-01-07",
             "evidence": "markevidence", "labels": labels("value_input", hidden)},
            {"title": "Price", "source": "fixed", "currency": "EUR", "likely": 88},
        ],
    }  # fmt: skip
    value_models.save(doc=value_document.read(told), **about)
    (number,) = value_statements.count(quarter=quarters.read("2026-Q1"), **about)
    value_statements.confirm(
        statement=number, who="Gil Confirmer", on=LATER, words="markwords",
        labels=labels("value_confirmation", hidden), **about,
    )  # fmt: skip


def outputs(client: Client, program: Client) -> dict[str, str]:
    """Everything that a customer may reach, as text."""
    seen = shared_value.find(account="willow", seen_by=TESTS, day=TODAY)
    case = shared_case.find(account="willow", seen_by=TESTS, day=TODAY)
    return {
        "page": leaks.main(client, "/accounts/willow/value/report/"),
        "paper": json.dumps(value_report.told(value_sheet.sheet(seen)), ensure_ascii=False),
        "object": json.dumps(msgspec.to_builtins(seen), default=str),
        "program": leaks.program(program, "/accounts/willow/value/shared"),
        "case page": leaks.main(client, "/accounts/willow/value/case/"),
        "case paper": json.dumps(case_report.told(case_sheet.sheet(case), None), ensure_ascii=False),
        "case object": json.dumps(msgspec.to_builtins(case), default=str),
        "case program": leaks.program(program, "/accounts/willow/value/case"),
    }


def is_hidden(place: tuple[str, str], hidden: set[tuple[str, str]]) -> bool:
    noun = place[0]
    chain = [place, (noun, FIRST[noun])] if noun != "value_confirmation" else [place, (noun, "name")]
    while noun in ABOVE:
        above = ABOVE[noun]
        noun = above[0]
        chain += [above, (noun, FIRST[noun])]
    return any(one in hidden for one in chain)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.sets(st.sampled_from(list(MARKS))))
def test_what_is_internal_is_nowhere_and_what_is_shared_is_there(
    cast: World, hidden: set[tuple[str, str]]
) -> None:
    build(hidden)
    leaks.look(
        outputs(*leaks.faces(cast)),
        MARKS,
        is_hidden=lambda place: is_hidden(place, hidden),
        is_said=lambda place, _: place not in UNSAID,
    )


def test_a_quarter_that_is_not_over_is_not_shared(cast: World) -> None:
    build(set())
    value_statements.count(account="willow", quarter=quarters.read("2026-Q2"), by=TESTS, at=NOW)
    seen = shared_value.find(account="willow", seen_by=TESTS, day=TODAY)
    assert [one.quarter.slug for one in seen.models[0].statements] == ["2026-Q1"]


def test_an_input_that_a_model_has_no_more_is_not_shared(cast: World) -> None:
    build(set())
    told = {
        "title": "markmodel", "kind": "cost_avoided", "objective": "markoutcome", "slug": "markmodel",
        "inputs": [{"title": "Other", "low": 1, "high": 2, "currency": "EUR"}],
    }  # fmt: skip
    value_models.save(account="willow", doc=value_document.read(told), by=TESTS, at=NOW)
    seen = shared_value.find(account="willow", seen_by=TESTS, day=TODAY)
    assert not said("markinput", json.dumps(msgspec.to_builtins(seen), default=str))


def test_a_redacted_report_names_nobody_and_no_amount_and_is_a_pdf(cast: World) -> None:
    build(set())
    about: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
    number = models.ValueStatement.objects.get().pk
    value_statements.withdraw(statement=number, **about)
    words = "Gil Confirmer of Willow saved 9,000 EUR, as Fran Agreer said."
    value_statements.confirm(statement=number, who="Gil Confirmer", on=LATER, words=words, **about)
    plan = reads.find(account="willow", seen_by=TESTS, day=TODAY)
    found = value.find(account="willow", seen_by=TESTS, day=TODAY)
    sheet = value_sheet.redacted(
        shared_value.of(found, plan), redactor=shared_value.redactor(found, plan), industry="Retail"
    )
    text = json.dumps(value_report.told(sheet), ensure_ascii=False)
    for name in ("willow", "gil", "confirmer", "fran", "agreer", "9,000", "EUR", "2026", "8.6k", "101"):
        assert not said(name, text), name
    (line,) = sheet.models[0].quarters
    assert (sheet.title, line.likely, line.quarter) == ("A customer in Retail", "100", "quarter 1")
    first = value_report.pdf(sheet, at=NOW)
    assert first.startswith(b"%PDF")
    assert first == value_report.pdf(sheet, at=NOW)
