"""What was not taken is found by its reason, mended, sent in again, and counts once."""

import json
from datetime import timedelta

import pytest

from keepwell.access.models import AuditEntry
from keepwell.access.scopes import NOBODY
from keepwell.intake.actions import mending, replays
from keepwell.intake.actions import sources as source_actions
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import batches, rejections
from keepwell.intake.reasons import REASONS
from keepwell.kernel import errors
from keepwell.ledger import models as ledger
from tests import outbox
from tests.intake.files import imported
from tests.intake.test_tracking import CLICK, sent
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=5)
TICKETS = "key,account,opened_at,colour\nt1,birch,2026-06-01,red\nt2,oak,2026-06-02,blue\nt3,oak,soon,\n"


def accounts(*keys: str) -> None:
    imported("accounts", "key,name\n" + "".join(f"{key},{key.title()}\n" for key in keys))


def open_ones(**chosen) -> list[batches.RejectionView]:
    return list(reversed(rejections.listed(chosen=Chosen(**chosen), seen_by=TESTS)))


def replayed(*, at=LATER, **chosen) -> rejections.ReplayView:
    replay_id = replays.start(chosen=Chosen(**chosen), by=TESTS, at=at)
    replays.run(replay_id=replay_id, at=at)
    return rejections.replay(replay_id=replay_id, seen_by=TESTS)


def outcomes(replay: rejections.ReplayView) -> list[str]:
    return [one.outcome for one in rejections.attempts(replay_id=replay.replay_id, seen_by=TESTS)]


def test_reasons_are_grouped_by_slug_and_by_what_they_are_about():
    accounts("birch")
    imported("tickets", TICKETS)
    found = rejections.groups(chosen=Chosen(), seen_by=TESTS)
    assert [(group.why, group.count) for group in found] == [("account-unknown", 1), ("date-unreadable", 1)]
    (about,) = rejections.subjects(chosen=Chosen(why="account-unknown"), seen_by=TESTS)
    assert (about.about, about.count) == ("oak", 1)
    assert open_ones(why="date-unreadable")[0].about == "soon"
    assert rejections.groups(chosen=Chosen(), seen_by=NOBODY) == ()


def test_what_failed_because_an_account_was_unknown_is_taken_once_it_is_known():
    accounts("birch")
    imported("tickets", TICKETS)
    assert rejections.count(chosen=Chosen(known_now=True), seen_by=TESTS) == 0
    accounts("oak")
    assert rejections.count(chosen=Chosen(known_now=True), seen_by=TESTS) == 1
    replay = replayed(known_now=True)
    assert (replay.state, replay.total, replay.done, replay.taken, replay.refused) == ("done", 1, 1, 1, 0)
    assert ledger.Ticket.objects.get(key="t2").fields == {"colour": "blue"}
    opened = outbox.the_one(account="oak", name="ticket.opened")
    assert (opened.received_at, opened.known_at) == (LATER, LATER)
    assert [one.state for one in open_ones(state="replayed")] == ["replayed"]
    with pytest.raises(errors.NotFound):
        replays.start(chosen=Chosen(known_now=True), by=TESTS, at=LATER)


def test_a_vouched_import_vouches_for_its_mended_rows_too():
    accounts("birch")
    imported("tickets", TICKETS.replace("oak", "birch"), vouched=True)
    (row,) = open_ones()
    mending.mend(rejection_id=row.rejection_id, content={"opened_at": "2026-06-03"}, by=TESTS, at=LATER)
    assert outcomes(replayed()) == ["created"]
    event = next(e for e in outbox.waiting(name="ticket.opened") if e.at.day == 3)
    assert event.known_at == event.at


def test_a_row_is_mended_cell_by_cell_and_what_was_typed_stays_when_it_is_refused_again():
    accounts("birch")
    imported("tickets", TICKETS, file_name="tickets.csv")
    (row,) = open_ones(why="date-unreadable")
    mending.mend(rejection_id=row.rejection_id, content={"opened_at": "June"}, by=TESTS, at=LATER)
    assert outcomes(replayed(ids=(row.rejection_id,))) == ["rejected"]
    again = rejections.find(rejection_id=row.rejection_id, seen_by=TESTS)
    assert (again.state, again.why, again.about) == ("open", "date-unreadable", "June")
    assert again.content["opened_at"] == "June"
    mending.mend(
        rejection_id=row.rejection_id,
        content={"opened_at": "2026-06-09", "account": "birch"},
        by=TESTS,
        at=LATER + timedelta(hours=1),
    )
    assert outcomes(replayed(ids=(row.rejection_id,), at=LATER + timedelta(hours=2))) == ["created"]
    assert [deed.deed for deed in rejections.history(rejection_id=row.rejection_id, seen_by=TESTS)] == [
        "replayed: created",
        "mended",
        "refused again",
        "mended",
    ]
    first = rejections.first_content(rejection_id=row.rejection_id, seen_by=TESTS)
    assert first["opened_at"] == "soon"
    with pytest.raises(errors.Conflict):
        mending.mend(rejection_id=row.rejection_id, content={"colour": "red"}, by=TESTS, at=LATER)


def test_a_column_is_set_for_many_rows_at_once():
    accounts("birch")
    imported(
        "tickets", "key,account,opened_at\n" + "".join(f"t{n},oak{n % 3},2026-06-01\n" for n in range(9))
    )
    chosen = Chosen(why="account-unknown")
    assert mending.set_column(chosen=chosen, column="account", value="birch", by=TESTS, at=LATER) == 9
    assert mending.set_column(chosen=chosen, column="account", value="birch", by=TESTS, at=LATER) == 0
    assert replayed(why="account-unknown").taken == 9
    assert ledger.Ticket.objects.filter(account__key="birch").count() == 9
    deeds = (
        AuditEntry.objects.filter(deed__startswith="rejections.")
        .order_by("pk")
        .values_list("deed", flat=True)
    )
    assert list(deeds) == ["rejections.mend", "rejections.mend", "rejections.replay"]
    with pytest.raises(errors.Invalid, match="None of these rows"):
        mending.set_column(chosen=chosen, column="size", value="1", by=TESTS, at=LATER)


def test_a_replay_does_not_put_older_values_over_what_a_later_import_told():
    accounts("birch")
    imported("tickets", "key,account,subject,opened_at\nt1,birch,Old,soon\n")
    imported("tickets", "key,account,subject,opened_at\nt1,birch,New,2026-06-02\n")
    assert (
        mending.set_column(chosen=Chosen(), column="opened_at", value="2026-06-01", by=TESTS, at=LATER) == 1
    )
    assert outcomes(replayed()) == ["conflict"]
    assert [one.why for one in open_ones()] == ["overtaken"]
    assert ledger.Ticket.objects.get().subject == "New"


def test_events_that_are_replayed_twice_count_once():
    imported("events", "id,account,name,at\ne1,birch,login,soon\n")
    (row,) = open_ones()
    mending.mend(rejection_id=row.rejection_id, content={"at": "2026-06-01"}, by=TESTS, at=LATER)
    first = replays.start(chosen=Chosen(), by=TESTS, at=LATER)
    second = replays.start(chosen=Chosen(), by=TESTS, at=LATER)
    for replay_id in (first, second, first):
        replays.run(replay_id=replay_id, at=LATER)
    assert outcomes(rejections.replay(replay_id=second, seen_by=TESTS)) == ["settled"]
    assert len(outbox.waiting()) == 1


def test_rows_without_an_id_that_are_alike_each_count():
    imported("events", "account,name,at\nbirch,login,soon\nbirch,login,soon\n")
    assert mending.set_column(chosen=Chosen(), column="at", value="2026-06-01", by=TESTS, at=LATER) == 2
    assert outcomes(replayed()) == ["created", "created"]
    assert len(outbox.waiting()) == 2


def test_a_call_is_mended_as_json_and_read_by_the_clock_of_its_arrival():
    write_key = source_actions.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    stamp = (NOW - timedelta(hours=2)).isoformat()
    behind = (NOW - timedelta(hours=1)).isoformat()
    sent(write_key, CLICK | {"event": "", "timestamp": stamp}, sentAt=behind)
    (call,) = open_ones(kind="calls")
    assert (call.why, call.row, call.kind) == ("value-missing", 0, "calls")
    with pytest.raises(errors.Invalid, match="malformed"):
        mending.mend_call(rejection_id=call.rejection_id, text="{", by=TESTS, at=LATER)
    mended = json.dumps(dict(call.content) | {"event": "report.exported"})
    mending.mend_call(rejection_id=call.rejection_id, text=mended, by=TESTS, at=LATER)
    assert outcomes(replayed()) == ["created"]
    event = outbox.the_one(source="app")
    assert (event.at, event.known_at) == (NOW - timedelta(hours=1), LATER)


def test_what_a_request_says_for_all_of_its_calls_stays_with_the_refused_one():
    write_key = source_actions.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    call = {"type": "track", "messageId": "m9", "userId": "u1", "writeKey": "secret"}
    sent(write_key, call, context={"groupId": "willow"})
    (refused,) = open_ones()
    assert (
        refused.content == {**call, "context": {"groupId": "willow"}} | {}
        or "writeKey" not in refused.content
    )
    assert refused.content["context"] == {"groupId": "willow"}


def test_an_identify_call_for_an_account_that_came_later_is_taken():
    write_key = source_actions.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    sent(write_key, {"type": "identify", "userId": "u1", "context": {"groupId": "oak"}, "messageId": "m1"})
    assert [one.about for one in open_ones(why="account-unknown")] == ["oak"]
    accounts("oak")
    assert outcomes(replayed(known_now=True)) == ["created"]
    assert ledger.Stakeholder.objects.get().account.key == "oak"


def test_dismissed_ones_are_put_aside_and_can_be_taken_up_again():
    accounts("birch")
    imported("tickets", TICKETS)
    assert mending.dismiss(chosen=Chosen(why="account-unknown"), note="a test company", by=TESTS, at=NOW) == 1
    (gone,) = open_ones(state="dismissed")
    assert replayed(why="date-unreadable").refused == 1
    mending.reopen(rejection_id=gone.rejection_id, by=TESTS, at=LATER)
    assert len(open_ones()) == 2
    said = rejections.history(rejection_id=gone.rejection_id, seen_by=TESTS)
    assert [(deed.deed, deed.note) for deed in said] == [
        ("taken up again", ""),
        ("dismissed", "a test company"),
    ]


def test_the_rejections_of_a_dry_run_are_not_in_the_dead_letter():
    accounts("birch")
    imported("tickets", TICKETS, dry_run=True)
    assert open_ones() == []


def test_a_row_that_is_as_it_came_is_refused_as_it_was():
    accounts("birch")
    batch = imported(
        "tickets", 'key,account,opened_at\nt1,birch\nt2,bi"rch,2026-06-01\n"t3,birch,2026-06-02\n'
    )
    before = [(row.row, row.reason) for row in batches.rejections(batch_id=batch.batch_id, seen_by=TESTS)]
    replay = replayed()
    after = [(row.row, row.reason) for row in batches.rejections(batch_id=batch.batch_id, seen_by=TESTS)]
    assert replay.refused == replay.total == len(before)
    assert before[0] == after[0]


@pytest.mark.parametrize("slug", [slug for slug in REASONS if slug != "other"])
def test_every_reason_says_what_to_do(slug: str):
    assert REASONS[slug].title
    assert REASONS[slug].advice.endswith(".")
