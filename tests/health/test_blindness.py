"""Where scores are blind, by what is at stake."""

from datetime import timedelta
from decimal import Decimal

import pytest

from keepwell.health import models
from keepwell.health.actions import paths
from keepwell.health.queries import audience, blindness
from keepwell.kernel.money import Money
from keepwell.ledger.actions import accounts, contracts
from tests import world
from tests.health.test_scores import TOUCH, card, refresh
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
USD = "USD"


@pytest.fixture
def cast() -> world.World:
    """The card looks at touchpoints alone: Birch was spoken to; Elm, Willow and Ash were not."""
    found = world.build()
    card(TOUCH, at=NOW - timedelta(days=900))
    rows = [
        {
            "key": f"c-{account}",
            "account": account,
            "arr": Decimal(arr),
            "currency": USD,
            "start_date": TODAY - timedelta(days=9),
        }
        for account, arr in (("birch", 50_000), ("willow", 9_000), ("elm", 120_000))
    ]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    accounts.restate(on=TODAY)
    happen(event("birch", "touchpoint.held", 2))
    refresh()
    paths.refresh(since_by_account=None, signed=(), as_of=TODAY)
    return found


def test_the_blind_stand_by_what_is_at_stake_and_those_without_arr_last(cast: world.World) -> None:
    page = blindness.ranked(seen_by=cast.scope("ada"))
    assert [row.key for row in page.rows] == ["elm", "willow", "ash"]
    assert (page.total, page.scored, page.at_stake) == (3, 4, Money(Decimal(129_000), USD))
    elm = page.rows[0]
    assert (elm.blind_weight, elm.at_stake, elm.parts) == (100.0, Money(Decimal("120000.00"), USD), 1)
    assert all(label and reason for label, reason in elm.missing)
    assert page.rows[2].at_stake is None


def test_only_what_may_be_seen_is_ranked_and_pages_go_on(cast: world.World) -> None:
    assert blindness.ranked(seen_by=cast.scope("cleo")).total == 0
    second = blindness.ranked(seen_by=cast.scope("ben"), offset=1, limit=1)
    assert [row.key for row in second.rows] == ["willow"]
    assert second.total == 3


def test_who_is_judged_by_which_card_is_stored_as_scores_say(cast: world.World) -> None:
    told: dict[tuple[str, str], list[Decimal | None]] = {}
    standing = models.Standing.objects.select_related("account", "score__version__scorecard")
    for one in standing.filter(account__former=False):
        said = one.score.version.scorecard.slug, one.score.band
        told.setdefault(said, []).append(one.account.arr_reporting)
    found = {(one.card, one.band): one for one in audience.judged(seen_by=cast.scope("ada"))}
    assert {said: one.accounts for said, one in found.items()} == {k: len(rows) for k, rows in told.items()}
    assert {said: one.arr.amount for said, one in found.items() if one.arr} == {
        said: sum(arr for arr in rows if arr is not None) for said, rows in told.items() if any(rows)
    }
    assert audience.judged(seen_by=cast.scope("cleo")) == ()
