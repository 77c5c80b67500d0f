"""What every rule says of one account: it fires, is quiet, or cannot be told because something is missing."""

from typing import Any

import pytest

from keepwell.kernel.errors import NotFound
from keepwell.pipeline.actions import advance
from keepwell.signals.actions import rules
from keepwell.signals.queries import answers
from keepwell.signals.queries.answers import RuleAnswer
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    """Birch uses it daily, Willow hardly; nobody was ever asked how they like it."""
    found = world.build()
    happen(uses("willow", 20), *(uses("birch", ago) for ago in range(20)))
    for slug, when in {
        "quiet": {"of": "metric.active_days", "below": 2},
        "unhappy": {"of": "metric.latest_nps", "below": 0},
        "both": {"all": [{"of": "metric.latest_nps", "below": 0}, {"of": "metric.active_days", "below": 2}]},
    }.items():
        rules.put(slug=slug, title=slug.capitalize(), definition={"when": when}, by=TESTS, at=NOW)
    return found


def told(key: str, **by: Any) -> dict[str, RuleAnswer]:
    return {one.rule: one for one in answers.of_account(key=key, seen_by=by.get("by", TESTS))}


def test_a_rule_fires_is_quiet_or_says_what_is_missing(cast: World) -> None:
    assert {one.state for one in told("willow").values()} == {"waits"}
    advance(at=NOW)
    willow, birch = told("willow"), told("birch")
    assert [one.state for one in willow.values()] == ["fires", "unknown", "unknown"]
    assert willow["quiet"].because == ("Active days 1 day (below 2 days)",)
    assert willow["quiet"].since == NOW
    assert willow["both"].because == ("NPS is not known",)
    assert len(willow["both"].missing) == 1
    assert birch["both"].state == "quiet", "one part that does not hold is enough"
    assert birch["both"].missing == ()
    assert birch["quiet"].signal is None


def test_what_one_may_not_see_does_not_exist(cast: World) -> None:
    advance(at=NOW)
    with pytest.raises(NotFound):
        answers.of_account(key="willow", seen_by=cast.scope("cleo"))


def test_it_agrees_with_what_a_look_notices(cast: World) -> None:
    advance(at=NOW)
    for key in ("willow", "birch", "elm", "ash"):
        for one in told(key).values():
            assert (one.state == "fires") is (one.signal is not None), (key, one)
