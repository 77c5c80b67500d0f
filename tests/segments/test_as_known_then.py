"""Conditions asked as known then: each day answers from what was known by its own end, and from nothing later."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from keepwell.kernel.moments import end_of
from keepwell.ledger.actions import accounts, contracts, events, relay
from keepwell.ledger.actions.events import Taken
from keepwell.ledger.event import Event
from keepwell.ledger.knowledge import NOW as KNOWN_NOW
from keepwell.ledger.knowledge import THEN, Knowledge
from keepwell.segments.queries import columns, vocabulary
from tests import world
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEKS = [TODAY - DAY * back for back in (70, 56, 42, 28, 20, 14, 7, 3, 0)]
ASKS = {
    "all": [
        {"of": "industry", "is": "Retail"},
        {"of": "tags", "has": "pilot"},
        {"of": "arr", "above": 1},
        {"of": "renewal_date", "within_days": 9},
        {"of": "event.report.exported", "above": 1, "in_days": 21},
        {"of": "event.touchpoint.held", "above": 1, "in_days": 300},
    ]
}


@pytest.fixture
def cast() -> World:
    """Facts of every kind, in time and late, some of them taken back; Fern came in three weeks ago, unvouched."""
    found = world.build(at=NOW - 100 * DAY)
    say(NOW - 30 * DAY, "birch", industry="Retail")
    say(NOW - 5 * DAY, "birch", industry="Health", tags=["pilot"])
    say(NOW - 21 * DAY, "fern", vouched=False, industry="Retail", since=date(2025, 3, 1))
    sign(NOW - 60 * DAY, "c-birch", "birch", 1000, TODAY - 60 * DAY, TODAY + 9 * DAY)
    sign(NOW - 12 * DAY, "c-elm", "elm", 700, TODAY - 40 * DAY, TODAY - 2 * DAY)
    sign(NOW - 4 * DAY, "c-elm", "elm", 900, TODAY - 40 * DAY, TODAY + 2 * DAY)
    sign(NOW - 2 * DAY, "c-fern", "fern", 50, TODAY - 90 * DAY, TODAY + 90 * DAY)
    happen(event("ash", "account.churned", 50, vouched=False), at=NOW - 10 * DAY)
    sign(NOW - 8 * DAY, "c-ash", "ash", 10, TODAY - 30 * DAY, None)
    late = [event("willow", "report.exported", ago, vouched=False) for ago in (41, 29, 26, 13, 13, 6)]
    happen(*late[:3], at=NOW - 14 * DAY)
    happen(*late[3:], event("birch", "touchpoint.held", 44), at=NOW - 6 * DAY)
    taken_back(late[2], at=NOW - 7 * DAY)
    return found


def say(at: Any, key: str, *, vouched: bool = True, **said: Any) -> None:
    accounts.upsert(rows=[{"key": key, **said}], source="tests", by=TESTS, at=at, vouched=vouched)
    relay.all_waiting(at=at)


def sign(at: Any, key: str, account: str, arr: float, start: date, end: date | None) -> None:
    row = {
        "key": key,
        "account": account,
        "arr": arr,
        "currency": "EUR",
        "start_date": start,
        "end_date": end,
    }
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=at, vouched=False)
    relay.all_waiting(at=at)


def taken_back(wrong: Event, *, at: Any) -> None:
    events.retract(taken=[Taken(wrong.id, wrong.account)], source="tests", received_at=at)
    relay.all_waiting(at=at)


def asked(days: list[date], known: Knowledge) -> pl.DataFrame:
    condition = vocabulary.read(ASKS)
    ids = [account.pk for account in columns.attributes.models.Account.objects.order_by("pk")]
    rows = pl.DataFrame(
        [(pk, day) for pk in ids for day in days], schema=["account_id", "as_of"], orient="row"
    )
    held = columns.held([condition], days=days, known=known)
    return columns.table(rows, held).sort("account_id", "as_of")


def test_all_days_at_once_are_each_day_as_known_by_its_end(cast: World) -> None:
    single = [asked([day], Knowledge(by=end_of(day))) for day in WEEKS]
    replayed = asked(WEEKS, THEN)
    assert_frame_equal(replayed, pl.concat(single).sort("account_id", "as_of"), check_column_order=False)
    now = asked(WEEKS, KNOWN_NOW)
    assert not replayed.equals(now)
    assert replayed.filter(pl.col("as_of") == TODAY).equals(now.filter(pl.col("as_of") == TODAY))


def test_a_day_as_known_now_does_not_hang_on_the_others_that_are_asked(cast: World) -> None:
    single = [asked([day], KNOWN_NOW) for day in WEEKS]
    alone = pl.concat(single).sort("account_id", "as_of")
    assert_frame_equal(asked(WEEKS, KNOWN_NOW), alone, check_column_order=False)


def _told(frame: pl.DataFrame, account: int, column: str) -> list[Any]:
    return frame.filter(pl.col("account_id") == account)[column].to_list()


def test_a_contract_that_came_late_is_not_seen_before(cast: World) -> None:
    found = asked([TODAY - 20 * DAY, TODAY - 7 * DAY, TODAY], THEN)
    assert _told(found, cast.elm.pk, "arr") == [None, 700, 900]
    assert _told(found, cast.birch.pk, "industry") == ["Retail", "Retail", "Health"]
    assert _told(found, cast.ash.pk, "former") == [False, False, False]
    now = asked([TODAY - 20 * DAY, TODAY - 7 * DAY, TODAY], KNOWN_NOW)
    assert _told(now, cast.elm.pk, "arr") == [700, 700, 900]


def test_nothing_is_known_of_an_account_before_it_is_known_itself(cast: World) -> None:
    fern = columns.attributes.models.Account.objects.get(key="fern").pk
    found = asked([TODAY - 42 * DAY, TODAY - 20 * DAY], THEN)
    assert _told(found, fern, "industry") == [None, "Retail"]
    assert _told(asked([TODAY - 42 * DAY], KNOWN_NOW), fern, "industry") == ["Retail"]


def test_what_a_sender_calls_a_change_is_none(cast: World) -> None:
    happen(event("birch", "account.changed", 3, feature="industry", props='{"to": "Mining"}'))
    assert _told(asked([TODAY - 7 * DAY], KNOWN_NOW), cast.birch.pk, "industry") == ["Retail"]
