"""What is written as TOML is read back the same; differences are told in words."""

from typing import Any

import pytest

from keepwell.health import cards, differences, texts
from keepwell.kernel.errors import Invalid
from keepwell.packs import loading
from tests.health.test_cards import CARD
from tests.health.test_models import OF_ACCOUNTS

RICH: dict[str, Any] = {
    "least_known_percent": 40,
    "bands": {"green": ">= 75", "red": "< 50"},
    "applies": {
        "all": [{"of": "tier", "in": ["high", 'a "quoted" one']}, {"not": {"of": "phase", "is": "x\ny"}}]
    },
    "groups": [{"group": "one", "label": "Größe", "weight": 100}],
    "parts": [
        {
            **CARD["parts"][0],
            "group": "one",
            "missing": "leave_out",
            "exceptions": [
                {"when": {"of": "tier", "is": "low"}, "does_not_apply": True, "why": "they have none"}
            ],
        },
        {
            "measure": "use",
            "metric": "seat_utilisation",
            "label": "Use",
            "weight": 40.5,
            "group": "one",
            "slope": [[0, 0], [50.5, 40], [80, 100]],
            "beside": [{"label": "CSAT", "unit": "%", "green": ">= 85", "red": "< 70"}],
        },
    ],
}


@pytest.mark.parametrize(
    "definition",
    [RICH, CARD, *(c.definition for slug in loading.shipped() for c in loading.find(slug).scorecards)],
)
def test_toml_out_is_toml_in(definition: dict[str, Any]) -> None:
    assert texts.read(texts.write("ours", 'Our "own" card', definition)) == (
        "ours",
        'Our "own" card',
        definition,
    )


@pytest.mark.parametrize(("text", "complaint"), [("a = ", "no TOML"), ('slug = "x"', '"slug" and "title"')])
def test_what_is_no_scorecard_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        texts.read(text)


def part(n: int, **given: Any) -> dict[str, Any]:
    rows = [dict(one) for one in CARD["parts"]]
    rows[n] |= given
    return {**CARD, "parts": rows}


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    read = [cards.read(one, OF_ACCOUNTS) for one in (before, after)]
    return list(differences.between(*read))


def test_the_same_card_differs_in_nothing() -> None:
    assert told(CARD, CARD) == []


@pytest.mark.parametrize(
    ("after", "line"),
    [
        (part(0, label="Use"), "Use: was called Core-feature adoption"),
        (
            part(0, metric="seat_utilisation"),
            "Core-feature adoption: measured by Seat utilisation; before by ",
        ),
        (
            part(0, green="> 90"),
            "Core-feature adoption: healthy above 90 %, at risk under 50 %, watch between; before",
        ),
        (
            part(0, missing="red"),
            "Core-feature adoption: unknown counts as at risk; before leaves the score blind",
        ),
        (
            part(0, since="days_since_touchpoint", stale_after_days=30),
            "Core-feature adoption: not trusted after 30 days; before trusted however old",
        ),
        (
            part(0, exceptions=[{"when": {"of": "tier", "is": "low"}, "weight": 5}]),
            "Core-feature adoption: exception: weighs 5 where tier is low",
        ),
        ({**CARD, "bands": {"green": "> 80", "red": "< 50"}}, "Healthy above 80 points; before from 75"),
        ({**CARD, "least_known_percent": 60}, "Told from 60 % known; before 50 %"),
        ({**CARD, "applies": {"of": "tier", "is": "low"}}, "Judges tier is low; before every account"),
        ({**CARD, "parts": CARD["parts"][::-1]}, "The measures stand in another order"),
    ],
)
def test_each_difference_is_told(after: dict[str, Any], line: str) -> None:
    (found,) = told(CARD, after)
    assert found.startswith(line)


def test_measures_and_groups_come_and_go() -> None:
    alone = {**CARD, "parts": [{**CARD["parts"][0], "weight": 100}]}
    assert told(CARD, alone) == [
        "Core-feature adoption: weight 60 → 100",
        "Escalations: taken out, it weighed 40",
    ]
    assert told(alone, CARD)[1].startswith("Escalations: added, weight 40, healthy under 1 a month")
    groups = [{"group": "one", "label": "One", "weight": 100}]
    grouped = {**CARD, "groups": groups, "parts": [{**one, "group": "one"} for one in CARD["parts"]]}
    assert told(CARD, grouped)[0] == "Group One: added, weight 100"
