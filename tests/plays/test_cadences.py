"""How accounts are met: what is declared, kept and broken as of any day, outputs, and one way to count it everywhere."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from keepwell.access.models import AuditEntry
from keepwell.health.models import Path
from keepwell.hooks import registry
from keepwell.hooks.waiting import Asker
from keepwell.intake.actions import records
from keepwell.kernel.days import date_said
from keepwell.kernel.errors import Forbidden, Invalid, NotFound
from keepwell.ledger.models import Account
from keepwell.plays.actions import cadences as deeds
from keepwell.plays.models import OutputDelivery
from keepwell.plays.queries import account_cadence, cadences, outputs
from tests import world as cast
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db

WEEKLY: dict[str, Any] = {
    "tiers": {"gold": {"title": "Gold", "names": ["gold"], "every_days": 7}},
    "phases": [
        {
            "slug": "start", "title": "Start", "from_day": 0,
            "outputs": [{"slug": "plan", "title": "Success plan", "due_days": 14}],
        }
    ],
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return cast.build()


def spoke(account: str, *days: int, kind: str = "call", **more: Any) -> None:
    rows = [
        {"key": f"{account}-{kind}-{back}", "account": account, "kind": kind,
         "held_at": (NOW - timedelta(days=back)).isoformat(), **more}
        for back in days
    ]  # fmt: skip
    told = records.put(kind="touchpoints", rows=rows, source="tests", by=TESTS, at=NOW)
    assert [one.outcome for one in told] == ["created"] * len(rows), told


def tier(account: str, name: str) -> None:
    Account.objects.filter(key=account).update(tier=name)


def of(account: Account, *, day: date = TODAY, scope: Any = TESTS) -> account_cadence.AccountCadence:
    return account_cadence.of_account(account_id=account.pk, seen_by=scope, day=day)


def test_gold_accounts_are_met_each_week_as_of_any_day(world: World) -> None:
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW)
    tier("willow", "Gold")
    spoke("willow", 40, 33, 9)
    found = of(world.willow)
    assert found.standing.state == "late"
    assert found.standing.next is not None
    assert found.standing.next.due == TODAY - timedelta(days=2)
    assert of(world.willow, day=TODAY - timedelta(days=3)).standing.state == "kept"
    states = {week.day: week.state for week in found.weeks}
    assert states[date(2026, 6, 7)] == "kept"
    assert states[date(2026, 5, 31)] == "late"
    assert found.spells[0] == (TODAY - timedelta(days=1), None)
    assert sum(week.conversations for week in found.weeks[:-1]) == 3


def test_declined_calls_and_notes_are_no_conversation(world: World) -> None:
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW)
    tier("willow", "gold")
    spoke("willow", 30)
    spoke("willow", 2, kind="note")
    spoke("willow", 1, kind="meeting", declined=True)
    assert of(world.willow).standing.state == "late"


def test_a_planned_conversation_is_said_and_keeps_nothing(world: World) -> None:
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW)
    tier("willow", "gold")
    spoke("willow", 30, -2)
    found = of(world.willow)
    assert found.standing.state == "late"
    assert found.planned == NOW + timedelta(days=2)


def test_cleo_sees_nothing_of_it(world: World) -> None:
    with pytest.raises(NotFound):
        of(world.willow, scope=world.scope("cleo"))
    told = outputs.of_accounts(
        situations=cadences.situations(account_ids=[world.willow.pk], bands={}, day=TODAY),
        seen_by=world.scope("cleo"),
    )
    assert told == ()


def test_declaring_is_for_few_and_kept_with_its_history(world: World) -> None:
    with pytest.raises(Forbidden):
        deeds.declare(definition=WEEKLY, by=world.scope("ada"), at=NOW)
    with pytest.raises(Invalid):
        deeds.declare(definition={"bands": {"red": "often"}}, by=TESTS, at=NOW)
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW)
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW + timedelta(hours=1))
    assert AuditEntry.objects.filter(deed="cadence.declare").count() == 1
    deeds.declare(definition={"bands": {"red": 3}}, by=TESTS, at=NOW + timedelta(days=1))
    now, before = cadences.everything(seen_by=TESTS)
    assert (now.cadence.bands["red"].every_days, before.ended_at) == (3, NOW + timedelta(days=1))
    deeds.withdraw(by=TESTS, at=NOW + timedelta(days=2))
    assert cadences.everything(seen_by=TESTS)[0].declared_at is None
    with pytest.raises(NotFound):
        deeds.withdraw(by=TESTS, at=NOW)


def test_an_output_is_overdue_then_delivered_then_open_again(world: World) -> None:
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW)
    (asked,) = of(world.willow).outputs
    assert (asked.how, asked.due) == ("overdue", date(2025, 1, 20))
    ada = world.scope("ada")
    told: dict[str, Any] = {"account": "willow", "output": "plan", "at": NOW, "day": TODAY}
    deeds.deliver(**told, by=ada, link="https://files.test/plan", note="Signed by both.")
    (asked,) = of(world.willow).outputs
    assert (asked.how, asked.done_by, asked.link) == ("done", "Ada", "https://files.test/plan")
    with pytest.raises(deeds.AlreadyDelivered):
        deeds.deliver(**told, by=ada)
    with pytest.raises(NotFound):
        deeds.deliver(**told, by=world.scope("cleo"))
    with pytest.raises(NotFound, match="asks for no output"):
        deeds.deliver(**{**told, "output": "poem"}, by=ada)
    with pytest.raises(Invalid, match="is no address"):
        deeds.deliver(**{**told, "account": "elm"}, by=ada, link="javascript:alert(1)")
    deeds.take_back(**told, by=ada)
    assert not OutputDelivery.objects.exists()


def asker(world: World) -> Asker:
    ends: datetime = NOW + timedelta(hours=12)
    return Asker(world.scope("ada"), world.ada.pk, world.ada.pk, NOW, ends, ends + timedelta(days=6), 50)


def source() -> Any:
    return next(one for one in registry.waiting() if one.slug == "cadence")


def test_today_offers_the_broken_ones_and_nothing_twice(world: World) -> None:
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW)
    tier("willow", "gold")
    spoke("willow", 9)
    assert source().offers(asker(world)) == []
    _path(world.willow, "late")
    (offer,) = source().offers(asker(world))
    assert offer.key == f"cadence:{world.willow.pk}:{TODAY - timedelta(days=2)}"
    assert offer.why == f"Gold, each week: due by {date_said(TODAY - timedelta(days=2))}."
    spoke("willow", 0)
    assert source().offers(asker(world)) == []


def _path(account: Account, state: str) -> None:
    Path.objects.create(
        account_id=account.pk, owners=[], bands="-" * 26 + "g", arrs=[None] * 27, cadence=state, known="well"
    )


def test_the_portfolio_counts_what_is_declared_here(world: World) -> None:
    deeds.declare(definition=WEEKLY, by=TESTS, at=NOW)
    tier("willow", "gold")
    spoke("willow", 9)
    spoke("elm", 9)
    told = registry.rhythms()
    assert told is not None
    bands = {world.willow.pk: "green", world.elm.pk: "green", world.ash.pk: "green"}
    assert told.states(bands=bands, as_of=TODAY) == {
        world.willow.pk: "late", world.elm.pk: "kept", world.ash.pk: "unknown",
    }  # fmt: skip
    before = told.definition()
    deeds.declare(definition={**WEEKLY, "bands": {"green": 5}}, by=TESTS, at=NOW)
    assert told.definition() != before
    assert told.states(bands=bands, as_of=TODAY)[world.elm.pk] == "late"
