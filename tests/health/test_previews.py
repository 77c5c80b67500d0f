"""What a card would change is told before it is published, and is what happens then."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from keepwell.health.actions import paths, scorecards
from keepwell.health.actions import previews as deeds
from keepwell.health.models import CardPreview, Standing
from keepwell.health.queries import audience, kept_previews, previews
from keepwell.kernel.errors import Forbidden, Invalid, NotFound
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
    paths.refresh(since_by_account=None, signed=(), as_of=TODAY)
    lies = audience.distributions(metrics=frozenset({"days_since_touchpoint"}))["days_since_touchpoint"]
    assert (lies.low, lies.high, lies.known, sum(lies.counts)) == (2, 10, 2, 2)
    judged = {
        one.band: one.accounts for one in audience.judged(seen_by=cast.scope("ada")) if one.card == "ours"
    }
    assert judged == {"yellow": 1, "green": 1, "unknown": 2}
    assert audience.judged(seen_by=cast.scope("cleo")) == ()


def test_a_large_book_is_told_from_a_sample_and_says_so(cast: world.World) -> None:
    found = previews.of(slug="ours", definition=STRICT, seen_by=cast.scope("root"), most=3)
    assert (found.accounts, found.asked, found.is_sample) == (4, 3, True)
    assert sum(flow.accounts for flow in found.flows) == 3
    again = previews.of(slug="ours", definition=STRICT, seen_by=cast.scope("root"), most=3)
    assert again == found
    low, high = found.share
    assert 0 <= low <= 100 * found.moving / 3 <= high <= 100


def test_the_whole_book_in_blocks_is_what_one_look_tells(
    cast: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "AT_ONCE", 3)
    told: list[tuple[int, int]] = []
    whole = previews.whole(
        slug="ours", definition=STRICT, seen_by=TESTS, progress=lambda done, total: told.append((done, total))
    )
    assert whole == previews.of(slug="ours", definition=STRICT, seen_by=TESTS, most=None)
    assert told == [(0, 4), (3, 4), (4, 4)]
    assert kept_previews.read(kept_previews.written(whole)) == whole


def test_a_job_carries_the_preview_of_a_draft_once(cast: world.World) -> None:
    scorecards.save(slug="ours", title="Ours", definition=STRICT, by=TESTS, at=NOW)
    asked = deeds.ask(slug="ours", by=TESTS, at=NOW)
    assert kept_previews.unfinished() == (asked,)
    deeds.run(preview_id=asked, at=NOW)
    view = kept_previews.find(preview_id=asked, seen_by=TESTS)
    assert (view.state, view.steps_done, view.steps_total) == ("done", 4, 4)
    assert view.found == previews.of(slug="ours", definition=STRICT, seen_by=TESTS)
    assert deeds.ask(slug="ours", by=TESTS, at=NOW) == asked
    with pytest.raises(NotFound):
        kept_previews.find(preview_id=asked, seen_by=cast.scope("ada"))
    stricter = {**STRICT, "least_known_percent": 60}
    scorecards.save(slug="ours", title="Ours", definition=stricter, by=TESTS, at=NOW)
    other = deeds.ask(slug="ours", by=TESTS, at=NOW)
    assert kept_previews.unfinished() == (other,)
    assert other != asked


def test_a_preview_that_was_cut_off_begins_again_and_one_that_stops_says_why(cast: world.World) -> None:
    scorecards.save(slug="ours", title="Ours", definition=STRICT, by=TESTS, at=NOW)
    asked = deeds.ask(slug="ours", by=TESTS, at=NOW)
    CardPreview.objects.filter(pk=asked).update(state="running", steps_done=2)
    deeds.run(preview_id=asked, at=NOW)
    assert kept_previews.find(preview_id=asked, seen_by=TESTS).state == "done"
    wrong = {**STRICT, "parts": [{**STRICT["parts"][0], "metric": "gone"}]}
    CardPreview.objects.filter(pk=asked).update(state="queued", definition=wrong)
    deeds.run(preview_id=asked, at=NOW)
    view = kept_previews.find(preview_id=asked, seen_by=TESTS)
    assert (view.state, view.found is None) == ("failed", False)
    assert '"gone" is no metric' in view.error
