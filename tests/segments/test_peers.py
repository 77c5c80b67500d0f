"""An account's numbers beside its peers and its own past."""

from datetime import timedelta

import pytest

from keepwell.kernel.errors import NotFound
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Account
from keepwell.metrics.actions import values
from keepwell.segments.actions import memberships, segments
from keepwell.segments.queries import peers
from tests import world
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    """Ten more customers, spoken to 10, 20 … 100 days ago; Willow 35 days ago, and before that every week."""
    found = world.build()
    rows = [
        {"key": f"n{n}", "name": f"N{n}", "industry": "Retail" if n % 2 else "Health"} for n in range(1, 11)
    ]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=NOW - timedelta(days=400), vouched=True)
    happen(
        *(event(f"n{n}", "touchpoint.held", n * 10) for n in range(1, 11)),
        *(event("willow", "touchpoint.held", 35 + 7 * n) for n in range(50)),
    )
    segments.save(
        slug="retail", title="Retail", condition={"of": "industry", "is": "Retail"}, by=TESTS, at=NOW
    )
    values.refresh(since_by_account=None, as_of=TODAY)
    memberships.refresh(since_by_account=None, as_of=TODAY)
    return found


def touch(cast: World, segment: str = "") -> peers.PeerView:
    found = peers.of_account(account_id=cast.willow.pk, seen_by=TESTS, segment=segment)
    return next(row for row in found.rows if row.metric.slug == "days_since_touchpoint")


def test_less_is_better_and_ties_count_half(cast: World) -> None:
    row = touch(cast)
    assert row.value == 35
    assert row.peers is not None
    assert row.peers.count == 11  # the ten, and Willow itself
    assert row.peers.percentile == round(100 - 100 * 3.5 / 11, 1)
    assert row.peers.spread[2] == 50


def test_its_own_year_is_another_measure(cast: World) -> None:
    row = touch(cast)
    assert row.past is not None
    assert row.past.percentile < 10


def test_members_of_a_segment_are_other_peers_and_few_are_too_few(cast: World) -> None:
    row = touch(cast, "retail")
    assert row.peers is not None
    assert row.peers.count == 5
    Account.objects.filter(key="n1").update(former=True)
    accounts.upsert(
        rows=[{"key": "n3", "industry": "Health"}], source="tests", by=TESTS, at=NOW, vouched=False
    )
    memberships.refresh(since_by_account={Account.objects.get(key="n3").pk: TODAY}, as_of=TODAY)
    assert touch(cast, "retail").peers is None


def test_what_one_may_not_see_does_not_exist(cast: World) -> None:
    with pytest.raises(NotFound):
        peers.of_account(account_id=cast.willow.pk, seen_by=cast.scope("cleo"))
    with pytest.raises(NotFound, match="no segment"):
        peers.of_account(account_id=cast.willow.pk, seen_by=TESTS, segment="nowhere")
