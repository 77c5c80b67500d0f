"""Accounts change hands: made, accepted, taken back; a whole book; what breaks if somebody leaves."""

from datetime import timedelta
from typing import Any

import pytest

from keepwell.intake.actions import records
from keepwell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Ownership
from keepwell.plays.actions import bulk, tasks
from keepwell.plays.actions import hand_overs as deeds
from keepwell.plays.actions.hand_overs import Wanted
from keepwell.plays.models import HandOverPack, Notification
from keepwell.plays.queries import continuity, hand_overs
from tests import outbox
from tests import world as cast
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
TO_BEN = Wanted("csm_to_csm", "ben@fernhill.test", "They wait for the export.")


@pytest.fixture
def world() -> World:
    return cast.build()


def spoke(account: str, *days: int, **more: Any) -> None:
    rows = [
        {"key": f"{account}-{back}", "account": account, "kind": "call", "held_at": (NOW - timedelta(days=back)).isoformat(),
         **more}
        for back in days
    ]  # fmt: skip
    records.put(kind="touchpoints", rows=rows, source="tests", by=TESTS, at=NOW)


def csm_of(account: str) -> str:
    return Ownership.objects.get(account__key=account, role="csm", until=None).user.email


def test_ada_hands_willow_to_ben_who_accepts_once(world: World) -> None:
    ada, ben = world.scope("ada"), world.scope("ben")
    number = deeds.make(account="willow", wanted=TO_BEN, by=ada, at=NOW)
    (told,) = Notification.objects.filter(kind="handed-over")
    assert (told.user, told.what) == (world.ben, "Willow is handed over to you")
    with pytest.raises(Conflict, match="is being handed to Ben already"):
        deeds.make(account="willow", wanted=TO_BEN, by=ada, at=NOW)
    (waits,) = hand_overs.waiting(user_id=world.ben.pk, seen_by=ben, limit=5)
    assert (waits.giver, waits.note) == ("Ada", "They wait for the export.")
    with pytest.raises(Forbidden):
        deeds.accept(pack_id=number, by=ada, at=NOW)
    with pytest.raises(NotFound):
        deeds.accept(pack_id=number, by=world.scope("cleo"), at=NOW)
    deeds.reword(pack_id=number, note="They have the export.", by=ada, at=NOW)
    deeds.accept(pack_id=number, by=ben, at=NOW + timedelta(hours=1), note="Thank you.")
    with pytest.raises(deeds.AlreadyAccepted):
        deeds.accept(pack_id=number, by=ben, at=NOW)
    with pytest.raises(deeds.AlreadyAccepted):
        deeds.withdraw(pack_id=number, by=ada, at=NOW)
    found = hand_overs.find(pack_id=number, seen_by=ada)
    assert (found.accepted_at, found.accepted_note) == (NOW + timedelta(hours=1), "Thank you.")
    assert csm_of("willow") == "ada@fernhill.test"


def test_one_that_was_not_accepted_is_taken_back(world: World) -> None:
    ada = world.scope("ada")
    number = deeds.make(account="willow", wanted=TO_BEN, by=ada, at=NOW)
    with pytest.raises(Forbidden):
        deeds.withdraw(pack_id=number, by=world.scope("ben"), at=NOW)
    deeds.withdraw(pack_id=number, by=ada, at=NOW)
    assert not HandOverPack.objects.exists()


def test_who_may_not_see_the_account_is_no_receiver_unless_it_becomes_theirs(world: World) -> None:
    to_cleo = Wanted("pm_to_csm", "cleo@fernhill.test")
    with pytest.raises(Invalid, match="may not see Willow"):
        deeds.make(account="willow", wanted=to_cleo, by=world.scope("root"), at=NOW)
    with pytest.raises(Forbidden):
        deeds.make(
            account="willow",
            wanted=Wanted("pm_to_csm", "cleo@fernhill.test", assign=True),
            by=world.scope("ada"),
            at=NOW,
        )
    deeds.make(
        account="willow",
        wanted=Wanted("pm_to_csm", "cleo@fernhill.test", assign=True),
        by=world.scope("root"),
        at=NOW,
    )
    assert csm_of("willow") == "cleo@fernhill.test"
    with pytest.raises(Invalid, match="is no kind"):
        deeds.make(account="elm", wanted=Wanted("gift", "ben@fernhill.test"), by=world.scope("ada"), at=NOW)


def test_a_whole_book_goes_over_and_again_makes_nothing(world: World) -> None:
    wanted = Wanted("csm_to_csm", "ben@fernhill.test", "All of it.", assign=True)
    with pytest.raises(Forbidden):
        deeds.make_all(giver_id=world.ada.pk, wanted=wanted, by=world.scope("ada"), at=NOW)
    with pytest.raises(Invalid, match="to themselves"):
        deeds.make_all(giver_id=world.ben.pk, wanted=wanted, by=world.scope("root"), at=NOW)
    assert deeds.make_all(giver_id=world.ada.pk, wanted=wanted, by=world.scope("root"), at=NOW) == (4, 0)
    assert csm_of("ash") == "ben@fernhill.test"
    with pytest.raises(NotFound):
        deeds.make_all(giver_id=world.ada.pk, wanted=wanted, by=world.scope("root"), at=NOW)


def test_reassigning_many_accounts_offers_the_hand_overs(world: World) -> None:
    root = world.scope("root")
    deed = bulk.draft(account_ids=[world.elm.pk, world.ash.pk], by=root, at=NOW)
    with pytest.raises(NotFound):
        deeds.after_bulk(deed_id=deed, by=root, at=NOW)
    bulk.start(
        deed_id=deed, kind="assign", said={"user": "ben@fernhill.test", "role": "csm"}, by=root, at=NOW
    )
    assert deeds.after_bulk(deed_id=deed, by=root, at=NOW) == (2, 0)
    assert deeds.after_bulk(deed_id=deed, by=root, at=NOW) == (0, 2)
    givers = set(HandOverPack.objects.values_list("giver__email", "receiver__email"))
    assert givers == {("ada@fernhill.test", "ben@fernhill.test")}


def test_what_breaks_if_ada_leaves_today(world: World) -> None:
    accounts.assign(account=world.birch, user=world.ben, role="tech_lead", by=TESTS, at=NOW)
    spoke("birch", 5, attended=["p1", "p2"], notes="All is well.")
    spoke("willow", 5, -3, attended=["p1"])
    tasks.make(
        account="willow",
        wanted=tasks.Wanted("Call them", NOW + timedelta(days=1), owner="ada@fernhill.test"),
        by=world.scope("ada"), at=NOW,
    )  # fmt: skip
    found = continuity.check(user_id=world.ada.pk, seen_by=world.scope("ada"), now=NOW)
    by_key = {row.key: row.breaks for row in found.rows}
    assert by_key["birch"] == ()
    assert by_key["willow"] == ("alone", "tasks", "single_thread", "unwritten", "meetings")
    assert by_key["ash"] == ("alone", "single_thread")
    assert found.count("alone") == 3
    assert continuity.csms(seen_by=world.scope("ada")) == ((world.ada.pk, "Ada", 4),)
    with pytest.raises(NotFound):
        continuity.check(user_id=world.ada.pk, seen_by=world.scope("cleo"), now=NOW)


def test_the_pack_says_what_is_open_and_what_was_said(world: World) -> None:
    spoke("willow", 9, -2, subject="Export", notes="They wait.", next_step="Send the export")
    tasks.make(account="willow", wanted=tasks.Wanted("Send it", NOW), by=world.scope("ada"), at=NOW)
    pack = hand_overs.pack(account="willow", seen_by=world.scope("ben"), now=NOW)
    assert [task.title for task in pack.tasks] == ["Send it"]
    assert [(one.subject, one.next_step) for one in pack.spoken] == [("Export", "Send the export")]
    assert [one.at for one in pack.planned] == [NOW + timedelta(days=2)]
    with pytest.raises(NotFound):
        hand_overs.pack(account="willow", seen_by=world.scope("cleo"), now=NOW)


def test_it_is_told_to_the_ledger(world: World) -> None:
    number = deeds.make(account="willow", wanted=TO_BEN, by=world.scope("ada"), at=NOW)
    deeds.accept(pack_id=number, by=world.scope("ben"), at=NOW)
    told = sorted(event.name for event in outbox.waiting() if event.name.startswith("handover."))
    assert told == ["handover.accepted", "handover.made"]
