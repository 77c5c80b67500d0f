"""A card is read whole, or refused with the place and what is allowed there."""

import copy
from typing import Any

import pytest

from keepwell.health import cards, words
from keepwell.health.formulas import thresholds
from keepwell.kernel.errors import Invalid

CARD: dict[str, Any] = {
    "least_known_percent": 50,
    "bands": {"green": ">= 75", "red": "< 50"},
    "parts": [
        {
            "measure": "adoption",
            "metric": "core_feature_adoption",
            "label": "Core-feature adoption",
            "weight": 60,
            "green": "> 70",
            "red": "< 50",
        },
        {
            "measure": "escalations",
            "metric": "escalations_per_month",
            "label": "Escalations",
            "weight": 40,
            "green": "< 1",
            "red": "> 3",
        },
    ],
}


def changed(*path: str | int, to: object) -> dict[str, Any]:
    card = copy.deepcopy(CARD)
    place: Any = card
    for key in path[:-1]:
        place = place[key]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return card


def test_a_card_is_read() -> None:
    card = cards.read(CARD)
    assert [part.metric.slug for part in card.parts] == ["core_feature_adoption", "escalations_per_month"]
    assert str(card.parts[0].scale.green) == "> 70"
    assert card.least_known_percent == 50


@pytest.mark.django_db  # an unknown metric may be one that the company defined
@pytest.mark.parametrize(
    ("card", "complaint"),
    [
        (
            changed("parts", 0, "green", to="70"),
            'parts[0].green: "70" is no threshold. Write a sign and a figure',
        ),
        (changed("parts", 0, "green", to=70), 'parts[0].green: "70" is no threshold'),
        (changed("parts", 0, "green", to="> 40"), 'parts[0]: green "> 40" and red "< 50" overlap'),
        (
            changed("parts", 0, "red", to="> 50"),
            'parts[0]: green "> 70" and red "> 50" overlap or face the same',
        ),
        (changed("parts", 0, "red", to=None), 'parts[0]: "red" is missing'),
        (
            changed("parts", 0, "metric", to="happiness"),
            'parts[0].metric: "happiness" is no metric. Known: active',
        ),
        (
            changed("parts", 0, "wieght", to=5),
            'parts[0]: "wieght" is not known. Allowed: measure, metric, label',
        ),
        (changed("parts", 0, "weight", to=50), "the weights add up to 90. They must add up to 100"),
        (
            changed("parts", 0, "weight", to="60"),
            "\"weight\" must be a number above 0, 100 at most, not '60'",
        ),
        (changed("parts", 1, "measure", to="adoption"), 'measure "adoption" comes twice'),
        (changed("parts", to=[]), '"parts" must be a list with at least one entry'),
        (changed("bands", "green", to=">> 75"), 'bands.green: ">> 75" is no threshold'),
        (changed("least_known_percent", to=None), '"least_known_percent" must be a number above 0'),
        (
            changed("color", to="red"),
            'the card: "color" is not known. Allowed: least_known_percent, bands, applies',
        ),
    ],
)
def test_a_wrong_card_is_refused_where_it_is_wrong(card: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Invalid) as refused:
        cards.read(card)
    assert complaint in str(refused.value)


def test_a_measure_that_is_better_low_cannot_be_green_high() -> None:
    wrong = changed("parts", 1, "green", to="> 3")
    wrong["parts"][1]["red"] = "< 1"
    with pytest.raises(Invalid, match="escalations_per_month is better down"):
        cards.read(wrong)


@pytest.mark.parametrize(
    ("green", "red", "fits"),
    [
        (">= 50", "< 50", True),
        ("> 50", "<= 50", True),
        (">= 50", "<= 50", False),
        ("< 1", "> 3", True),
        ("< 3", "> 1", False),
    ],
)
def test_green_and_red_may_touch_and_may_not_overlap(green: str, red: str, fits: bool) -> None:
    pair = thresholds.parse(green), thresholds.parse(red)
    if fits:
        assert thresholds.paired(*pair) == pair
    else:
        with pytest.raises(Invalid, match="overlap"):
            thresholds.paired(*pair)


def part(**given: Any) -> dict[str, Any]:
    usual = {"measure": "a", "label": "Adoption", "unit": "%", "weight": 25.0, "green": "> 70", "red": "< 50"}
    return {**usual, "reason": None, **given}


RED = part(value=12.04, band="red", points=0.0)
GREEN = part(value=80.0, band="green", points=100.0)
BLIND = part(value=None, band="unknown", points=None, reason="No usage is known")
CALLS = part(
    measure="b", label="Days", unit="days", value=40.0, band="yellow", points=50.0, green="<= 30", red="> 90"
)


def test_the_worst_part_names_value_and_the_threshold_it_misses() -> None:
    assert words.worst([CALLS, RED]) == "Adoption 12 % (under 50)"
    assert words.worst([CALLS, GREEN]) == "Days 40 days (not up to 30)"
    assert words.worst([GREEN, BLIND | {"label": "NPS"}]) == "NPS unknown: No usage is known"
    assert words.worst([GREEN]) == ""


def test_a_move_is_told_by_the_part_that_moved_most() -> None:
    assert words.moved([GREEN, CALLS], [RED, CALLS]) == "Adoption fell from 80 % to 12 %"
    assert words.moved([RED], [BLIND]) == "Adoption became unknown"
    assert words.moved([BLIND], [GREEN]) == "Adoption became known: 80 %"
    assert words.moved([GREEN], [part(value=90.0, band="green", points=100.0)]) == ""


def test_thresholds_are_told_in_words() -> None:
    pair = thresholds.parse("< 1"), thresholds.parse("> 3")
    assert (
        words.threshold_words(*pair, "a month")
        == "Healthy under 1 a month, at risk above 3 a month, watch between"
    )


def test_thirds_may_be_rounded_and_still_make_a_whole() -> None:
    third = CARD["parts"][0] | {"weight": 33.3}
    parts = [third | {"measure": name, "label": name} for name in ("one", "two", "three")]
    card = cards.read(CARD | {"parts": parts})
    assert sum(part.weight for part in card.parts) == pytest.approx(100, abs=1e-12)
    assert len({part.weight for part in card.parts}) == 1
    with pytest.raises(Invalid, match=r"add up to 99\.6\. They must add up to 100"):
        cards.read(CARD | {"parts": [part | {"weight": 33.2} for part in parts]})
