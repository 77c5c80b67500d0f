"""A pack is read whole, or refused with file, place and what is allowed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from keepwell.kernel.errors import Invalid, NotFound
from keepwell.packs import loading

Edit = Callable[[str, str, str], loading.Pack]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The agency pack with one text replaced in one of its files, loaded."""
    folder = tmp_path / "agency"
    shutil.copytree(loading.SHIPPED / "agency", folder)

    def edit(name: str, before: str, after: str) -> loading.Pack:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        return loading.load(folder)

    return edit


def test_two_packs_ship() -> None:
    assert loading.shipped() == ("agency", "saas")


@pytest.mark.parametrize("slug", loading.shipped())
def test_a_shipped_pack_opens_an_incident_with_a_day_on_the_clock_when_health_falls_into_red(
    slug: str,
) -> None:
    pack = loading.find(slug)
    assert pack.slug == slug
    rule = next(rule for rule in pack.rules if rule.slug == "falls-into-red")
    assert rule.definition["when"]["all"] == [
        {"of": "standing.band", "is": "red"},
        {"of": "standing.before", "in": ["green", "yellow"]},
    ]
    assert [task["clock"] for task in rule.definition["opens"]["tasks"]] == ["call", "cause", "plan"]


def test_the_saas_card_weighs_as_designed() -> None:
    (card,) = loading.find("saas").scorecards
    weights = {part["metric"]: part["weight"] for part in card.definition["parts"]}
    assert weights == {
        "core_feature_adoption": 25,
        "active_days": 20,
        "seat_utilisation": 20,
        "escalations_per_month": 15,
        "latest_nps": 10,
        "days_since_touchpoint": 10,
    }


def test_a_pack_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(NotFound, match=r'no practice pack "\.\./saas"\. There are agency, saas'):
        loading.find("../saas")


CARD = "scorecards/health.toml"
RULE = "rules/falls-into-red.toml"


@pytest.mark.parametrize(
    ("name", "before", "after", "complaint"),
    [
        (CARD, "[bands]", "[bands", "scorecards/health.toml is no TOML: Expected ']' at the end"),
        (CARD, "[bands]", "[bands", "(at line 12, column 7)"),
        (
            CARD,
            'green = "> 70"',
            "green = 70",
            'scorecards/health.toml: parts[0].green: "70" is no threshold',
        ),
        (CARD, "weight = 25", "weight = 20", "scorecards/health.toml: parts: the weights add up to 95"),
        (CARD, "weight = 25", "wieght = 25", 'parts[0]: "wieght" is not known. Allowed: measure, metric'),
        (CARD, 'slug = "agency-health"', 'slug = "Agency health"', '"Agency health" is no slug'),
        (
            CARD,
            'slug = "agency-health"',
            'slug = "other"',
            'scorecard "agency-health" is in none of the files',
        ),
        (RULE, 'is = "red"', 'is = "crimson"', 'standing.band is never "crimson". It is one of green'),
        (
            RULE,
            'title = "Health fell into red"',
            'title = "Health fell into red"\nclock_hours = -1',
            '"clock_hours" must be a number of hours above 0, not -1',
        ),
        (
            RULE,
            'clock = "call"',
            'clock = "lunch"',
            'clock "lunch" is not known. Use one of call, cause, plan.',
        ),
        (RULE, 'clock = "call"', 'clock = "call"\nhours = 24', "State either hours or clock."),
        (RULE, 'role = "csm"', 'role = "boss"', 'opens.tasks[0]: role "boss" is not known. Use one of admin'),
        (
            RULE,
            'is = "red"',
            'two = "red"',
            "rules/falls-into-red.toml: the condition.all[0]: standing.band: ask",
        ),
        (
            RULE,
            'severity = "critical"',
            'severity = "dire"',
            'severity "dire" is not known. Use one of critical',
        ),
        (
            RULE,
            "[opens]",
            "[closes]",
            'the rule: "closes" is not known. Allowed: slug, title, severity, foretells',
        ),
        ("pack.toml", 'title = "', 'name = "', 'pack.toml: the pack: "name" is not known'),
    ],
)
@pytest.mark.django_db
def test_a_wrong_file_is_refused_where_it_is_wrong(
    edited: Edit, name: str, before: str, after: str, complaint: str
) -> None:
    with pytest.raises(Invalid) as refused:
        edited(name, before, after)
    assert complaint in str(refused.value)


def test_a_folder_without_a_pack_says_what_a_pack_is(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"pack\.toml is missing in .*A pack is a folder with a pack\.toml"):
        loading.load(tmp_path)
