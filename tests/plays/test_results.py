"""What came while runs of a playbook went: how far steps got, and how ARR moved meanwhile."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.kernel.errors import NotFound
from keepwell.ledger.actions import contracts, relay
from keepwell.plays.actions import runs
from keepwell.plays.queries import results
from keepwell.plays.queries.results import Results
from tests import world
from tests.plays.books import DAY, begin, say, step
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    """Contracts of three, and a playbook that asks before it offers."""
    found = world.build()
    for account, arr in (("willow", 6000), ("birch", 8000), ("elm", 7000)):
        signed(account, arr, NOW - 200 * DAY)
    say(step("ask", kind="approval"), step("offer", after=["ask:approved"]), slug="outreach")
    return found


def signed(account: str, arr: int, at: datetime, **more: Any) -> None:
    row = {
        "key": account,
        "account": account,
        "arr": arr,
        "currency": "USD",
        "start_date": (NOW - 200 * DAY).date(),
        **more,
    }
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=at, vouched=True)
    relay.all_waiting(at=at)


def found(*, at: datetime = NOW, **more: Any) -> Results:
    return results.find(slug="outreach", at=at, **{"since": None, "seen_by": TESTS, **more})


def test_what_moved_while_runs_went_and_nothing_else(cast: World) -> None:
    grows, shrinks, ended = (begin(one, slug="outreach") for one in ("willow", "birch", "elm"))
    runs.complete(run_id=grows, step="ask", by=TESTS, at=NOW + DAY)
    runs.refuse(run_id=ended, step="ask", because="No", by=TESTS, at=NOW + DAY)
    signed("willow", 12_000, NOW + 2 * DAY)
    signed("birch", 5000, NOW + 3 * DAY)
    signed("elm", 9000, NOW + 4 * DAY)  # after its run was over
    told = found(at=NOW + 5 * DAY)
    assert (told.grew, str(told.grown), told.shrank, told.shrunk.amount) == (1, "$6,000", 1, -3000)  # type: ignore[union-attr]
    assert {one.account_key: one.moved.amount for one in told.runs if one.moved} == {
        "willow": 6000, "birch": -3000, "elm": 0,
    }  # fmt: skip
    ask, offer = told.steps
    assert (ask.done, dict(ask.outcomes), ask.going) == (2, {"approved": 1, "refused": 1}, 1)
    assert (offer.going, offer.skipped) == (1, 1)
    assert (told.ended, told.reached, told.share) == (1, 0, None), "it has no goal"
    assert shrinks


def test_an_amount_without_a_rate_is_unknown_and_not_zero(cast: World) -> None:
    begin("willow", slug="outreach")
    signed("willow", 6000, NOW + DAY, currency="NOK")
    told = found(at=NOW + 2 * DAY)
    assert (told.unrated, told.grew, told.runs[0].moved) == (1, 0, None)


def test_cancelled_and_earlier_runs_do_not_count_and_cleo_sees_none(cast: World) -> None:
    runs.cancel(run_id=begin("willow", slug="outreach"), because="No", by=TESTS, at=NOW)
    begin("birch", slug="outreach", at=NOW + 3 * DAY)
    told = found(at=NOW + 4 * DAY)
    assert ([one.account_key for one in told.runs], told.cancelled) == (["birch"], 1)
    later = found(at=NOW + 4 * DAY, since=(NOW + 4 * DAY).date())
    assert (later.runs, later.cancelled, later.steps) == ((), 0, ())
    hidden = found(at=NOW + 4 * DAY, seen_by=cast.scope("cleo"))
    assert (hidden.runs, hidden.cancelled, hidden.grew) == ((), 0, 0)
    with pytest.raises(NotFound):
        results.find(slug="nothing", since=None, seen_by=TESTS, at=NOW)


def test_a_program_reads_the_same(cast: World) -> None:
    begin("willow", slug="outreach")
    token = tokens.create(user=cast.root, name="tests", by=TESTS, at=NOW, may_write=False)
    told = (
        Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/playbooks/outreach/results").json()
    )
    assert [(one["account"], one["how"]) for one in told["runs"]] == [("willow", "")]
    assert {one["slug"]: one["going"] for one in told["steps"]} == {"ask": 1, "offer": 0}
