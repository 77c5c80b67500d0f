"""No field that is internal reaches any output that a customer may see; what is shared does."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.drafting import plan_report, plan_sheet
from keepwell.faces import clock
from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import people
from keepwell.outcomes import document, visibility
from keepwell.outcomes.actions import opinions, plans, progress, versions
from keepwell.outcomes.formulas.redacting import Redactor
from keepwell.outcomes.models import SuccessPlan
from keepwell.outcomes.queries import plans as reads
from keepwell.outcomes.queries import shared
from tests import world
from tests.faces.web import leaks
from tests.faces.web.leaks import labels, said
from tests.outcomes.plans import DAY
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
# By field: what stands in it and how that reads wherever it is shown. What has no mark here is never shown as such.
MARKS: dict[tuple[str, str], tuple[str, ...]] = {
    ("plan", "vision"): ("markvision",),
    ("plan", "cadence"): ("every quarter", "quarterly"),
    ("plan", "notes"): ("markplannotes",),
    ("objective", "title"): ("markoutcome",),
    ("objective", "why"): ("markwhy",),
    ("objective", "target_date"): ("4 March 2031", "2031-03-04"),
    ("objective", "notes"): ("markoutcomenotes",),
    ("indicator", "title"): ("markindicator",),
    ("indicator", "unit"): ("zorks",),
    ("indicator", "value"): ("432",),
    ("indicator", "baseline"): ("431",),
    ("indicator", "target"): ("499",),
    ("indicator", "target_date"): ("5 April 2032", "2032-04-05"),
    ("indicator", "trigger"): ("498",),
    ("indicator", "notes"): ("markindicatornotes",),
    ("reading", "evidence"): ("markevidence",),
    ("step", "title"): ("markstep",),
    ("step", "due_date"): ("6 May 2033", "2033-05-06"),
    ("step", "ours"): ("Marko Ours",),
    ("step", "theirs"): ("Dora Klein",),
    ("step", "done"): ("7 January 2026", "2026-01-07"),
    ("step", "notes"): ("markstepnotes",),
    ("opinion", "text"): ("markview",),
    ("opinion", "person"): ("Emil Gross",),
    ("opinion", "resolution"): ("marksettled",),
    ("agreement", "name"): ("Fran Signer",),
    ("agreement", "how"): ("markhow",),
    ("agreement", "note"): ("marknote",),
}
# What is hidden with the field on which it hangs.
HANGS = {noun: declared[0].slug for noun, declared in visibility.NOUNS.items()}
FREE = [place for place in MARKS if place[0] != "agreement"]


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = world.build()
    type(found.ada).objects.filter(pk=found.ada.pk).update(name="Marko Ours")
    rows = [
        {"key": "dora", "name": "Dora Klein", "account": "willow"},
        {"key": "emil", "name": "Emil Gross", "account": "willow"},
    ]
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    return found


def build(hidden: set[tuple[str, str]]) -> None:
    """One plan with a mark in every field; those of `hidden` are internal, all others are shared."""
    SuccessPlan.objects.all().delete()
    said = {
        "vision": "markvision", "cadence": "quarterly", "notes": "markplannotes", "labels": labels("plan", hidden),
        "objectives": [{
            "title": "markoutcome", "why": "markwhy", "target_date": "2031-03-04", "notes": "markoutcomenotes",
            "labels": labels("objective", hidden),
            "indicators": [{
                "title": "markindicator", "unit": "zorks", "baseline": 431, "target": 499, "target_date": "2032-04-05",
                "trigger": 498, "notes": "markindicatornotes", "labels": labels("indicator", hidden),
            }],
        }],
        "steps": [{
            "title": "markstep", "due_date": "2033-05-06", "ours": "ada@fernhill.test", "theirs": "dora",
            "notes": "markstepnotes", "objective": "markoutcome", "labels": labels("step", hidden),
        }, {
            "title": "open step", "due_date": "2033-05-06", "after": ["markstep"], "labels": labels("step", hidden),
        }],
    }  # fmt: skip
    about: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
    plans.save(doc=document.read(said), **about)
    progress.read(
        indicator="markindicator",
        value=432,
        on=DAY,
        evidence="markevidence",
        labels=labels("reading", hidden),
        **about,
    )
    progress.finish(step="markstep", on=date(2026, 1, 7), **about)
    row = opinions.note(
        person="emil", text="markview", said_on=DAY, labels=labels("opinion", hidden), **about
    )
    opinions.resolve(opinion_id=row, text="marksettled", **about)
    versions.agree(who="Fran Signer", on=DAY, how="markhow", note="marknote", **about)


def outputs(client: Client, program: Client) -> dict[str, str]:
    """Everything that a customer may reach, as text."""
    seen = shared.find(account="willow", seen_by=TESTS, day=DAY)
    return {
        "object": json.dumps(msgspec.to_builtins(seen)),
        "page": leaks.main(client, "/accounts/willow/plan/preview/"),
        "paper": json.dumps(plan_report.told(plan_sheet.sheet(seen)), ensure_ascii=False),
        "program": leaks.program(program, "/accounts/willow/plan/shared"),
    }


def is_hidden(place: tuple[str, str], hidden: set[tuple[str, str]]) -> bool:
    noun, field = place
    above = {"indicator": "objective", "reading": "indicator"}
    chain = [(noun, field), (noun, HANGS[noun])]
    while noun in above:
        noun = above[noun]
        chain.append((noun, HANGS[noun]))
    if place == ("reading", "evidence"):
        chain.append(("indicator", "value"))
    if place == ("indicator", "value"):
        chain.append(("reading", "value"))
    return any(one in hidden or _is_always_internal(one) for one in chain)


def _is_always_internal(place: tuple[str, str]) -> bool:
    return place == ("agreement", "note")


# Shared or not, these are said nowhere: who asks for them works with us.
UNSAID = {
    ("plan", "notes"),
    ("objective", "notes"),
    ("indicator", "notes"),
    ("step", "notes"),
    ("indicator", "trigger"),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.sets(st.sampled_from([*FREE, ("reading", "value")])))
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


def test_each_declared_field_has_a_title_and_a_label_and_nothing_else_goes_out() -> None:
    assert all(field.title and field.label in visibility.LABELS for _, field in visibility.all_fields())
    structural = {"slug", "labels", "objectives", "indicators", "steps", "kind", "better"}
    for noun, shape in (
        ("plan", document.PlanDoc), ("objective", document.ObjectiveDoc), ("indicator", document.IndicatorDoc),
        ("step", document.StepDoc),
    ):  # fmt: skip
        declared = {field.slug for field in visibility.fields(noun)}
        assert set(shape.__struct_fields__) - structural <= declared, noun
    with pytest.raises(ValueError, match="no declared field"):
        visibility.shared("plan", {}, {"price": 1})
    with pytest.raises(Invalid):
        visibility.checked("plan", {"vision": "public"})


def test_a_redacted_copy_names_nobody_and_no_amount(cast: World) -> None:
    about: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
    said_of = {
        "vision": "Willow saves $420k a year; Dora Klein asks for it (dora@willow.test), so does Emil.",
        "objectives": [{
            "title": "Willow pays 120,000 EUR less", "target_date": "2026-12-14",
            "indicators": [{"title": "Cost", "unit": "EUR", "better": "down", "baseline": 800, "target": 400}],
        }],
        "steps": [{"title": "Call Dora", "due_date": "2026-06-30", "ours": "ada@fernhill.test", "theirs": "dora"}],
    }  # fmt: skip
    plans.save(doc=document.read(said_of), **about)
    progress.read(indicator="cost", value=600, on=DAY, evidence="x", **about)
    versions.agree(who="dora", on=DAY, **about)
    plan = reads.find(account="willow", seen_by=TESTS, day=DAY)
    redactor = Redactor(account=("Willow", "willow"), people=shared.names(account_id=plan.account_id))
    sheet = plan_sheet.redacted(shared.of(plan), redactor=redactor, industry="Retail")
    text = json.dumps(plan_report.told(sheet), ensure_ascii=False)
    for name in ("willow", "dora", "klein", "emil", "marko", "420", "120,000", "2026", "800", "EUR"):
        assert not said(name, text), name
    line = sheet.objectives[0].indicators[0]
    assert (sheet.title, line.baseline, line.now, line.target) == ("A customer in Retail", "100", "75", "50")
    assert sheet.objectives[0].until == "week 27"


def test_the_paper_is_a_pdf_and_the_same_twice(cast: World) -> None:
    build(set())
    sheet = plan_sheet.sheet(shared.find(account="willow", seen_by=TESTS, day=DAY))
    first = plan_report.pdf(sheet, at=NOW)
    assert first.startswith(b"%PDF")
    assert first == plan_report.pdf(sheet, at=NOW)
    assert first != plan_report.pdf(sheet, at=NOW + timedelta(days=1))
