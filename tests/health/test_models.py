"""Health models of the field, said exactly: each as its makers describe it, on cases worked by hand."""

from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from keepwell.health import cards
from keepwell.health.card import Card
from keepwell.health.formulas import scoring
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.vocabulary import Subject, Vocabulary

DAY = date(2026, 6, 14)
OF_ACCOUNTS = Vocabulary(
    {slug: Subject(slug, slug.title(), "text") for slug in ("tier", "phase")},
)
EDGES = {"least_known_percent": 50, "bands": {"green": ">= 75", "red": "< 50"}}
Values = dict[str, float | None]


def part(measure: str, metric: str, weight: float, **given: Any) -> dict[str, Any]:
    return {"measure": measure, "label": measure, "metric": metric, "weight": weight, **given}


def frame(values: Values) -> nw.LazyFrame[Any]:
    rows = [(1, DAY, slug, value, "Nobody said" if value is None else None) for slug, value in values.items()]
    names = {
        "account_id": pl.Int64,
        "as_of": pl.Date,
        "metric": pl.String,
        "value": pl.Float64,
        "reason": pl.String,
    }
    return nw.from_native(pl.LazyFrame(rows, schema=names, orient="row"))


def parts(values: Values, card: Card, **facts: Any) -> dict[str, dict[str, Any]]:
    said = nw.from_native(pl.LazyFrame([{"account_id": 1, "as_of": DAY, **facts}])) if facts else None
    rows = scoring.parts(frame(values), card, said).collect().to_native().to_dicts()
    return {row["measure"]: row for row in rows}


def score(values: Values, card: Card, **facts: Any) -> dict[str, Any]:
    said = nw.from_native(pl.LazyFrame([{"account_id": 1, "as_of": DAY, **facts}])) if facts else None
    found: dict[str, Any] = (
        scoring.composite(scoring.parts(frame(values), card, said), card)
        .collect()
        .to_native()
        .row(0, named=True)
    )
    return found


# PostHog's handbook: two categories of 25 and 75, weighted scores inside each, bands poor / concerning / healthy.
POSTHOG = cards.read(
    {
        **EDGES,
        "groups": [
            {"group": "relationship", "label": "Relationship", "weight": 25},
            {"group": "product", "label": "Product", "weight": 75},
        ],
        "parts": [
            part("touch", "days_since_touchpoint", 40, group="relationship", green="<= 30", red="> 60"),
            part("nps", "latest_nps", 60, group="relationship", green=">= 50", red="< 20"),
            part("people", "active_people", 50, group="product", green=">= 10", red="< 3"),
            part("days", "active_days", 30, group="product", green=">= 12", red="< 4"),
            part("features", "core_feature_adoption", 20, group="product", green="> 70", red="< 50"),
        ],
    }
)


@pytest.mark.parametrize(
    ("touch", "nps", "people", "days", "features", "points", "band"),
    [
        (10, 60, 20, 20, 90, 100.0, "green"),
        # relationship (40×0 + 60×50) / 100 = 30; product (50×100 + 30×50 + 20×0) / 100 = 65; 0.25×30 + 0.75×65
        (90, 30, 10, 11, 40, 56.25, "yellow"),
        # everything in the heavy category poor, the light one healthy
        (10, 60, 0, 0, 0, 25.0, "red"),
        (90, 0, 20, 20, 90, 75.0, "green"),
    ],
)
def test_posthog_two_categories_of_25_and_75(
    touch: float, nps: float, people: float, days: float, features: float, points: float, band: str
) -> None:
    values: Values = {
        "days_since_touchpoint": touch,
        "latest_nps": nps,
        "active_people": people,
        "active_days": days,
        "core_feature_adoption": features,
    }
    found = score(values, POSTHOG)
    assert (found["points"], found["band"], found["low"], found["high"]) == (points, band, points, points)


def test_inside_a_category_a_missing_measure_leaves_the_category_its_weight() -> None:
    values: Values = {
        "days_since_touchpoint": 10,
        "latest_nps": None,
        "active_people": 1,
        "active_days": 8,
        "core_feature_adoption": 90,
    }
    # relationship: touch alone says 100; product (0 + 30×50 + 20×100) / 100 = 35; 0.25×100 + 0.75×35
    found = score(values, POSTHOG)
    assert found["points"] == 51.25
    assert found["known_weight"] == 25 * 0.4 + 75
    assert (found["low"], found["high"]) == (25 * 0.4 + 26.25, 25 + 26.25)


# Sourcegraph: formulas by lifecycle and segment; default 55 % utilisation, 30 % team sentiment, 15 % technical health.
SOURCEGRAPH: dict[str, Any] = {
    **EDGES,
    "parts": [
        part("utilisation", "seat_utilisation", 55, slope=[[0, 0], [50, 40], [80, 100]]),
        part("sentiment", "latest_nps", 30, slope=[[1, 0], [5, 100]]),
        part("technical", "escalations_per_month", 15, green="< 1", red="> 3"),
    ],
}


@pytest.mark.parametrize(
    ("utilisation", "sentiment", "escalations", "points", "band"),
    [
        (80, 5, 0, 100.0, "green"),
        (50, 3, 1, 55 * 0.4 + 30 * 0.5 + 15 * 0.5, "red"),
        (65, 4, 0, 55 * 0.7 + 30 * 0.75 + 15, "green"),
        (0, 1, 9, 0.0, "red"),
        (200, 5, 9, 85.0, "green"),
    ],
)
def test_sourcegraph_55_30_15(
    utilisation: float, sentiment: float, escalations: float, points: float, band: str
) -> None:
    values: Values = {
        "seat_utilisation": utilisation,
        "latest_nps": sentiment,
        "escalations_per_month": escalations,
    }
    found = score(values, cards.read(SOURCEGRAPH))
    assert (found["points"], found["band"]) == (points, band)


def test_sourcegraph_judges_by_lifecycle_and_segment() -> None:
    young = cards.read({**SOURCEGRAPH, "applies": {"of": "phase", "is": "onboarding"}}, OF_ACCOUNTS)
    assert young.applies is not None
    assert tree.subjects(young.applies) == {"phase"}


# GitLab: licence utilisation of a subscription; what lacks one of the two numbers is dropped, not counted as bad.
GITLAB = cards.read(
    {
        **EDGES,
        "least_known_percent": 1,
        "parts": [
            part("licences", "seat_utilisation", 80, green="> 75", red="<= 50", missing="leave_out"),
            part("tickets", "escalations_per_month", 20, green="< 1", red="> 3"),
        ],
    }
)


def test_gitlab_drops_what_lacks_a_number() -> None:
    found = score({"seat_utilisation": None, "escalations_per_month": 2}, GITLAB)
    assert (found["points"], found["known_weight"], found["low"], found["high"]) == (50, 100, 50, 50)
    said = parts({"seat_utilisation": None, "escalations_per_month": 2}, GITLAB)["licences"]
    assert (said["state"], said["weight"]) == ("left_out", 0)
    assert said["reason"] == "Nobody said: left out, its weight goes to the others"


# Mattermost: under 51 high risk, 51 to 75 medium, above healthy.
MATTERMOST = cards.read(
    {
        "least_known_percent": 50,
        "bands": {"green": "> 75", "red": "< 51"},
        "parts": [part("use", "seat_utilisation", 100, slope=[[0, 0], [100, 100]])],
    }
)


@pytest.mark.parametrize(
    ("points", "band"), [(50.9999, "red"), (51, "yellow"), (75, "yellow"), (75.0001, "green")]
)
def test_mattermost_51_and_75(points: float, band: str) -> None:
    found = score({"seat_utilisation": points}, MATTERMOST)
    assert (found["points"], found["band"]) == (points, band)
    assert parts({"seat_utilisation": points}, MATTERMOST)["use"]["band"] == band
    (use,) = MATTERMOST.parts
    assert (str(use.scale.green), str(use.scale.red)) == ("> 75", "< 51")
