"""Tasks by hand, by file, and what becomes of them."""

from datetime import timedelta

import pytest

from keepwell.access.models import AuditEntry
from keepwell.kernel import errors
from keepwell.plays.actions import incidents, task_rows, tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.queries import incidents as incident_reads
from keepwell.plays.queries import tasks as reads
from tests import outbox, world
from tests.world import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=1)


@pytest.fixture
def cast() -> world.World:
    return world.build()


def made(cast: world.World, title: str = "Call Elm", owner: str = "ada@fernhill.test") -> int:
    wanted = Wanted(title, SOON, owner, "about the renewal")
    return tasks.make(account="elm", wanted=wanted, by=cast.scope("ada"), at=NOW)


def shown(cast: world.World, name: str, whose: str, state: str = "open") -> list[str]:
    asked = reads.read(whose=whose, state=state)
    found = reads.page(asked=asked, seen_by=cast.scope(name), now=NOW)
    assert len(found) == reads.count(asked=asked, seen_by=cast.scope(name), now=NOW)
    return [task.title for task in found]


def test_ada_sets_a_task_and_gives_it_to_ben(cast: world.World) -> None:
    task = made(cast)
    assert shown(cast, "ada", "mine") == ["Call Elm"]
    assert tasks.assign(task_ids=[task], to="ben@fernhill.test", by=cast.scope("ada"), at=NOW) == 1
    assert shown(cast, "ada", "mine") == []
    assert shown(cast, "ada", "set") == ["Call Elm"]
    assert shown(cast, "ben", "mine") == ["Call Elm"]
    assert shown(cast, "cleo", "team") == []
    with pytest.raises(errors.NotFound):
        reads.find(task_id=task, seen_by=cast.scope("cleo"))


def test_a_task_is_not_given_to_who_may_not_see_the_account(cast: world.World) -> None:
    with pytest.raises(errors.Invalid, match="Cleo may not see Elm"):
        made(cast, owner="cleo@fernhill.test")
    with pytest.raises(errors.Invalid, match="Nobody who may sign in"):
        made(cast, owner="nobody@fernhill.test")
    assert shown(cast, "ada", "team") == []


def test_a_task_is_done_reopened_and_done_again_and_the_ledger_hears_of_it(cast: world.World) -> None:
    task, ada = made(cast), cast.scope("ada")
    tasks.complete(task_id=task, by=ada, at=NOW, note="spoke to Dora")
    assert shown(cast, "ada", "mine", "done") == ["Call Elm"]
    assert reads.find(task_id=task, seen_by=ada).done_note == "spoke to Dora"
    tasks.reopen(task_id=task, by=ada, at=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert tasks.complete_all(task_ids=[task], by=ada, at=later) == (task,)
    assert tasks.complete_all(task_ids=[task], by=ada, at=later) == ()
    said = sorted((event.at, event.name) for event in outbox.waiting() if event.name.startswith("task."))
    assert [name for _, name in said] == ["task.done", "task.set", "task.reopened", "task.done"]


def test_several_are_postponed_or_none(cast: world.World) -> None:
    one, two = made(cast, "One"), made(cast, "Two")
    with pytest.raises(errors.NotFound):
        tasks.postpone(task_ids=[one, two], until=SOON, by=cast.scope("cleo"), at=NOW)
    until = SOON + timedelta(days=3)
    assert tasks.postpone(task_ids=[one, two], until=until, by=cast.scope("ada"), at=NOW) == 2
    assert {task.due_at for task in reads.some(task_ids=[one, two], seen_by=cast.scope("ada"))} == {until}


def test_rows_make_change_and_complete_and_bad_ones_say_why(cast: world.World) -> None:
    ada = cast.scope("ada")
    text = (
        "key,account,title,due,owner,note,done_at\n"
        "t1,elm,Call,2026-06-17,ben@fernhill.test,,\n"
        "t2,Willow,Write,2026-06-18T09:00:00Z,,,2026-06-15\n"
        "t3,nowhere,Write,2026-06-18,,,\n"
        "t4,elm,Write,31/02/2026,,,\n"
    )
    verdicts = task_rows.put(rows=task_rows.read_csv(text), by=ada, at=NOW)
    assert [verdict.outcome for verdict in verdicts] == ["created", "created", "rejected", "rejected"]
    assert "nowhere" in verdicts[2].reason
    assert "31/02/2026" in verdicts[3].reason
    again = task_rows.put(rows=task_rows.read_csv(text.replace("Call", "Call again")), by=ada, at=NOW)
    assert [verdict.outcome for verdict in again[:2]] == ["updated", "unchanged"]
    assert shown(cast, "ada", "team") == ["Call again"]
    assert shown(cast, "ada", "team", "done") == ["Write"]


def test_an_incident_is_opened_by_hand_once_with_a_task_under_it(cast: world.World) -> None:
    ada = cast.scope("ada")
    number = incidents.open_by_hand(account="elm", title="Data loss", note="since noon", by=ada, at=NOW)
    with pytest.raises(incidents.AlreadyOpen):
        incidents.open_by_hand(account="elm", title="Again", by=ada, at=NOW)
    with pytest.raises(errors.NotFound):
        incidents.open_by_hand(account="elm", title="Spying", by=cast.scope("cleo"), at=NOW)
    tasks.make(account="elm", wanted=Wanted("Restore", SOON), incident_id=number, by=ada, at=NOW)
    with pytest.raises(errors.NotFound):
        tasks.make(account="birch", wanted=Wanted("Restore", SOON), incident_id=number, by=ada, at=NOW)
    found = incident_reads.find(incident_id=number, seen_by=ada)
    assert (found.opened_by, found.note, found.due_at - NOW) == ("Ada", "since noon", timedelta(hours=24))
    assert [task.title for task in found.tasks] == ["Restore"]
    assert AuditEntry.objects.filter(deed="incident.open").count() == 1
