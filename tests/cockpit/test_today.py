"""Today: what waits for whom, in which order, and what becomes of what was acted on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepwell.cockpit.actions import acting
from keepwell.cockpit.formulas import ranking
from keepwell.cockpit.queries import today
from keepwell.cockpit.queries.today import Row, Today
from keepwell.faces.web.pages.today import days_of
from keepwell.hooks import registry
from keepwell.kernel import errors
from keepwell.ledger.actions import accounts, contracts, people, touchpoints
from keepwell.ledger.models import Account
from keepwell.plays.actions import incidents, tasks
from keepwell.plays.actions.tasks import Wanted
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAYS = days_of(NOW)
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> world.World:
    """Elm renews in 40 days without its champion; Willow is worth more and is to be met tomorrow; Birch has a task."""
    made = world.build()
    told = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}
    terms = {"start_date": TODAY - DAY * 325, "currency": "USD"}
    contracts.upsert(
        rows=[
            {"key": "e", "account": "elm", "arr": 30_000, "end_date": TODAY + DAY * 40, **terms},
            {"key": "w", "account": "willow", "arr": 90_000, "end_date": TODAY + DAY * 400, **terms},
        ],
        **told,
    )
    accounts.restate(on=TODAY)
    people.upsert(
        rows=[{"key": "d", "account": "elm", "name": "Dora", "stance": "champion", "status": "left"}], **told
    )
    touchpoints.upsert(
        rows=[
            {
                "key": "m",
                "account": "willow",
                "kind": "review",
                "subject": "Quarterly review",
                "held_at": NOW + DAY,
            }
        ],
        **told,
    )
    wanted = Wanted("Send the deck", NOW - DAY, "ada@fernhill.test")
    tasks.make(account="birch", wanted=wanted, by=made.scope("ada"), at=NOW - DAY * 2)
    return made


def asked(cast: world.World, name: str = "ada") -> Today:
    return today.today(seen_by=cast.scope(name), now=NOW, days=DAYS)


def keys(found: Today) -> list[str]:
    return [row.offer.key.partition(":")[0] for row in found.rows]


def row(found: Today, kind: str) -> Row:
    (one,) = [row for row in found.rows if row.offer.key.startswith(f"{kind}:")]
    return one


def test_ada_finds_what_waits_ranked_with_its_reason_and_its_money(cast: world.World) -> None:
    found = asked(cast)
    assert [(row.group, row.offer.what) for row in found.rows] == [
        ("today", "Send the deck"),
        ("week", "Prepare: Quarterly review"),
        ("week", "Prepare the renewal"),
    ]
    renewal = row(found, "renewal")
    assert renewal.offer.why == "Champion Dora left; nobody ever spoke with them; renewal in 40 days."
    assert renewal.offer.stake is not None
    assert renewal.offer.stake.arr == 30_000
    assert renewal.factors.worth == pytest.approx(30_000 * 0.3 / 1.5 * (1 + 1 / 41.5))
    assert [row.rank for row in found.rows] == [1, 2, 3]
    assert [meeting.offer.what for meeting in found.meetings] == ["Prepare: Quarterly review"]
    assert asked(cast, "cleo").rows == ()


def test_a_clock_that_runs_comes_first(cast: world.World) -> None:
    incidents.open_by_hand(account="elm", title="Data loss", by=cast.scope("ada"), at=NOW)
    found = asked(cast)
    assert keys(found)[0] == "incident"
    assert found.rows[0].group == "clocks"


def test_what_is_unknown_stands_in_the_middle_and_says_so(cast: world.World) -> None:
    task = row(asked(cast), "task")
    assert task.factors.is_assumed
    assert task.factors.stake == 60_000, "the middle of 30,000 and 90,000"


def test_done_snoozed_and_given_go_and_come_back(cast: world.World) -> None:
    ada, renewal = cast.scope("ada"), row(asked(cast), "renewal").offer.key
    deed = {"item": renewal, "by": ada, "at": NOW}
    acting.done(**deed, days=DAYS)
    assert "renewal" not in keys(asked(cast))
    acting.undone(**deed)
    acting.snooze(**deed, until=NOW + DAY, days=DAYS)
    assert "renewal" not in keys(asked(cast))
    assert asked(cast).snoozed == 1
    later = today.today(seen_by=ada, now=NOW + DAY * 2, days=days_of(NOW + DAY * 2))
    assert "renewal" in keys(later), "the snooze has ended"
    acting.wake(**deed)
    acting.delegate(**deed, to="ben@fernhill.test", days=DAYS)
    assert row(asked(cast), "renewal").group == "others"
    assert row(asked(cast), "renewal").with_whom == "Ben"
    got = row(asked(cast, "ben"), "renewal")
    assert (got.from_whom, got.offer.why) == ("Ada", row(asked(cast), "renewal").offer.why)
    acting.recall(**deed)
    assert row(asked(cast), "renewal").group == "week"
    assert row(asked(cast, "ben"), "renewal").from_whom == "", "Ben owns none, so his list is his team's"


def test_what_ben_was_given_and_did_leaves_both_lists(cast: world.World) -> None:
    ada, ben, item = cast.scope("ada"), cast.scope("ben"), row(asked(cast), "renewal").offer.key
    acting.delegate(item=item, to="ben@fernhill.test", by=ada, at=NOW, days=DAYS)
    acting.done(item=item, by=ben, at=NOW, days=DAYS)
    assert "renewal" not in keys(asked(cast, "ben"))
    assert "renewal" in keys(asked(cast)), "the renewal itself still waits for its owner, who may look"
    acting.undone(item=item, by=ben, at=NOW)
    assert row(asked(cast), "renewal").group == "others"


def test_a_task_is_completed_and_changes_hands_from_here(cast: world.World) -> None:
    ada, item = cast.scope("ada"), row(asked(cast), "task").offer.key
    acting.done(item=item, by=ada, at=NOW, days=DAYS)
    assert "task" not in keys(asked(cast))
    acting.undone(item=item, by=ada, at=NOW)
    acting.delegate(item=item, to="ben@fernhill.test", by=ada, at=NOW, days=DAYS)
    assert row(asked(cast), "task").group == "others"
    assert row(asked(cast, "ben"), "task").group == "today"
    acting.recall(item=item, by=ada, at=NOW)
    assert row(asked(cast), "task").group == "today"


def test_nothing_goes_to_who_may_not_see_it_and_nothing_of_others_is_acted_on(cast: world.World) -> None:
    ada, item = cast.scope("ada"), row(asked(cast), "renewal").offer.key
    with pytest.raises(errors.Invalid, match="Cleo may not see Elm"):
        acting.delegate(item=item, to="cleo@fernhill.test", by=ada, at=NOW, days=DAYS)
    with pytest.raises(errors.NotFound):
        acting.done(item=item, by=cast.scope("cleo"), at=NOW, days=DAYS)
    with pytest.raises(errors.Invalid, match="next year"):
        acting.snooze(item=item, until=NOW - DAY, by=ada, at=NOW, days=DAYS)
    number = incidents.open_by_hand(account="elm", title="Data loss", by=ada, at=NOW)
    with pytest.raises(errors.Invalid, match="closed on its page"):
        acting.done(item=f"incident:{number}", by=ada, at=NOW, days=DAYS)


def test_a_larger_book_costs_no_more_queries(cast: world.World) -> None:
    with CaptureQueriesContext(connection) as few:
        asked(cast)
    rows = [{"key": f"n{number}", "name": f"Nettle {number}"} for number in range(30)]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    for account in Account.objects.filter(name__startswith="Nettle"):
        accounts.assign(account=account, user=cast.ada, role="csm", by=TESTS, at=NOW)
        wanted = Wanted("Call", NOW, "ada@fernhill.test")
        tasks.make(account=account.key, wanted=wanted, by=cast.scope("ada"), at=NOW)
    with CaptureQueriesContext(connection) as many:
        assert len(asked(cast).rows) > today.LIMIT
    assert len(many.captured_queries) == len(few.captured_queries)


@pytest.mark.parametrize(
    ("left", "factor"),
    [(None, 1.0), (DAY * 7, 1.125), (DAY, 1.5), (DAY * 0, 2.0), (-DAY * 5, 2.5), (-DAY * 99, 3.0)],
)
def test_the_nearer_the_clock_the_more_it_presses(left: timedelta | None, factor: float) -> None:
    due = None if left is None else NOW + left
    assert ranking.urgency(due_at=due, now=NOW) == pytest.approx(factor)


@pytest.mark.parametrize("source", registry.waiting(), ids=lambda source: source.slug)
def test_every_source_states_its_assumptions_and_offers_keys_that_stay(source, cast: world.World) -> None:
    assert source.title
    assert source.sentence.endswith(".")
    assert 0 <= source.share <= 1
    assert source.hours > 0
    incidents.open_by_hand(account="elm", title="Data loss", by=cast.scope("ada"), at=NOW)
    found = [row.offer for row in asked(cast).rows if row.source == source.slug]
    again = [row.offer for row in asked(cast).rows if row.source == source.slug]
    assert found == again
    assert all(offer.key and offer.what and offer.why.endswith(".") for offer in found)
