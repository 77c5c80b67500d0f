"""Quarters that are over are counted by themselves, once; confirmed values are a measure that cards may ask."""

from datetime import timedelta
from typing import Any

import pytest

from keepwell.faces import clock
from keepwell.faces.jobs import tasks
from keepwell.kernel.moments import sundays
from keepwell.ledger.actions import relay
from keepwell.ledger.models import Account
from keepwell.metrics.queries import values
from keepwell.outcomes import models, quarters
from keepwell.outcomes.actions import value_counting, value_models, value_statements
from tests import world
from tests.outcomes.value import LATER, MODEL, model
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
ABOUT: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
AFTER = NOW + timedelta(days=31)  # NOW lies in the second quarter


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    return world.build()


def statements() -> list[models.ValueStatement]:
    return list(models.ValueStatement.objects.order_by("pk"))


def test_a_quarter_that_is_over_is_counted_by_itself_and_once(cast: World) -> None:
    model()
    assert value_counting.look(at=NOW) == 0, "the model was written after the first quarter"
    tasks.count_value(timestamp=0)
    (one,) = statements()
    assert (quarters.of(one.since).slug, one.until, one.by) == ("2026-Q2", quarters.of(one.since).until, None)
    tasks.count_value(timestamp=0)
    assert value_counting.look(at=AFTER + timedelta(days=20)) == 0
    assert len(statements()) == 1


def test_a_quarter_that_was_counted_before_it_was_over_is_counted_whole(cast: World) -> None:
    model()
    value_statements.count(quarter=quarters.read("2026-Q2"), **ABOUT)
    assert value_counting.look(at=AFTER) == 1
    assert [one.number for one in statements()] == [1, 2]


def test_what_was_dropped_and_who_has_left_is_not_counted(cast: World) -> None:
    model()
    value_models.drop(model="hours-saved-on-reports", **ABOUT)
    assert value_counting.look(at=AFTER) == 0
    value_models.take_back(model="hours-saved-on-reports", **ABOUT)
    type(cast.willow).objects.filter(pk=cast.willow.pk).update(former=True)
    assert value_counting.look(at=AFTER) == 0


def test_an_unknown_value_is_counted_as_unknown_and_not_again_and_again(cast: World) -> None:
    model(inputs=[*MODEL["inputs"][:3], {**MODEL["inputs"][3], "agreed_by": ""}])
    assert value_counting.look(at=AFTER) == 1
    (one,) = statements()
    assert one.likely is None
    assert value_counting.look(at=AFTER) == 0


def test_confirmed_values_are_a_measure_that_cards_may_ask(cast: World) -> None:
    model()
    assert asked() == {"values_confirmed": 0, "days_since_value_confirmed": None}, (
        "modelled, and never confirmed"
    )
    (number,) = value_statements.count(quarter=quarters.read("2026-Q1"), **ABOUT)
    value_statements.confirm(statement=number, who="dora", on=LATER, **ABOUT)
    sunday = sundays(until=AFTER.date(), weeks=1).days[-1]
    assert asked() == {"values_confirmed": 1, "days_since_value_confirmed": (sunday - LATER).days}
    value_statements.withdraw(account="willow", statement=number, by=TESTS, at=NOW)
    assert asked()["values_confirmed"] == 0


def asked() -> dict[str, float | None]:
    """Both measures of Willow as they were known on the last Sunday."""
    relay.all_waiting(at=NOW)
    slugs = ["values_confirmed", "days_since_value_confirmed"]
    willow = Account.objects.get(key="willow")
    told = values.replayed(metrics=slugs, grid=sundays(until=AFTER.date(), weeks=1), accounts=[willow.pk])
    found: dict[str, float | None] = dict(zip(told["metric"], told["value"], strict=True))
    return {slug: found.get(slug) for slug in slugs}
