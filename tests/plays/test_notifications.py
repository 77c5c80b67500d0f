"""Who is told of what, once; and how they chose to be told."""

from datetime import timedelta

import pytest

from keepwell.cockpit.actions import acting, waking
from keepwell.cockpit.queries import today
from keepwell.faces.web.pages.today import days_of
from keepwell.health.models import BandChange
from keepwell.kernel import errors
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Note, NoteMention
from keepwell.plays.actions import incidents, noticing, notifications, tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.queries import notifications as reads
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    noticing.look(at=NOW)
    return made


def told(cast: world.World, name: str) -> list[str]:
    return [row.what for row in reads.latest(seen_by=cast.scope(name))]


def test_ben_is_told_what_ada_gives_him_and_ada_not_what_she_takes(cast: world.World) -> None:
    ada = cast.scope("ada")
    wanted = Wanted("Call Dora", NOW + HOUR, "ben@fernhill.test")
    number = tasks.make(account="elm", wanted=wanted, by=ada, at=NOW)
    assert told(cast, "ben") == ["Elm: Call Dora"]
    assert told(cast, "ada") == []
    tasks.assign(task_ids=[number], to="ada@fernhill.test", by=ada, at=NOW)
    assert told(cast, "ada") == []
    tasks.assign(task_ids=[number], to="ben@fernhill.test", by=ada, at=NOW + HOUR)
    assert told(cast, "ben") == ["Elm: Call Dora"] * 2
    assert reads.unread_count(seen_by=cast.scope("ben")) == 2


def test_incidents_clocks_and_falls_are_told_once_to_those_who_own_the_account(cast: world.World) -> None:
    root = cast.scope("root")
    number = incidents.open_by_hand(account="elm", title="Data loss", by=root, at=NOW)
    wanted = Wanted("Restore", NOW + HOUR * 5.5, "ada@fernhill.test")
    tasks.make(account="elm", wanted=wanted, incident_id=number, by=cast.scope("ada"), at=NOW)
    BandChange.objects.create(
        account=cast.ash, at=NOW, as_of=TODAY, from_band="yellow", to_band="red", points=30, parts=[]
    )
    BandChange.objects.create(
        account=cast.ash, at=NOW, as_of=TODAY, from_band="red", to_band="green", points=80, parts=[]
    )
    assert noticing.look(at=NOW + HOUR) == 1, "of the incident those who are called were told at once"
    assert noticing.look(at=NOW + HOUR) == 0
    assert noticing.look(at=NOW + HOUR * 2) == 1, "three and a half hours are left on the clock"
    assert told(cast, "ada") == [
        "Elm: Restore is due at 17:30 UTC",
        "Ash fell from Watch to At risk",
        "Elm: Data loss. A call is due by 16 Jun 12:00 UTC",
    ]
    assert told(cast, "cleo") == []


def test_a_worker_that_was_down_for_a_day_tells_of_that_day(cast: world.World) -> None:
    incidents.open_by_hand(account="elm", title="Data loss", by=cast.scope("root"), at=NOW + HOUR)
    accounts.assign(account=cast.elm, user=cast.ben, role="sales", by=TESTS, at=NOW)
    assert noticing.look(at=NOW + HOUR * 30) == 1
    assert told(cast, "ben") == ["Elm: Data loss"]


def test_who_is_mentioned_in_a_note_is_told(cast: world.World) -> None:
    note = Note.objects.create(
        key="n", account=cast.elm, text="@Ben see this", author="ada@fernhill.test", written_at=NOW
    )
    NoteMention.objects.create(note=note, user=cast.ben, mentioned_by="Ada", mentioned_at=NOW)
    assert noticing.look(at=NOW + HOUR) == 1
    assert told(cast, "ben") == ["Elm: Ada mentioned you: @Ben see this"]


def test_an_ended_snooze_is_told(cast: world.World) -> None:
    ada = cast.scope("ada")
    number = tasks.make(account="elm", wanted=Wanted("Call", NOW, "ada@fernhill.test"), by=ada, at=NOW)
    item, until = f"task:{number}", NOW + HOUR
    acting.snooze(item=item, until=until, by=ada, at=NOW, days=days_of(NOW))
    assert waking.tell(at=NOW) == 0
    assert waking.tell(at=until) == 1
    assert waking.tell(at=until) == 0
    assert told(cast, "ada") == ["Call (Elm)"]
    assert today.find(item=item, seen_by=ada, now=until, days=days_of(until))


def test_what_is_read_is_not_counted_and_what_is_not_wanted_not_told(cast: world.World) -> None:
    ada, ben = cast.scope("ada"), cast.scope("ben")
    notifications.choose(kind="assigned", in_app=False, by_mail=True, by=ben, at=NOW)
    tasks.make(account="elm", wanted=Wanted("A", NOW, "ben@fernhill.test"), by=ada, at=NOW)
    assert told(cast, "ben") == []
    letter = reads.for_letter(seen_by=ben, since=NOW, until=NOW + HOUR)
    assert [row.what for row in letter] == ["Elm: A"]
    notifications.choose(kind="assigned", in_app=True, by_mail=False, by=ben, at=NOW)
    tasks.make(account="elm", wanted=Wanted("B", NOW, "ben@fernhill.test"), by=ada, at=NOW + HOUR)
    assert told(cast, "ben") == ["Elm: B"]
    assert notifications.read(ids=None, by=ben, at=NOW) >= 1
    assert reads.unread_count(seen_by=ben) == 0
    with pytest.raises(errors.Invalid, match="no kind"):
        notifications.choose(kind="gossip", in_app=True, by_mail=True, by=ben, at=NOW)


def test_what_one_may_no_longer_see_is_not_shown(cast: world.World) -> None:
    ada = cast.scope("ada")
    tasks.make(account="elm", wanted=Wanted("A", NOW, "ben@fernhill.test"), by=ada, at=NOW)
    cast.ben.teams.clear()
    assert told(cast, "ben") == []
    assert reads.unread_count(seen_by=cast.scope("ben")) == 0
