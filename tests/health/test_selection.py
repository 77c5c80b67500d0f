"""Of several scorecards the first that applies to an account judges it, on each day by what holds then."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keepwell.health import cards
from keepwell.health.actions import scorecards
from keepwell.health.models import Score, Standing
from keepwell.health.queries import applying, explaining, replays, seen
from keepwell.health.queries import scores as reads
from keepwell.ledger.actions import accounts, contracts, relay
from keepwell.metrics import departures
from tests import world
from tests.health.test_scores import TOUCH, refresh, stored
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STRICT = {**TOUCH, "parts": [{**TOUCH["parts"][0], "red": "> 9"}]}  # type: ignore[index]


def put(slug: str, definition: dict[str, Any], **applies: Any) -> None:
    said = {**definition, "applies": applies} if applies else definition
    scorecards.put(slug=slug, title=slug.title(), definition=said, by=TESTS, at=NOW - 900 * DAY)


def in_order(*slugs: str) -> None:
    scorecards.put_in_order(order=slugs, by=TESTS, at=NOW - 900 * DAY)


@pytest.fixture
def cast() -> world.World:
    """A strict card for young accounts before the usual one; Willow is young. Both were last spoken to 10 days ago."""
    found = world.build()
    put("young", STRICT, of="phase", **{"is": "onboarding"})
    put("usual", TOUCH)
    in_order("young", "usual")
    say("willow", phase="onboarding")
    happen(event("birch", "touchpoint.held", 10), event("willow", "touchpoint.held", 10))
    refresh()
    return found


def say(key: str, **fields: Any) -> None:
    accounts.upsert(rows=[{"key": key, **fields}], source="tests", by=TESTS, at=NOW, vouched=True)


def judged(day: date = TODAY) -> dict[str, tuple[str, str]]:
    rows = Score.objects.filter(as_of=day).values_list("account__key", "version__scorecard__slug", "band")
    return {key: (slug, band) for key, slug, band in rows}


def test_the_first_card_that_applies_judges(cast: world.World) -> None:
    assert judged()["willow"] == ("young", "red")
    assert judged()["birch"] == ("usual", "yellow")
    view = reads.current(account_id=cast.willow.pk, seen_by=cast.scope("ada"))
    assert view is not None
    assert (view.card, view.title) == ("young", "Young")


def test_what_an_account_says_of_itself_moves_it_to_another_card(cast: world.World) -> None:
    say("willow", phase="adoption")
    say("birch", phase="onboarding")
    relay.all_waiting(at=NOW)
    assert refresh({cast.willow.pk: TODAY, cast.birch.pk: TODAY}) > 0
    assert judged()["willow"] == ("usual", "yellow")
    assert judged()["birch"] == ("young", "red")
    increment = stored()
    refresh()
    assert stored() == increment
    assert refresh({}) == 0


def test_conditions_over_measures_choose_day_by_day(cast: world.World) -> None:
    put("quiet", STRICT, of="metric.days_since_touchpoint", above=8)
    in_order("quiet", "usual")
    refresh()
    assert judged()["birch"] == ("quiet", "red")
    assert judged(TODAY - 2 * DAY)["birch"] == ("usual", "yellow")


def test_an_account_that_no_card_is_for_is_not_judged(cast: world.World) -> None:
    in_order("young")
    refresh()
    assert set(judged()) == {"willow"}
    assert set(Standing.objects.values_list("account__key", flat=True)) == {"willow"}


def test_live_scores_choose_alike(cast: world.World) -> None:
    live = {
        view.account_id: view.card for view in reads.evaluate(as_of=TODAY, known_by=None, account_ids=None)
    }
    kept = Score.objects.filter(as_of=TODAY).values_list("account", "version__scorecard__slug")
    assert live == dict(kept)


def test_a_hand_over_moves_the_account_to_another_card_on_the_same_day(cast: world.World) -> None:
    put("bens", STRICT, of="owner.csm", **{"is": "ben@fernhill.test"})
    in_order("bens", "usual")
    refresh()
    assert judged()["birch"] == ("usual", "yellow")
    accounts.assign(account=cast.birch, user=cast.ben, role="csm", by=TESTS, at=NOW)
    assert refresh({}) > 0
    assert judged()["birch"] == ("bens", "red")
    assert judged(TODAY - DAY)["birch"] == ("usual", "yellow")
    increment = stored()
    refresh()
    assert stored() == increment


def test_a_replayed_card_asks_what_was_known_then(cast: world.World, tmp_path: Path) -> None:
    """Birch's contract of March came in five days ago: only since then does a card for the signed apply."""
    row = {"key": "c1", "account": "birch", "arr": 900, "currency": "EUR", "start_date": date(2026, 3, 1)}
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW - 5 * DAY, vouched=False)
    relay.all_waiting(at=NOW)
    card = cards.read({**TOUCH, "applies": {"of": "arr", "above": 100}})
    asked = replays.Asked(departures.read({"kind": "contract_end"}), 90, 1, TODAY - 7 * DAY, TODAY)
    past = replays.replay(
        asked=asked,
        metrics=["days_since_touchpoint"],
        cards=[card],
        folder=tmp_path,
        progress=lambda *_: None,
    )
    assert past is not None
    judged_on = past.rows.drop_nulls("band0").sort("as_of")["as_of"].to_list()
    assert judged_on == [TODAY - DAY * back for back in range(5, -1, -1)]
    assert past.rows["as_of"].min() == TODAY - 7 * DAY
    put("signed", STRICT, of="arr", above=100)
    in_order("signed", "usual")
    for known_by, judge in ((NOW - 6 * DAY, "usual"), (None, "signed")):
        (found,) = reads.evaluate(as_of=TODAY - 6 * DAY, known_by=known_by, account_ids=[cast.birch.pk])
        assert found.card == judge


def test_cards_that_apply_too_say_what_they_would(cast: world.World) -> None:
    put("signed", STRICT, of="arr", above=100)
    in_order("signed", "young", "usual")
    refresh()

    def said(account: int) -> list[tuple[str, bool | None, bool, float | None, str]]:
        found = applying.cards(seen.today(account_id=account, seen_by=TESTS))
        return [(one.slug, one.applies, one.judges, one.points, one.band) for one in found]

    assert said(cast.willow.pk) == [
        ("signed", None, False, None, ""), ("young", True, True, 0, "red"), ("usual", True, False, 50, "yellow"),
    ]  # fmt: skip
    assert [(slug, applies) for slug, applies, *_ in said(cast.birch.pk)] == [
        ("signed", None), ("young", None), ("usual", True),
    ]  # fmt: skip
    assert applying.cards(seen.today(account_id=cast.birch.pk, seen_by=cast.scope("cleo"))) == ()


def test_a_movement_begins_with_the_card_that_judged_then(cast: world.World) -> None:
    """A contract of March that came in five days ago: what was shown a week ago was told by the usual card."""
    put("signed", STRICT, of="arr", above=100)
    in_order("signed", "usual")
    row = {"key": "c1", "account": "birch", "arr": 900, "currency": "EUR", "start_date": date(2026, 3, 1)}
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW - 5 * DAY, vouched=False)
    relay.all_waiting(at=NOW)
    asked = {"account_id": cast.birch.pk, "seen_by": TESTS, "until": TODAY}
    found = explaining.change(**asked, since=TODAY - 6 * DAY)
    assert (found.before_card, found.after_card) == ("Usual, version 1", "Signed, version 1")
    assert sum(cause.change or 0 for cause in found.causes) == found.change
    later = explaining.change(**asked, since=TODAY - 4 * DAY)
    assert later.before_card == later.after_card
