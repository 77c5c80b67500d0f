"""A movement of a score is split exactly; what would raise it is judged by the same card."""

from datetime import timedelta
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.health import cards
from keepwell.health.actions import overrides
from keepwell.health.card import Card
from keepwell.health.formulas import explaining, raising, scoring
from keepwell.health.formulas.explaining import Sight
from keepwell.health.queries import explaining as reads
from keepwell.health.queries import raising as raising_reads
from keepwell.health.queries import seen
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.ledger.actions import relay, surveys
from tests import world
from tests.health.test_cards import CARD
from tests.health.test_scores import TOUCH, card, refresh
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

DAY = timedelta(days=1)
WEEK_AGO = TODAY - 7 * DAY


def _part(measure: str, metric: str, weight: float, green: str, red: str, **more: Any) -> dict[str, Any]:
    return {
        "measure": measure,
        "metric": metric,
        "label": measure.title(),
        "weight": weight,
        "green": green,
        "red": red,
        **more,
    }


GROUPED = {
    "least_known_percent": 50,
    "bands": {"green": ">= 75", "red": "< 50"},
    "groups": [
        {"group": "use", "label": "Use", "weight": 75},
        {"group": "people", "label": "People", "weight": 25},
    ],
    "parts": [
        _part("days", "active_days", 40, "> 8", "< 3", group="use", missing="leave_out"),
        _part("seats", "seat_utilisation", 60, "> 70", "< 40", group="use", missing="red"),
        _part("touch", "days_since_touchpoint", 100, "<= 30", "> 90", group="people"),
    ],
}
FLAT = {
    "least_known_percent": 50,
    "bands": {"green": ">= 75", "red": "< 50"},
    "parts": [
        _part("days", "active_days", 50, "> 8", "< 3"),
        _part("seats", "seat_utilisation", 30, "> 70", "< 40"),
        {
            "measure": "touch", "metric": "days_since_touchpoint", "label": "Touch", "weight": 20,
            "slope": [[0, 100], [90, 0]],
        },
    ],
}  # fmt: skip
METRICS = ("active_days", "seat_utilisation", "days_since_touchpoint")
VALUES = st.fixed_dictionaries({metric: st.none() | st.integers(0, 120) for metric in METRICS})


def sight(values: dict[str, Any], judge: Card) -> Sight:
    rows = [
        (1, TODAY, metric, value, None if value is not None else "nothing")
        for metric, value in values.items()
    ]
    kinds = {
        "account_id": pl.Int64,
        "as_of": pl.Date,
        "metric": pl.String,
        "value": pl.Float64,
        "reason": pl.String,
    }
    frame = nw.from_native(pl.LazyFrame(rows, schema=kinds, orient="row"))
    return explaining.sight(judge, scoring.parts(frame, judge).collect().to_native())


@pytest.mark.parametrize(
    ("before", "after"), [(FLAT, FLAT), (GROUPED, GROUPED), (FLAT, GROUPED), (GROUPED, FLAT)]
)
@settings(max_examples=40)
@given(then=VALUES, late=VALUES, now=VALUES)
def test_the_causes_add_up(
    before: dict[str, Any],
    after: dict[str, Any],
    then: dict[str, Any],
    late: dict[str, Any],
    now: dict[str, Any],
) -> None:
    old = cards.read(before)
    new = old if before is after else cards.read(after)
    first, first_now, last_old = sight(then, old), sight(late, old), sight(now, old)
    last = last_old if new is old else sight(now, new)
    found = explaining.steps(first, first_now, last_old, last)
    shown, shows = explaining.points(first), explaining.points(last)
    if shown is None or shows is None:
        return
    if all(step.change is not None for step in found):
        assert sum(step.change or 0 for step in found) == pytest.approx(shows - shown, abs=1e-3)
    kinds = [explaining.KINDS.index(step.kind) for step in found]
    assert kinds == sorted(kinds)
    if then == late:
        assert not any(step.kind == "late_data" for step in found)
    if new is old:
        assert not any(step.kind == "configuration" for step in found)


@settings(max_examples=40)
@given(now=VALUES)
def test_what_did_not_move_has_no_cause(now: dict[str, Any]) -> None:
    same = sight(now, cards.read(FLAT))
    assert explaining.steps(same, same, same, same) == ()


@pytest.mark.parametrize("definition", [FLAT, GROUPED])
@settings(max_examples=40)
@given(now=VALUES)
def test_a_promised_rise_comes_true(definition: dict[str, Any], now: dict[str, Any]) -> None:
    judge = cards.read(definition)
    stands = sight(now, judge)
    before = explaining.points(stands)
    for one in raising.raises(stands):
        past = 0 if one.inclusive else 0.01
        brought = {**now, one.metric: one.figure + (past if one.upward else -past)}
        after = explaining.points(sight(brought, judge))
        assert after is not None
        assert after == pytest.approx((before or 0) + one.gain, abs=0.02)
        assert one.gain > 0


@pytest.fixture
def cast(db: None) -> world.World:
    """Willow was spoken to long ago; today a touchpoint of ten days ago becomes known."""
    found = world.build()
    card(TOUCH, at=NOW - timedelta(days=900))
    happen(event("willow", "touchpoint.held", 45))
    refresh()
    return found


def why(cast: world.World, **asked: Any) -> reads.ChangeView:
    return reads.change(account_id=cast.willow.pk, seen_by=TESTS, since=WEEK_AGO, until=TODAY, **asked)


def test_late_data_is_told_apart_from_what_happened_since(cast: world.World) -> None:
    happen(event("willow", "touchpoint.held", 10, vouched=False))
    happen(event("willow", "touchpoint.held", 2, vouched=False))
    found = why(cast)
    assert (found.before, found.after, found.change) == (0, 100, 100)
    assert [(cause.kind, cause.change) for cause in found.causes] == [("late_data", 100)]
    assert found.causes[0].words == "Days since last touchpoint fell from 38 days to 3 days"
    happen(event("birch", "touchpoint.held", 20), event("birch", "touchpoint.held", 1))
    other = reads.change(account_id=cast.birch.pk, seen_by=TESTS, since=WEEK_AGO, until=TODAY)
    assert [(cause.kind, cause.change) for cause in other.causes] == [("behaviour", 50)]


def test_the_card_the_override_and_a_missing_input_have_their_parts(cast: world.World) -> None:
    card(
        {**TOUCH, "parts": [{**TOUCH["parts"][0], "green": "<= 60", "red": "> 90"}]},  # type: ignore[index]
        at=NOW - 2 * DAY,
    )
    found = why(cast)
    assert [(cause.kind, cause.change) for cause in found.causes] == [("configuration", 100)]
    assert found.causes[0].words == "Version 2 of Ours instead of 1"
    refresh()
    overrides.override(
        account="willow", band="red", points=10, reason="They told us so", expires_on=TODAY + 7 * DAY,
        by=cast.scope("ada"), at=NOW,
    )  # fmt: skip
    over = why(cast)
    assert (over.before, over.after) == (0, 10)
    assert over.of_kind("override") == -90
    assert sum(cause.change or 0 for cause in over.causes) == over.change
    assert over.causes[-1].words.startswith("Ada says red: They told us so")


def test_an_input_that_became_known_is_no_behaviour(cast: world.World) -> None:
    both = {
        **TOUCH,
        "parts": [
            {**TOUCH["parts"][0], "weight": 50},  # type: ignore[index]
            _part("nps", "latest_nps", 50, ">= 50", "< 20"),
        ],
    }
    card(both, at=NOW - 30 * DAY)
    row = {"key": "s1", "account": "willow", "kind": "nps", "score": 10.0, "answered_at": NOW - DAY}
    surveys.upsert(rows=[row], source="tests", by=TESTS, at=NOW - DAY, vouched=True)
    relay.all_waiting(at=NOW)
    found = why(cast)
    assert [(cause.kind, cause.change) for cause in found.causes] == [("missing_input", 50)]
    assert found.causes[0].words == "Nps became known: 100"


def test_what_cannot_be_asked_is_refused(cast: world.World) -> None:
    with pytest.raises(Invalid, match="is not before"):
        reads.change(account_id=cast.willow.pk, seen_by=TESTS, since=TODAY, until=TODAY)
    with pytest.raises(NotFound):
        reads.change(account_id=cast.willow.pk, seen_by=cast.scope("cleo"), since=WEEK_AGO, until=TODAY)


def test_what_would_raise_it_says_who_is_there_already(cast: world.World) -> None:
    card(CARD)
    tickets = [event("willow", "ticket.escalated", n, feature="defect") for n in range(10)]
    happen(
        *tickets, event("birch", "ticket.opened", 300, feature="defect"), event("elm", "touchpoint.held", 300)
    )
    refresh()
    found = raising_reads.most(seen.today(account_id=cast.willow.pk, seen_by=TESTS))
    assert [(view.found.measure, view.found.to_band) for view in found] == [
        ("escalations", "yellow"),
        ("adoption", "yellow"),
    ]
    mended = next(view for view in found if view.found.measure == "escalations")
    assert mended.found.gain == 50
    assert mended.others is not None
    assert mended.others > 0
    assert mended.was_there_on is not None
