"""Who has left as departure is declared, from what was told to the ledger."""

from datetime import timedelta
from typing import Any

import pytest

from keepwell.kernel.moments import end_of
from keepwell.metrics import departures as declared
from keepwell.metrics.queries import departures
from tests import world
from tests.metrics.happenings import event, happen, uses
from tests.world import TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EXPORTS = {"of": "feature", "is": "export"}
LARGE = {"all": [EXPORTS, {"of": "props.pages", "above": 3.0}]}
SPOKEN = {"all": [{"of": "kind", "is": "fact"}, {"of": "name", "is": "touchpoint.held"}]}


@pytest.fixture
def cast() -> world.World:
    """Birch exports, Willow only looks, Elm exported little until now, Ash was only spoken with."""
    found = world.build()
    happen(
        *(uses("birch", ago) for ago in range(0, 200, 5)),
        *(
            event("birch", "page.viewed", ago, feature="export", props='{"pages": 9}')
            for ago in range(0, 200, 5)
        ),
        *(uses("willow", ago, feature="look") for ago in range(0, 200, 5)),
        uses("willow", 150),
        *(
            event("elm", "page.viewed", ago, feature="export", props='{"pages": 2}')
            for ago in range(0, 200, 5)
        ),
        event("elm", "page.viewed", 190, feature="export", props='{"pages": 7}'),
        *(event("ash", "touchpoint.held", ago) for ago in range(100, 200, 5)),
    )
    return found


def gone(events: dict[str, Any] | None) -> dict[str, int]:
    """Who has left after 60 silent days, and how many days ago the silence began."""
    said = declared.read({"kind": "silence", "days": 60, "events": events})
    found = departures.found(departure=said, until=TODAY, seen_by=TESTS)
    assert found.until == TODAY
    return {row.key: (TODAY - row.onset_on).days for row in found.left}


@pytest.mark.parametrize(
    ("events", "left", "customers"),
    [
        (None, {}, 3),
        (EXPORTS, {"willow": 149}, 2),
        (LARGE, {"elm": 189}, 1),
        (SPOKEN, {"ash": 99}, 0),
    ],
)
def test_only_the_events_that_are_asked_for_break_a_silence(
    cast: world.World, events: dict[str, Any] | None, left: dict[str, int], customers: int
) -> None:
    assert gone(events) == left
    said = declared.read({"kind": "silence", "days": 60, "events": events})
    assert departures.found(departure=said, until=TODAY, seen_by=TESTS).customers == customers


def test_who_had_left_is_told_as_was_known_then(cast: world.World) -> None:
    """That Willow exported after all is learned late."""
    happen(
        *(event("willow", "page.viewed", ago, feature="export", vouched=False) for ago in range(0, 200, 5))
    )
    said = declared.read({"kind": "silence", "days": 60, "events": EXPORTS})
    then = departures.found(departure=said, until=TODAY, known_by=end_of(TODAY - DAY), seen_by=TESTS)
    now = departures.found(departure=said, until=TODAY, seen_by=TESTS)
    assert [row.key for row in then.left] == ["willow"]
    assert now.left == ()
