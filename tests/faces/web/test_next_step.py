"""What is due next for an account, and when facts about it last came in, beside its name in the list."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from keepwell.access.actions import tokens
from keepwell.health.models import Line
from keepwell.health.queries.sheet.rows import Step
from keepwell.ledger.actions import accounts, touchpoints
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import next_steps, tasks
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, TESTS, World

LATER = datetime(2096, 3, 1, 9, tzinfo=UTC)  # the database asks its own clock what is ahead


def ahead(world: World) -> Step | None:
    line = Line.objects.get(account=world.birch)
    return Step(line.next_at, line.next_kind, line.next_what) if line.next_at else None


def renews(world: World, when: datetime | None) -> None:
    row = {"key": "birch", "renewal_date": when.date() if when else None}
    accounts.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)


def test_the_earliest_of_work_meetings_and_the_renewal_is_next(lived: World) -> None:
    renews(lived, LATER + timedelta(days=30))
    assert ahead(lived) == Step(datetime(2096, 3, 31, tzinfo=UTC), "renewal", "")
    row = {"key": "review", "account": "birch", "kind": "meeting", "subject": "Review", "held_at": LATER}
    touchpoints.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    assert ahead(lived) == Step(LATER, "meeting", "Review")
    due = LATER - timedelta(days=1)
    task = tasks.make(account="birch", wanted=tasks.Wanted("Call Grace", due), by=lived.scope("ada"), at=NOW)
    assert ahead(lived) == Step(due, "task", "Call Grace")
    tasks.complete(task_id=task, by=lived.scope("ada"), at=NOW)
    assert ahead(lived) == Step(LATER, "meeting", "Review")
    tasks.reopen(task_id=task, by=lived.scope("ada"), at=NOW)
    assert ahead(lived) == Step(due, "task", "Call Grace")


def test_a_meeting_that_is_past_makes_room_for_what_follows(lived: World) -> None:
    renews(lived, None)
    row = {"key": "review", "account": "birch", "kind": "meeting", "held_at": LATER}
    touchpoints.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    Line.objects.filter(account=lived.birch).update(next_at=NOW)
    next_steps.look_again(at=NOW)
    assert ahead(lived) == Step(LATER, "meeting", "meeting")


def test_the_list_shows_sorts_and_hands_out_both(lived: World, sign_in: SignIn) -> None:
    renews(lived, LATER)
    ada = sign_in(lived.ada)
    said = text(ada.get("/accounts/?cols=next,age&sort=-next"))
    assert "Next step" in said
    assert "Renewal" in said
    assert said.index("Birch") < said.index("Ash")
    answer = ada.get("/accounts.csv?cols=next,age")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert "next_step,next_kind,next_at,heard_at" in lines[0]
    assert any(",renewal,2096-03-01T00:00:00+00:00," in line for line in lines)


def test_new_facts_make_an_account_s_data_young(lived: World) -> None:
    at = NOW + timedelta(minutes=7)
    Line.objects.update(heard_at=NOW - timedelta(days=9))
    row = {"key": "t-new", "account": "birch", "kind": "call", "held_at": NOW - timedelta(hours=1)}
    touchpoints.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    advance(at=at)
    heard = dict(Line.objects.values_list("account__key", "heard_at"))
    assert heard["birch"] == at
    assert heard["ash"] == NOW - timedelta(days=9)


def test_the_api_says_what_is_next(lived: World) -> None:
    renews(lived, LATER)
    token = tokens.create(user=lived.ada, name="tests", by=TESTS, at=NOW, may_write=False)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    rows = client.get("/api/v1/book?state=cols=next,age").json()["items"]
    birch = next(row for row in rows if row["key"] == "birch")
    assert birch["more"]["next"] == {"at": "2096-03-01T00:00:00Z", "kind": "renewal", "what": ""}
