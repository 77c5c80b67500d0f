"""What outcomes are worth is modelled, counted for a quarter, confirmed by the customer, summed, and never mixed up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import rates, relay
from keepwell.ledger.models import Account, Contract
from keepwell.outcomes import models, quarters, value_document
from keepwell.outcomes.actions import plans, value_models, value_statements
from keepwell.outcomes.actions import value_templates as value_templates_deeds
from keepwell.outcomes.document import PlanDoc
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.queries import value, value_sums, value_templates
from keepwell.packs import actions as packs
from keepwell.packs import loading
from tests import world
from tests.metrics.happenings import happen, uses
from tests.outcomes.plans import make
from tests.outcomes.value import LATER, MODEL, RANGE, model
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
Q1, Q2 = quarters.read("2026-Q1"), quarters.read("2026-Q2")
ABOUT: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
DAY = NOW.date()


@pytest.fixture
def cast() -> World:
    return world.build()


def found() -> value.ValueView:
    return value.find(account="willow", seen_by=TESTS, day=DAY)


def counted(quarter: quarters.Quarter = Q1) -> int:
    (row,) = value_statements.count(quarter=quarter, **ABOUT)
    return row


def totals(count: int = 4) -> value_sums.Totals:
    return value_sums.of_account(found(), quarters.last(DAY, count), today=DAY)


def rate(units: str) -> None:
    row = {"currency": "EUR", "base": "USD", "day": "2025-01-01", "rate": units}
    rates.upsert(rows=[row], source="tests", by=TESTS, at=NOW)
    rates.report_in(currency="USD", by=TESTS, at=NOW)


def contract(arr: str, currency: str = "EUR", key: str = "c1") -> None:
    Contract.objects.create(
        key=key, account=Account.objects.get(key="willow"), product="crm", arr=Decimal(arr), currency=currency,
        start_date=date(2025, 1, 1),
    )  # fmt: skip


def test_a_model_is_written_read_the_same_and_counted(cast: World) -> None:
    model()
    (one,) = found().models
    assert one.doc.inputs[0].agreed_by == "Dora Klein"
    assert value_document.read(value_document.written(one.doc)) == one.doc
    counted()
    (said,) = found().models[0].statements
    assert said.range == Range(*RANGE)
    assert (said.currency, said.quarter, said.until, said.number) == ("EUR", Q1, Q1.until, 1)
    assert value_statements.count(quarter=Q1, **ABOUT) == ()
    assert models.ValueStatement.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "need a title"),
        ({"kind": "fun"}, "cannot be read"),
        ({"inputs": []}, "1 to 6 inputs"),
        ({"inputs": [{"title": "A", "currency": "EUR"}, {"title": "B", "currency": "USD"}]}, "Money times money"),
        ({"inputs": [{"title": "A", "low": 1, "high": 2}]}, "counted in"),
        ({"inputs": [{"title": "A", "low": 3, "likely": 2, "high": 4, "currency": "EUR"}]}, "low is at most"),
        ({"inputs": [{"title": "A", "likely": 2, "currency": "EUR"}]}, "is a point"),
        ({"inputs": [{"title": "A", "currency": "euro"}]}, "three letters"),
        ({"inputs": [{"title": "A", "source": "metric", "currency": "EUR"}]}, "names its measure"),
        ({"inputs": [{"title": "A", "source": "fixed", "low": 1, "high": 2}], "unit": "h"}, "one figure"),
        ({"inputs": [{"title": "A"}, {"title": "A"}], "unit": "h"}, "there twice"),
        ({"inputs": [{"title": "A", "labels": {"price": "shared"}}], "unit": "h"}, "no field"),
        ({"inputs": [{"title": "A"}, {"title": "B", "source": "metric", "metric": "none"}], "unit": "h"}, "no measure"),
        ({"objective": "elsewhere"}, "no outcome"),
    ],
)  # fmt: skip
def test_a_model_that_makes_no_sense_is_refused_by_name(
    cast: World, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises((errors.Invalid, errors.NotFound), match=said):
        model(**wrong)
    assert not models.ValueModel.objects.exists()


def test_a_figure_that_nobody_agreed_to_makes_the_value_unknown_and_is_named(cast: World) -> None:
    inputs = [dict(one) for one in MODEL["inputs"]]
    del inputs[3]["agreed_by"]
    model(inputs=inputs)
    counted()
    (said,) = found().models[0].standing
    assert (said.range, said.missing) == (None, (("cost", "not_agreed"),))
    assert totals().unknown == 1
    assert totals().counted.whole is None
    del inputs[0]["agreed_by"]
    model(plan=False, inputs=inputs)
    counted()
    assert [slug for slug, _ in found().models[0].standing[0].missing] == ["sites", "cost"]
    with pytest.raises(errors.Invalid, match="not known"):
        value_statements.confirm(statement=said.id, who="dora", on=LATER, **ABOUT)


def test_a_measure_is_asked_over_the_quarter_as_it_was_known_then(cast: World) -> None:
    people = {"title": "Active people", "slug": "people", "source": "metric", "metric": "active_people"}
    price = {"title": "Worth a person", "currency": "EUR", "low": 10, "high": 20,
             "agreed_by": "Dora", "agreed_on": "2026-01-01"}  # fmt: skip
    model(inputs=[people, price])
    counted(Q2)
    (said,) = found().models[0].standing
    assert said.missing == (("people", "not_measured"),)
    happen(*(uses("willow", day) for day in range(1, 70, 5)))
    counted(Q2)
    (said,) = found().models[0].standing
    assert said.range is not None
    figure = said.inputs[0]["figure"]
    assert figure["low"] == figure["likely"] == figure["high"] > 0
    assert said.range == Range(10 * figure["low"], 15 * figure["low"], 20 * figure["low"])
    assert not said.is_whole
    with pytest.raises(errors.Invalid, match="was not over"):
        value_statements.confirm(statement=said.id, who="dora", on=DAY, **ABOUT)


def test_what_is_not_confirmed_is_never_in_the_confirmed_sum(cast: World) -> None:
    rate("1")
    model()
    number = counted()
    told = totals()
    assert (told.confirmed.money, told.counted.money) == ((), (("EUR", Range(*RANGE)),))
    value_statements.confirm(statement=number, who="dora", on=LATER, words="That is right.", **ABOUT)
    told = totals()
    assert (told.confirmed.money, told.counted.money) == ((("EUR", Range(*RANGE)),), ())
    (said,) = found().models[0].standing
    assert said.confirmation is not None
    assert (said.confirmation.name, said.confirmation.words) == ("Dora Klein", "That is right.")
    with pytest.raises(errors.Conflict):
        value_statements.confirm(statement=number, who="emil", on=LATER, **ABOUT)
    value_statements.withdraw(statement=number, **ABOUT)
    assert totals().confirmed.money == ()
    value_statements.confirm(statement=number, who="Emil", on=LATER, figure=Range(1, 2, 3), **ABOUT)
    assert totals().confirmed.money == (("EUR", Range(1, 2, 3)),)
    with pytest.raises(errors.Conflict):
        value_statements.withdraw(statement=value_statements.count(quarter=Q2, **ABOUT)[0], **ABOUT)


def test_what_was_confirmed_stands_while_it_is_counted_again(cast: World) -> None:
    model()
    number = counted()
    value_statements.confirm(statement=number, who="dora", on=LATER, **ABOUT)
    model(plan=False, inputs=[*MODEL["inputs"][:3], {**MODEL["inputs"][3], "high": 100}])
    counted()
    one = found().models[0]
    assert one.standing[0].id == number
    newest = one.later(one.standing[0])
    assert newest is not None
    assert newest.number == 2
    value_models.drop(model="hours-saved-on-reports", **ABOUT)
    assert totals().confirmed.count == 1
    assert found().models[0].is_dropped
    with pytest.raises(errors.NotFound):
        value_statements.count(quarter=Q1, **ABOUT)
    value_models.take_back(model="hours-saved-on-reports", **ABOUT)
    assert not found().models[0].is_dropped
    plans.save(account="willow", doc=PlanDoc(vision="Nothing left"), by=TESTS, at=NOW + timedelta(hours=1))
    assert found().models[0].is_dropped


def test_the_ratio_is_of_confirmed_value_and_what_was_paid_then(cast: World) -> None:
    rate("2")
    model()
    value_statements.confirm(statement=counted(), who="dora", on=LATER, **ABOUT)
    assert totals().ratio is None  # nothing was paid that is known of
    contract("3650")
    told = totals()
    assert told.cost is not None
    assert (told.cost.amount, told.cost.currency) == (Decimal("1800.00"), "USD")  # 90 days of 10 EUR, at 2
    assert told.ratio is not None
    assert told.ratio.likely == pytest.approx(2 * RANGE[1] / 1800)
    assert told.confirmed.whole == Range(*(2 * figure for figure in RANGE))
    contract("100", "CHF", "c2")
    assert totals().cost is None
    assert totals().ratio is None


def test_currencies_are_told_apart_and_a_lacking_rate_leaves_no_sum(cast: World) -> None:
    model()
    model(plan=False, title="Less downtime", kind="risk_reduced",
          inputs=[*MODEL["inputs"][:3], {**MODEL["inputs"][3], "currency": "CHF"}])  # fmt: skip
    model(plan=False, title="Hours", unit="hours", inputs=MODEL["inputs"][:3])
    for number in value_statements.count(quarter=Q1, **ABOUT):
        value_statements.confirm(statement=number, who="dora", on=LATER, **ABOUT)
    told = totals().confirmed
    assert [slug for slug, _ in told.money] == ["CHF", "EUR"]
    assert told.is_mixed
    assert told.whole is None
    assert set(told.lacking) <= {"CHF", "EUR"}
    assert told.lacking
    assert [slug for slug, _ in told.others] == ["hours"]


def test_only_who_may_sees_and_writes_it_and_the_ledger_hears(cast: World) -> None:
    model()
    number = counted()
    cleo = cast.scope("cleo")
    assert value.find(account="willow", seen_by=cast.scope("ada"), day=DAY).models
    about: dict[str, Any] = {"account": "willow", "by": cleo, "at": NOW}
    for deed in (
        lambda: value.find(account="willow", seen_by=cleo, day=DAY),
        lambda: value_models.save(doc=value_document.read(MODEL), **about),
        lambda: value_models.drop(model="hours-saved-on-reports", **about),
        lambda: value_statements.count(quarter=Q1, **about),
        lambda: value_statements.confirm(statement=number, who="dora", on=LATER, **about),
        lambda: value_statements.withdraw(statement=number, **about),
    ):
        with pytest.raises(errors.NotFound):
            deed()
    with pytest.raises(errors.Invalid, match="before it was over"):
        value_statements.confirm(statement=number, who="dora", on=date(2026, 3, 1), **ABOUT)
    with pytest.raises(errors.Invalid, match="still to come"):
        value_statements.confirm(statement=number, who="dora", on=date(2027, 3, 1), **ABOUT)
    with pytest.raises(errors.Invalid, match="has not begun"):
        value_statements.count(quarter=quarters.read("2026-Q3"), **ABOUT)
    value_statements.confirm(statement=number, who="dora", on=LATER, **ABOUT)
    value_statements.withdraw(statement=number, **ABOUT)
    relay.all_waiting(at=NOW)
    told = frames.events(until=NOW + timedelta(days=1)).collect()
    names = set(told["name"].to_list())
    assert {"value.modelled", "value.counted", "value.confirmed", "value.withdrawn"} <= names
    worth = [msgspec.json.decode(row["props"]) for row in told.rows(named=True) if "value." in row["name"]]
    assert {props["title"] for props in worth} == {"Hours saved on reports"}


@pytest.mark.parametrize("pack", ["saas", "agency"])
def test_every_shipped_model_to_begin_from_is_unknown_until_somebody_agrees(cast: World, pack: str) -> None:
    make()
    shipped = loading.find(pack)
    assert len(shipped.value) >= 3
    packs.install(pack=shipped, by=TESTS, at=NOW)
    assert {slug for slug, _ in value_templates.everything()} == {one.slug for one in shipped.value}
    for one in shipped.value:
        begun = msgspec.structs.replace(value_templates.find(one.slug), objective="reports-without-hands")
        value_models.save(account="willow", doc=begun, by=TESTS, at=NOW)
        value_statements.count(account="willow", quarter=Q1, by=TESTS, at=NOW, model=one.slug)
        (stated,) = found().model(one.slug).statements
        assert stated.range is None
        assert stated.missing


def test_a_model_to_begin_from_names_no_outcome_and_nobody(cast: World) -> None:
    with pytest.raises(errors.Invalid, match="names no outcome"):
        value_templates_deeds.put(definition=MODEL, by=TESTS, at=NOW)
    with pytest.raises(errors.Forbidden):
        value_templates_deeds.put(definition={}, by=cast.scope("ada"), at=NOW)
    with pytest.raises(errors.NotFound):
        value_templates.find("none")
