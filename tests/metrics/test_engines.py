"""Every metric on Spark is what it is on Polars, from the same lake."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pytest_django import Settings

from keepwell.access.scopes import system
from keepwell.kernel import errors
from keepwell.kernel.moments import Grid
from keepwell.ledger import engines
from keepwell.ledger.actions import events, rates, relay, retractions
from keepwell.ledger.event import Event
from keepwell.metrics import declaring, measures
from keepwell.metrics.actions import settings as parameters
from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.queries import values
from tests import world
from tests.spark import spark_master
from tests.world import NOW

__all__ = ["spark_master"]
pytestmark = pytest.mark.django_db
SYSTEM = system(through="test")
DAY = timedelta(days=1)
ACCOUNTS = ("birch", "willow", "elm", "ash", "nobody-yet", "")
FACTS = (
    ("ticket.opened", ""),
    ("ticket.escalated", ""),
    ("survey.answered", "nps"),
    ("touchpoint.held", ""),
    ("review.held", ""),
    ("plan.confirmed", ""),
)


def _one_of_each_form() -> list[str]:
    """The metrics that are kept, and for each form of measure the first that needs it."""
    kept = [slug for slug, metric in METRICS.items() if metric.kept]
    forms = {}
    for slug, metric in METRICS.items():
        for part in (metric.measure, *measures.leaves(metric.measure)):
            forms.setdefault(declaring.written(part)["take"], slug)
    return list(dict.fromkeys([*kept, *forms.values()]))


def drawn(count: int) -> Iterator[Event]:
    """Usage and facts over half a year, some without a person, an account or a value, some vouched for."""
    chance = random.Random(20)
    for i in range(count):
        name, feature = chance.choice(
            [*FACTS, *[("report.exported", f) for f in ("export", "share", "login")]]
        )
        yield Event(
            id=f"t:{i}",
            account=chance.choice(ACCOUNTS),
            person=chance.choice(["ada", "ben", "cleo", "dora", ""]),
            name=name,
            feature=feature,
            value=chance.choice([None, 0.0, 1.0, 6.0, 9.0, 10.0]),
            at=NOW - chance.random() * 180 * DAY,
            source="t",
            vouched=chance.random() < 0.7,
        )


def signed() -> Event:
    """A contract with seats."""
    start = f"{NOW - 100 * DAY:%Y-%m-%d}"
    terms = {"contract": "c9", "currency": "EUR", "seats": 10, "start_date": start, "end_date": None}
    return Event(
        id="t:contract",
        account="birch",
        name="contract.signed",
        value=1000.0,
        at=NOW - 100 * DAY,
        source="t",
        vouched=True,
        props=json.dumps(terms),
    )


@pytest.fixture
def told() -> None:
    world.build()
    rates.report_in(currency="EUR", by=SYSTEM, at=NOW)
    parameters.save(
        metric="core_feature_adoption",
        parameters={"features": ["export", "share", "report"]},
        by=SYSTEM,
        at=NOW,
    )
    events.append(events=[*drawn(600), signed()], received_at=NOW - DAY)
    relay.all_waiting(at=NOW)
    for number in (3, 5, 7, 11):
        retractions.take_back(event_id=f"t:{number}", by=SYSTEM, at=NOW - DAY / 2)
    relay.all_waiting(at=NOW)


def compare(metrics: list[str], master: str, settings: Settings) -> pl.DataFrame:
    """What both engines say of the metrics on two days; fails where they differ."""
    grid = Grid(last=NOW.date() - DAY, step_days=30, count=2)
    asked: Any = {"metrics": metrics, "grid": grid, "known_by": NOW - DAY * 2 / 3}
    expected = values.evaluate(**asked)
    settings.KEEPWELL_ENGINE, settings.KEEPWELL_SPARK_MASTER = "spark", master
    assert engines.chosen().name == "spark"
    assert_frame_equal(values.evaluate(**asked), expected)
    return expected


def test_metrics_of_each_form_are_equal_on_polars_and_on_a_spark_cluster(
    told: None, spark_master: str, settings: Settings
) -> None:
    found = compare(_one_of_each_form(), spark_master, settings)
    kept = {slug for slug, metric in METRICS.items() if metric.kept}
    assert kept <= set(found.drop_nulls("value")["metric"])


def test_an_engine_that_is_not_known_is_refused_with_those_that_are(settings: Settings) -> None:
    settings.KEEPWELL_ENGINE = "abacus"
    with pytest.raises(errors.Invalid, match="Known: polars, spark"):
        engines.chosen()
