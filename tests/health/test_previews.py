"""What a card would change is told before it is published, and is what happens then."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from keepwell.health.actions import scorecards
from keepwell.health.models import Standing
from keepwell.health.queries import audience, previews
from keepwell.kernel.errors import Forbidden, Invalid
from keepwell.ledger.actions import accounts, contracts
from tests import world
from tests.health.test_scores import TOUCH, card, refresh
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
STRICT: dict[str, Any] = {**TOUCH, "parts": [{**TOUCH["parts"][0], "red": "> 9"}]}  # type: ignore[index]


@pytest.fixture
def cast() -> world.World:
    """Willow is on watch and would be at risk; Birch is healthy either way; the others are not known."""
    found = world.build()
    card(TOUCH, at=NOW - timedelta(days=900))
    row = {"key": "c1", "account": "willow", "arr": Decimal(700), "currency": "USD", "start_date": TODAY}
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    accounts.restate(on=TODAY)
    happen(event("willow", "touchpoint.held", 10), event("birch", "touchpoint.held", 2))
    refresh()
    return found


def test_it_says_who_would_move_and_what_they_are_worth(cast: world.World) -> None:
    found = previews.of(slug="ours", definition=STRICT, seen_by=cast.scope("root"))
    assert (found.as_of, found.accounts, found.judged) == (TODAY, 4, 4)
    (moved,) = found.moved
    assert (moved.key, moved.before, moved.after) == ("willow", "yellow", "red")
    assert (moved.points_before, moved.points_after) == (50, 0)
    flows = {(flow.before, flow.after): (flow.accounts, flow.arr and flow.arr.amount) for flow in found.flows}
    assert flows == {
        ("yellow", "red"): (1, 700),
        ("green", "green"): (1, None),
        ("unknown", "unknown"): (2, None),
    }
    assert not Standing.objects.filter(band="red").exists()


def test_publishing_does_what_was_told(cast: world.World) -> None:
    found = previews.of(slug="ours", definition=STRICT, seen_by=cast.scope("root"))
    scorecards.put(slug="ours", title="Ours", definition=STRICT, by=TESTS, at=NOW)
    refresh({})
    stands = dict(Standing.objects.values_list("account__key", "band"))
    assert {one.key: one.after for one in found.moved} == {"willow": stands["willow"]}


def test_a_card_in_no_order_is_tried_as_the_first(cast: world.World) -> None:
    only = {**STRICT, "applies": {"of": "name", "is": "Willow"}}
    found = previews.of(slug="new", definition=only, seen_by=cast.scope("root"))
    assert (found.judged, [one.key for one in found.moved]) == (1, ["willow"])


def test_it_needs_numbers_and_the_right(cast: world.World) -> None:
    with pytest.raises(Forbidden):
        previews.of(slug="ours", definition=STRICT, seen_by=cast.scope("ada"))
    wrong = {**STRICT, "parts": [{**STRICT["parts"][0], "weight": 50}]}
    with pytest.raises(Invalid, match="add up to"):
        previews.of(slug="ours", definition=wrong, seen_by=cast.scope("root"))


def test_where_values_lie_and_whom_a_card_judges(cast: world.World) -> None:
    lies = audience.distributions(metrics=frozenset({"days_since_touchpoint"}))["days_since_touchpoint"]
    assert (lies.low, lies.high, lies.known, sum(lies.counts)) == (2, 10, 2, 2)
    judged = {
        one.band: one.accounts for one in audience.judged(seen_by=cast.scope("ada")) if one.card == "ours"
    }
    assert judged == {"yellow": 1, "green": 1, "unknown": 2}
    assert audience.judged(seen_by=cast.scope("cleo")) == ()
