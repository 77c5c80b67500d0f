"""Exceptions, staleness and what a card does about what is not known."""

from typing import Any

import pytest

from keepwell.health import cards
from keepwell.health.formulas import scales, thresholds
from keepwell.kernel.errors import Invalid
from tests.health.test_cards import CARD
from tests.health.test_models import EDGES, OF_ACCOUNTS, Values, part, parts, score

GOOD: Values = {"core_feature_adoption": 60, "escalations_per_month": 2}


def excepted(**case: Any) -> dict[str, Any]:
    """The test card, of adoption 60 and escalations 40, with an exception for adoption of small accounts."""
    adoption = {**CARD["parts"][0], "exceptions": [{"when": {"of": "tier", "is": "small"}, **case}]}
    return {**CARD, "parts": [adoption, CARD["parts"][1]]}


@pytest.mark.parametrize(
    ("case", "small", "other"),
    [
        ({"green": "> 50", "red": "< 20"}, 80.0, 50.0),
        ({"slope": [[0, 0], [60, 100]]}, 80.0, 50.0),
        ({"weight": 10}, 50.0, 50.0),
        ({"does_not_apply": True, "why": "small plans have no core features"}, 50.0, 50.0),
    ],
)
def test_an_exception_holds_for_whom_it_is_made(case: dict[str, Any], small: float, other: float) -> None:
    card = cards.read(excepted(**case), OF_ACCOUNTS)
    assert card.excepted_by == {"tier"}
    assert score(GOOD, card, tier="small")["points"] == small
    assert score(GOOD, card, tier="large")["points"] == other
    assert score(GOOD, card, tier=None)["points"] == other


def test_another_weight_is_weighed_against_the_others_as_they_are() -> None:
    card = cards.read(excepted(weight=10), OF_ACCOUNTS)
    found = score({**GOOD, "core_feature_adoption": 80}, card, tier="small")
    assert found["points"] == round((10 * 100 + 40 * 50) / 50, 4)


def test_what_does_not_apply_is_not_unknown() -> None:
    card = cards.read(excepted(does_not_apply=True, why="small plans have no core features"), OF_ACCOUNTS)
    values: Values = {**GOOD, "core_feature_adoption": None}
    found = score(values, card, tier="small")
    assert (found["known_weight"], found["low"], found["high"]) == (100, 50, 50)
    said = parts(values, card, tier="small")["adoption"]
    assert (said["state"], said["weight"], said["points"]) == ("exempt", 0, None)
    assert said["reason"] == "Does not apply: small plans have no core features"
    assert score(values, card, tier="large")["known_weight"] == 40


def test_an_account_to_which_nothing_applies_is_unknown() -> None:
    case = [{"when": {"of": "tier", "is": "small"}, "does_not_apply": True}]
    parts_ = [{**one, "exceptions": case} for one in CARD["parts"]]
    nothing = cards.read({**CARD, "parts": parts_}, OF_ACCOUNTS)
    found = score(GOOD, nothing, tier="small")
    assert (found["points"], found["band"], found["known_weight"]) == (None, "unknown", 0)
    assert (found["low"], found["high"]) == (0, 100)


STALE = {
    **EDGES,
    "parts": [
        part(
            "nps",
            "latest_nps",
            50,
            green=">= 50",
            red="< 20",
            since="days_since_touchpoint",
            stale_after_days=30,
        ),
        part("days", "active_days", 50, green=">= 12", red="< 4"),
    ],
}


@pytest.mark.parametrize(
    ("age", "points", "reason"),
    [
        (30, 100.0, None),
        (31, None, "The last fact is more than 30 days old"),
        (None, None, "It is not known how old this is"),
    ],
)
def test_a_stale_value_is_unknown_and_says_so(
    age: float | None, points: float | None, reason: str | None
) -> None:
    card = cards.read(STALE)
    assert card.metrics == {"latest_nps", "days_since_touchpoint", "active_days"}
    values: Values = {"latest_nps": 60, "days_since_touchpoint": age, "active_days": 20}
    said = parts(values, card)["nps"]
    assert (said["points"], said["reason"]) == (points, reason)
    assert score(values, card)["known_weight"] == (100 if points else 50)


def test_what_was_never_known_keeps_its_own_reason() -> None:
    values: Values = {"latest_nps": None, "days_since_touchpoint": 99, "active_days": 20}
    assert parts(values, cards.read(STALE))["nps"]["reason"] == "Nobody said"


@pytest.mark.parametrize(
    ("missing", "points", "known", "bracket"),
    [
        ("blind", 50.0, 40.0, (20.0, 80.0)),
        ("red", 20.0, 40.0, (20.0, 20.0)),
        ("yellow", 50.0, 40.0, (50.0, 50.0)),
        ("green", 80.0, 40.0, (80.0, 80.0)),
        ("leave_out", 50.0, 100.0, (50.0, 50.0)),
    ],
)
def test_what_a_missing_value_means_is_the_card_s_to_say(
    missing: str, points: float, known: float, bracket: tuple[float, float]
) -> None:
    adoption = {**CARD["parts"][0], "missing": missing}
    card = cards.read({**CARD, "least_known_percent": 30, "parts": [adoption, CARD["parts"][1]]})
    found = score({"core_feature_adoption": None, "escalations_per_month": 2}, card)
    assert (found["points"], found["known_weight"]) == (points, known)
    assert (found["low"], found["high"]) == bracket


def test_assumed_points_say_that_they_are_assumed() -> None:
    adoption = {**CARD["parts"][0], "missing": "red"}
    card = cards.read({**CARD, "parts": [adoption, CARD["parts"][1]]})
    said = parts({"core_feature_adoption": None, "escalations_per_month": 2}, card)["adoption"]
    assert (said["state"], said["band"], said["points"]) == ("assumed", "red", 0)
    assert said["reason"] == "Nobody said: counts as at risk"


BANDS = thresholds.parse(">= 75"), thresholds.parse("< 50")


@pytest.mark.parametrize(
    ("slope", "green", "red"),
    [
        ([[0, 0], [50, 40], [80, 100]], ">= 67.5", "< 55"),
        ([[0, 100], [100, 0]], "<= 25", "> 50"),
        ([[0, 0], [10, 60]], "None", "< 8.3333"),
        ([[0, 50], [10, 100]], ">= 5", "None"),
        ([[0, 0], [10, 75], [20, 75], [30, 100]], ">= 10", "< 6.6667"),
    ],
)
def test_a_slope_says_where_its_bands_begin(slope: list[list[float]], green: str, red: str) -> None:
    found = scales.sloped(slope, edges=BANDS)
    assert (str(found.green), str(found.red)) == (green, red)


def wrong(*, without: tuple[str, ...] = (), **given: Any) -> dict[str, Any]:
    plain = {key: value for key, value in CARD["parts"][0].items() if key not in without}
    return {**CARD, "parts": [{**plain, **given}, CARD["parts"][1]]}


@pytest.mark.parametrize(
    ("card", "complaint"),
    [
        (wrong(slope=[[0, 0], [1, 1]]), 'parts[0]: state either "slope", or "green" and "red".'),
        (wrong(without=("green", "red"), slope=[[0, 0]]), "needs two pairs"),
        (wrong(without=("green", "red"), slope=[0, 1]), "state pairs of a figure and its points"),
        (wrong(without=("green", "red"), slope=[[0, 0], [0, 1]]), "with rising figures"),
        (wrong(without=("green", "red"), slope=[[0, 0], [1, 101]]), "lie between 0 and 100"),
        (wrong(without=("green", "red"), slope=[[0, 0], [1, 50], [2, 40]]), "rise or fall all the way"),
        (wrong(without=("green", "red"), slope=[[0, 100], [1, 0]]), "core_feature_adoption is better up"),
        (wrong(group="fit"), 'parts[0]: group "fit" is not declared'),
        (wrong(missing="zero"), '"missing" is one of blind, red, yellow, green, leave_out'),
        (wrong(stale_after_days=3), '"stale_after_days" and "since" go together'),
        (wrong(stale_after_days=3, since="latest_nps"), "it must be counted in days"),
        (wrong(stale_after_days=0, since="active_days"), "must be a whole number of days above 0"),
        (wrong(exceptions=[{"weight": 5}]), 'parts[0].exceptions[0]: "when" is missing'),
        (
            wrong(exceptions=[{"when": {"of": "tier", "is": "x"}}]),
            "state other thresholds, another weight, or",
        ),
        (excepted(does_not_apply=True, weight=5), '"does_not_apply = true" alone'),
        (
            wrong(exceptions=[{"when": {"of": "shoe", "is": "x"}, "weight": 5}]),
            '"shoe" is nothing that can be asked',
        ),
        ({**CARD, "applies": {"of": "tier"}}, "applies: the condition: tier: ask with exactly one of"),
        ({**CARD, "bands": {"green": "< 50", "red": "> 75"}}, "but more points are better"),
        ({**CARD, "groups": [{"group": "a", "label": "A", "weight": 100}]}, 'group "" is not declared'),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(card: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Invalid) as refused:
        cards.read(card, OF_ACCOUNTS)
    assert complaint in str(refused.value)


def grouped(weights: tuple[float, float], inside: tuple[float, float]) -> dict[str, Any]:
    groups = [
        {"group": slug, "label": slug, "weight": weight} for slug, weight in zip("ab", weights, strict=True)
    ]
    rows = [
        {**one, "group": slug, "weight": weight}
        for one, slug, weight in zip(CARD["parts"], "ab", inside, strict=True)
    ]
    return {**CARD, "groups": groups, "parts": rows}


def test_weights_add_up_inside_groups_and_over_them() -> None:
    assert score(GOOD, cards.read(grouped((25, 75), (100, 100))))["points"] == 50
    with pytest.raises(Invalid, match="groups: the weights add up to 95"):
        cards.read(grouped((20, 75), (100, 100)))
    with pytest.raises(Invalid, match='parts in "b": the weights add up to 90'):
        cards.read(grouped((25, 75), (100, 90)))
    empty = grouped((25, 75), (50, 50))
    empty["parts"][1]["group"] = "a"
    with pytest.raises(Invalid, match='no part is in "b"'):
        cards.read(empty)
