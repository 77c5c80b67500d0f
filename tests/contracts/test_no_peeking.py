"""What was not known yet, or had not happened yet, changes no metric and no score."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import assume, given, settings
from polars.testing import assert_frame_equal

from keepwell.health import cards
from keepwell.health.formulas import encoding, scoring
from keepwell.ledger.catalogue import FACTS
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.packs import loading
from tests.metrics import drawn, told
from tests.metrics.told import Told

CARDS = [cards.read(card.definition) for slug in loading.shipped() for card in loading.find(slug).scorecards]


def answers(
    facts: Told, days: list[date], known_by: datetime | None, metrics: tuple[Metric, ...] = told.KEPT
) -> pl.DataFrame:
    return told.evaluated(facts, days, known_by=known_by, metrics=metrics)


def scores(facts: Told, days: list[date], known_by: datetime | None) -> list[pl.DataFrame]:
    """Every shipped card's scores with their parts."""
    values = nw.from_native(answers(facts, days, known_by).lazy())
    found = []
    for card in CARDS:
        parts = scoring.parts(values, card)
        judged = encoding.with_parts(scoring.composite(parts, card).to_native(), parts.to_native(), card)
        found.append(judged.sort("account_id", "as_of").collect())
    return found


def joined(one: Told, other: Told) -> Told:
    return Told(*([*vars(one)[name], *vars(other)[name]] for name in vars(one)))


def unknown_before(facts: Told, known_by: datetime) -> Told:
    """The facts, known only at or after a moment."""
    late = {
        name: [
            row._replace(known_at=max(row.known_at, known_by), **renamed(row)) for row in vars(facts)[name]
        ]
        for name in vars(facts)
    }
    return Told(**late)


def after(facts: Told, day: date) -> Told:
    """The facts, happening only after a day, and known at once."""
    first = datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)
    later = {
        name: [
            row._replace(at=max(row.at, first), known_at=first, **renamed(row)) for row in vars(facts)[name]
        ]
        for name in vars(facts)
    }
    return Told(**later)


def renamed(row: object) -> dict[str, str]:
    """Other facts, not the same ones again."""
    return {"id": f"other {row.id}"} if hasattr(row, "id") else {}


@settings(max_examples=20)
@given(
    facts=drawn.told(),
    others=drawn.told(),
    days=drawn.grids(),
    known_by=drawn.moments(),
    metrics=drawn.METRICS,
)
def test_facts_known_at_or_after_the_asked_moment_change_nothing(
    facts: Told, others: Told, days: list[date], known_by: datetime, metrics: tuple[Metric, ...]
) -> None:
    more = joined(facts, unknown_before(others, known_by))
    assert_frame_equal(answers(more, days, known_by, metrics), answers(facts, days, known_by, metrics))
    for found, expected in zip(scores(more, days, known_by), scores(facts, days, known_by), strict=True):
        assert_frame_equal(found, expected)


@settings(max_examples=20)
@given(
    facts=drawn.told(),
    others=drawn.told(),
    days=drawn.grids(),
    known_by=drawn.CUTS,
    metrics=drawn.METRICS,
)
def test_facts_that_happen_after_the_day_change_nothing(
    facts: Told, others: Told, days: list[date], known_by: datetime | None, metrics: tuple[Metric, ...]
) -> None:
    more = joined(facts, after(others, days[-1]))
    assert_frame_equal(answers(more, days, known_by, metrics), answers(facts, days, known_by, metrics))
    for found, expected in zip(scores(more, days, known_by), scores(facts, days, known_by), strict=True):
        assert_frame_equal(found, expected)


@settings(max_examples=15)
@given(facts=drawn.told(), others=drawn.told(), days=drawn.grids(), metrics=drawn.METRICS)
def test_facts_after_an_earlier_day_change_nothing_on_that_day(
    facts: Told, others: Told, days: list[date], metrics: tuple[Metric, ...]
) -> None:
    assume(len(days) > 1)
    earlier = pl.col("as_of") == days[0]
    more = answers(joined(facts, after(others, days[0])), days, None, metrics)
    assert_frame_equal(more.filter(earlier), answers(facts, days, None, metrics).filter(earlier))


@pytest.mark.parametrize("slug", METRICS)
def test_each_metric_would_have_told_had_the_fact_been_known(slug: str) -> None:
    """The contract has teeth: for every metric there is a late fact that changes it once it is known."""
    day = date(2024, 2, 29)
    at = datetime(2024, 2, 28, tzinfo=UTC)
    late = at + timedelta(days=9)
    before = Told([], [told.Business(1, "c", "", "account.created", "", None, at, at)])
    more = joined(before, everything(at, late))
    asked: Any = {"metric": slug, "day": day}
    unknown = told.answer(more, known_by=late, **asked)[0]
    known = told.answer(more, known_by=late + timedelta(microseconds=1), **asked)[0]
    assert known is not None
    assert known != unknown


PROPS = {
    "ticket": "t",
    "milestone": "m",
    "invoice": "i",
    "severity": "critical",
    "due_date": "2024-01-01",
    "initiative": "proactive",
    "first_contact": "yes",
}
ASKED = {
    "survey.answered": ("nps", "csat", "ces"),
    "stance.changed": ("champion",),
    "change.decided": ("accepted",),
}
CLOSING = ("ticket.resolved", "milestone.done", "invoice.paid", "person.left", "person.on_leave")


def everything(at: datetime, late: datetime) -> Told:
    """Every kind of fact, again and again over more than a year, all of it known late."""
    moments = [at - timedelta(days=back) for back in (0, 40, 60, 130, 200, 400)]
    said = [
        told.Business(1, f"{name} {feature} {then}", "ada", name, feature, 9.0, then, late, props=PROPS)
        for then in moments
        for name in FACTS
        for feature in ASKED.get(name, ("",))
        if name not in CLOSING
    ]
    closed = [
        told.Business(1, f"{name} closed", "ben", name, "", 9.0, at, late, props=PROPS | {"ticket": "t2"})
        for name in CLOSING
        if name not in ("milestone.done", "invoice.paid")
    ]
    done = [told.Business(1, "done", "", "milestone.done", "", 2.0, at, late, props={"milestone": "m2"})]
    used = [told.Usage(1, "ada", "export", then, late, value=1.0) for then in moments]
    start = at.date() - timedelta(days=400)
    bought = told.Contract(1, "s", moments[-1], late, 5, start, day_after(at), 100.0)
    return Told(used, [*said, *closed, *done], [bought])


def day_after(at: datetime) -> date:
    """Soon enough to be waited for."""
    return at.date() + timedelta(days=30)
