"""The agency card edge by edge, and what a score says when it does not know."""

from datetime import date

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.health import cards
from keepwell.health.formulas import scoring
from keepwell.metrics.catalogue import METRICS
from keepwell.packs import loading
from tests.health.test_cards import CARD

DAY = date(2026, 6, 14)
AGENCY = cards.read(loading.find("agency").scorecards[0].definition)
PART = {part.measure: part for part in AGENCY.parts}
Values = dict[str, float | None]
HEALTHY: Values = {
    "core_feature_adoption": 80.0,
    "executive_attendance": 90.0,
    "latest_nps": 60.0,
    "escalations_per_month": 0.0,
    "days_since_plan_confirmed": 3.0,
}


def frame(values: Values) -> nw.LazyFrame[pl.LazyFrame]:
    rows = [(1, DAY, slug, value, "Nobody said" if value is None else None) for slug, value in values.items()]
    schema = {
        "account_id": pl.Int64,
        "as_of": pl.Date,
        "metric": pl.String,
        "value": pl.Float64,
        "reason": pl.String,
    }
    return nw.from_native(pl.LazyFrame(rows, schema=schema, orient="row"))


def parts(values: Values, card: cards.Card = AGENCY) -> dict[str, dict[str, object]]:
    rows = scoring.parts(frame(values), card).collect().to_native().to_dicts()
    return {row["measure"]: row for row in rows}


def score(values: Values, card: cards.Card = AGENCY) -> dict[str, float | None]:
    judged = scoring.parts(frame(values), card)
    found: dict[str, float | None] = scoring.composite(judged, card).collect().to_native().row(0, named=True)
    return found


def test_the_agency_card_weighs_as_the_playbook_does() -> None:
    weights = {measure: part.weight for measure, part in PART.items()}
    assert weights == {
        "feature_adoption": 25,
        "executive_engagement": 20,
        "nps": 20,
        "escalation_rate": 15,
        "roadmap_alignment": 20,
    }


@pytest.mark.parametrize(
    ("measure", "value", "band"),
    [
        ("feature_adoption", 70.0001, "green"),
        ("feature_adoption", 70.0, "yellow"),
        ("feature_adoption", 50.0, "yellow"),
        ("feature_adoption", 49.9999, "red"),
        ("executive_engagement", 80.0001, "green"),
        ("executive_engagement", 80.0, "yellow"),
        ("executive_engagement", 60.0, "yellow"),
        ("executive_engagement", 59.9999, "red"),
        ("nps", 50.0, "green"),
        ("nps", 49.9999, "yellow"),
        ("nps", 20.0, "yellow"),
        ("nps", 19.9999, "red"),
        ("escalation_rate", 0.9999, "green"),
        ("escalation_rate", 1.0, "yellow"),
        ("escalation_rate", 3.0, "yellow"),
        ("escalation_rate", 3.0001, "red"),
        ("roadmap_alignment", 29.0, "green"),
        ("roadmap_alignment", 30.0, "yellow"),
        ("roadmap_alignment", 90.0, "yellow"),
        ("roadmap_alignment", 91.0, "red"),
    ],
)
def test_each_edge_of_the_agency_card(measure: str, value: float, band: str) -> None:
    found = parts({**HEALTHY, PART[measure].metric.slug: value})[measure]
    assert found["band"] == band
    assert found["points"] == {"green": 100, "yellow": 50, "red": 0}[band]


def test_csat_is_stated_beside_nps() -> None:
    (beside,) = PART["nps"].beside
    assert (beside.label, str(beside.green), str(beside.red)) == ("CSAT", ">= 85", "< 70")


def with_bands(green: str, red: str) -> cards.Card:
    """The test card, of weights 60 and 40, with these edges for its composite."""
    return cards.read({**CARD, "bands": {"green": green, "red": red}})


@pytest.mark.parametrize(
    ("bands", "points", "band"),
    [
        ((">= 75", "< 50"), 80.0, "green"),
        ((">= 80", "< 50"), 80.0, "green"),
        (("> 80", "< 50"), 80.0, "yellow"),
        ((">= 90", "< 80"), 80.0, "yellow"),
        ((">= 90", "<= 80"), 80.0, "red"),
    ],
)
def test_the_composite_has_edges_of_its_own(bands: tuple[str, str], points: float, band: str) -> None:
    found = score({"core_feature_adoption": 90.0, "escalations_per_month": 2.0}, with_bands(*bands))
    assert (found["points"], found["band"]) == (points, band)


@pytest.mark.parametrize(
    ("changed", "points", "band"),
    [
        ({}, 100.0, "green"),
        ({"core_feature_adoption": 10.0}, 75.0, "green"),
        ({"core_feature_adoption": 10.0, "escalations_per_month": 2.0}, 67.5, "yellow"),
        ({"latest_nps": 0.0, "executive_attendance": 0.0, "days_since_plan_confirmed": 60.0}, 50.0, "yellow"),
        (
            {"latest_nps": 0.0, "executive_attendance": 0.0, "days_since_plan_confirmed": 99.0},
            40.0,
            "red",
        ),
    ],
)
def test_the_agency_composite_is_green_from_75_and_red_below_50(
    changed: Values, points: float, band: str
) -> None:
    found = score({**HEALTHY, **changed})
    assert (found["points"], found["band"], found["known_weight"]) == (points, band, 100.0)
    assert found["low"] == found["high"] == points


def test_a_missing_weight_widens_the_bracket_and_is_not_handed_on() -> None:
    found = score({**HEALTHY, "core_feature_adoption": 60.0, "latest_nps": None})
    assert found["known_weight"] == 80
    assert found["low"] == 67.5
    assert found["high"] == 87.5
    assert found["points"] == round(67.5 / 80 * 100, 4)


def test_below_the_least_known_weight_the_score_is_unknown_and_the_bracket_remains() -> None:
    blind: Values = dict.fromkeys(HEALTHY)
    found = score({**blind, "core_feature_adoption": 80.0, "latest_nps": 60.0})
    assert (found["points"], found["band"], found["known_weight"]) == (None, "unknown", 45)
    assert (found["low"], found["high"]) == (45, 100)


def test_half_of_the_weight_is_enough() -> None:
    half = cards.read(
        {**CARD, "parts": [{**CARD["parts"][0], "weight": 50}, {**CARD["parts"][1], "weight": 50}]}
    )
    found = score({"core_feature_adoption": 80.0, "escalations_per_month": None}, half)
    assert (found["points"], found["band"], found["low"], found["high"]) == (100, "green", 50, 100)


def test_knowing_nothing_is_unknown_between_nothing_and_everything() -> None:
    found = score(dict.fromkeys(HEALTHY))
    assert (found["points"], found["band"]) == (None, "unknown")
    assert (found["known_weight"], found["low"], found["high"]) == (0, 0, 100)


def test_an_unknown_part_says_why() -> None:
    found = parts({**HEALTHY, "latest_nps": None})["nps"]
    assert (found["band"], found["points"], found["reason"]) == ("unknown", None, "Nobody said")
    without = {slug: value for slug, value in HEALTHY.items() if slug != "latest_nps"}
    assert parts(without)["nps"]["reason"] == "Not measured on this day"


@settings(max_examples=60)
@given(st.fixed_dictionaries({slug: st.none() | st.floats(-100, 200) for slug in HEALTHY}))
def test_the_score_is_the_weighted_mean_and_lies_in_its_bracket(values: Values) -> None:
    found, judged = score(values), parts(values)
    known = [part for part in judged.values() if part["points"] is not None]
    weight = sum(part["weight"] for part in known)  # type: ignore[misc]
    gained = sum(part["points"] * part["weight"] for part in known)  # type: ignore[operator, misc]
    assert found["known_weight"] == weight
    assert found["low"] == pytest.approx(gained / 100)
    assert found["high"] == pytest.approx(gained / 100 + 100 - weight)
    if weight < 50:
        assert found["points"] is None
        return
    assert found["points"] == pytest.approx(gained / weight, abs=1e-4)
    assert found["low"] <= found["points"] + 1e-4  # type: ignore[operator]
    assert found["points"] - 1e-4 <= found["high"]  # type: ignore[operator]


def test_every_shipped_card_judges_by_metrics_that_exist() -> None:
    for slug in loading.shipped():
        for card in loading.find(slug).scorecards:
            for part in cards.read(card.definition).parts:
                assert part.metric is METRICS[part.metric.slug]
                assert part.source
