"""What was not known yet, or had not happened yet, changes no metric and no score."""

from datetime import UTC, date, datetime, time, timedelta

import narwhals as nw
import polars as pl
import pytest
from hypothesis import assume, given, settings
from polars.testing import assert_frame_equal

from keepwell.health import cards
from keepwell.health.formulas import encoding, scoring
from keepwell.metrics.catalogue import METRICS
from keepwell.packs import loading
from tests.metrics import drawn, told
from tests.metrics.told import Told

CARDS = [cards.read(card.definition) for slug in loading.shipped() for card in loading.find(slug).scorecards]


def answers(facts: Told, days: list[date], known_by: datetime | None) -> pl.DataFrame:
    return told.evaluated(facts, days, known_by=known_by)


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


@settings(max_examples=20, deadline=None)
@given(facts=drawn.told(), others=drawn.told(), days=drawn.grids(), known_by=drawn.moments())
def test_facts_known_at_or_after_the_asked_moment_change_nothing(
    facts: Told, others: Told, days: list[date], known_by: datetime
) -> None:
    more = joined(facts, unknown_before(others, known_by))
    assert_frame_equal(answers(more, days, known_by), answers(facts, days, known_by))
    for found, expected in zip(scores(more, days, known_by), scores(facts, days, known_by), strict=True):
        assert_frame_equal(found, expected)


@settings(max_examples=20, deadline=None)
@given(facts=drawn.told(), others=drawn.told(), days=drawn.grids(), known_by=drawn.CUTS)
def test_facts_that_happen_after_the_day_change_nothing(
    facts: Told, others: Told, days: list[date], known_by: datetime | None
) -> None:
    more = joined(facts, after(others, days[-1]))
    assert_frame_equal(answers(more, days, known_by), answers(facts, days, known_by))
    for found, expected in zip(scores(more, days, known_by), scores(facts, days, known_by), strict=True):
        assert_frame_equal(found, expected)


@settings(max_examples=15, deadline=None)
@given(facts=drawn.told(), others=drawn.told(), days=drawn.grids())
def test_facts_after_an_earlier_day_change_nothing_on_that_day(
    facts: Told, others: Told, days: list[date]
) -> None:
    assume(len(days) > 1)
    earlier = days[0]
    more = answers(joined(facts, after(others, earlier)), days, None)
    assert_frame_equal(
        more.filter(pl.col("as_of") == earlier), answers(facts, days, None).filter(pl.col("as_of") == earlier)
    )


@pytest.mark.parametrize("slug", METRICS)
def test_each_metric_would_have_told_had_the_fact_been_known(slug: str) -> None:
    """The contract has teeth: for every metric there is a late fact that changes it once it is known."""
    day = date(2024, 2, 29)
    at = datetime(2024, 2, 28, tzinfo=UTC)
    late = at + timedelta(days=9)
    before = Told([], [told.Business(1, "c", "", "account.created", "", None, at, at)])
    names = (
        ("survey.answered", "nps", 9.0),
        ("ticket.escalated", "", None),
        ("touchpoint.held", "", None),
        ("review.held", "", 1.0),
        ("plan.confirmed", "", None),
    )
    said = [told.Business(1, name, "ada", name, kind, value, at, late) for name, kind, value in names]
    use = told.Usage(1, "ada", "export", at, late)
    bought = told.Contract(1, "s", at, late, 5, day, None)
    more = joined(before, Told([use], said, [bought]))
    assert told.answer(more, slug, day, known_by=late)[0] is None
    assert told.answer(more, slug, day, known_by=late + timedelta(microseconds=1))[0] is not None
