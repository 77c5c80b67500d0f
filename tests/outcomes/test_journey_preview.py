"""What a journey would say of the accounts of today before it is declared, and that nothing is written by asking."""

from datetime import timedelta
from typing import Any

import pytest

from keepwell.kernel.errors import Invalid
from keepwell.metrics.actions import values
from keepwell.outcomes import models
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.actions import stays
from keepwell.outcomes.queries import journey_preview, journeys
from keepwell.outcomes.queries.journey_preview import JourneyPreview
from keepwell.plays.actions import cadences
from tests import world as cast
from tests.metrics.happenings import happen, uses
from tests.outcomes.test_journeys import CADENCE
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LONG: dict[str, Any] = {"phases": [{"slug": "start"}, {"slug": "use", "expected_days": 4000}]}
SHORT: dict[str, Any] = {"phases": [{"slug": "start"}, {"slug": "use", "expected_days": 100}]}
ENDS: dict[str, Any] = {
    "phases": [
        {
            "slug": "use", "expected_days": 4000, "entry_when": {"of": "metric.active_days", "at_least": 1},
            "exit_when": {"of": "metric.active_days", "at_least": 3},
        },
        {"slug": "start"},
    ]
}  # fmt: skip


@pytest.fixture
def world() -> World:
    found = cast.build()
    cadences.declare(definition=CADENCE, by=TESTS, at=NOW)
    deeds.declare(definition=LONG, by=TESTS, at=NOW)
    happen(*(uses("willow", ago) for ago in range(1, 9)))
    values.refresh(since_by_account=None, as_of=TODAY)
    stays.refresh(since_by_account=None, as_of=TODAY)
    return found


def preview(definition: dict[str, Any], *, scope: Any = TESTS) -> JourneyPreview:
    return journey_preview.find(definition=definition, seen_by=scope, day=TODAY)


def test_a_shorter_phase_would_let_accounts_stall_and_names_them(world: World) -> None:
    same = preview(LONG)
    assert same.turned == ()
    found = preview(SHORT)
    use = next(one for one in found.phases if one.phase == "use")
    there = models.Stay.objects.filter(until=None, phase="use").count()
    assert use.now == there > 1
    assert (use.stalled, use.ready) == ((0, there), (0, 0))
    (turned,) = found.turned
    assert (turned.before, turned.after, turned.accounts) == ("under_way", "stalled", there)
    assert "willow" in {one.key for one in turned.first}
    assert journeys.declared() == LONG | {"first_value": {"metric": "days_to_activation", "weeks": 8}}


def test_an_end_that_holds_lets_willow_go_on_to_the_phase_that_follows(world: World) -> None:
    found = preview(ENDS)
    assert [one.phase for one in found.phases] == ["use", "start"]
    (onward,) = found.onward
    assert (onward.phase, onward.to, onward.before, onward.after) == ("use", "start", 0, 1)
    assert [one.key for one in onward.first] == ["willow"]
    use = found.phases[0]
    assert use.ready == (0, 1)
    assert use.early[0] == 0
    deeds.declare(definition=ENDS, by=TESTS, at=NOW)
    (back,) = preview(LONG).onward
    assert (back.before, back.after, back.first) == (1, 0, ())


def test_cleo_is_told_of_nobody_and_what_is_wrong_is_refused(world: World) -> None:
    assert preview(SHORT, scope=world.scope("cleo")).accounts == 0
    with pytest.raises(Invalid, match="not known"):
        preview({"x": 1})
