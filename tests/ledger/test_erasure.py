"""A person who is erased is nowhere any more, the numbers stay, and they do not come back by themselves."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.db import connection

from keepwell.access.actions import audit
from keepwell.hooks import registry
from keepwell.hooks.subjects import Subject
from keepwell.intake import envelopes
from keepwell.intake.actions import tracking
from keepwell.intake.models import Rejection
from keepwell.intake.queries import sources
from keepwell.kernel import errors
from keepwell.ledger import lake
from keepwell.ledger.actions import erasures, identity, people, relay, surveys, tickets, touchpoints
from keepwell.ledger.models import (
    Erasure,
    ErasureCertificate,
    Person,
    Stakeholder,
    SurveyAnswer,
    Ticket,
    Touchpoint,
)
from keepwell.ledger.queries import erased
from keepwell.ledger.queries import erasures as asked
from keepwell.metrics.models import MetricValue
from keepwell.pipeline.actions import erasing, rebuild
from tests import world
from tests.intake.files import imported
from tests.world import NOW, TESTS

LATER = NOW + timedelta(minutes=1)
# Signs that stand nowhere else, in every way in which somebody may be named.
KEY, EMAIL, NAME = "p-7749ZX", "zelda.quirke@willow.test", "Zelda Quirkendorf"
MARKERS = (KEY, EMAIL, "Quirkendorf")
TOLD = {"source": "crm", "by": TESTS, "at": NOW, "vouched": True}


@pytest.fixture(autouse=True)
def _open_gate() -> Iterator[None]:
    erased.forget()
    yield
    erased.forget()


@pytest.fixture
def cast(db: None) -> world.World:
    """The cast, and Zelda in every place that a door leads to."""
    cast = world.build()
    zelda = {
        "key": KEY,
        "name": NAME,
        "email": EMAIL,
        "account": "willow",
        "title": "COO",
        "role": "executive",
    }
    people.upsert(
        rows=[{**zelda, "fields": {"phone": "+49 30 7749"}}, {"key": "p2", "name": "Alan Kay"}], **TOLD
    )
    dated = {"account": "willow", "person": KEY}
    tickets.upsert(
        rows=[
            {**dated, "key": "t1", "subject": f"{NAME} cannot sign in", "opened_at": NOW - timedelta(days=3)}
        ],
        **TOLD,
    )
    surveys.upsert(
        rows=[
            {
                **dated,
                "key": "s1",
                "kind": "nps",
                "score": 9.0,
                "comment": "Call my mobile.",
                "answered_at": NOW,
            }
        ],
        **TOLD,
    )
    notes = f"Spoke with {NAME.upper()} ({EMAIL})."
    touchpoints.upsert(
        rows=[{"key": "c1", "account": "willow", "kind": "call", "held_at": NOW, "notes": notes}], **TOLD
    )
    lines = f"id,account,person,name,at,note\ne1,willow,{KEY},login,2026-06-01,\ne2,willow,p2,login,2026-06-02,with {NAME}\n"
    assert imported("events", lines).created == 2
    rejected = f"key,name,account\n{KEY},{NAME},nowhere\np9,Nobody,nowhere\n"
    assert imported("people", rejected).rejected == 2
    audit.record(by=TESTS, at=NOW, deed="person.edit", subject=f"person:{KEY}", name=NAME)
    relay.all_waiting(at=NOW)
    return cast


def erase(key: str = KEY) -> ErasureCertificate:
    number = erasures.request(key=key, ground="request", note=f"Letter of {NAME}", by=TESTS, at=NOW)
    assert erasing.run(certificate_id=number, at=LATER)
    return ErasureCertificate.objects.get(pk=number)


def everything() -> str:
    """Every row of every table, and every file of the data folder, as text."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            said += [row[0] for row in cursor.fetchall()]
    for file in Path(settings.KEEPWELL_DATA).rglob("*"):
        if file.is_file():
            said.append(file.read_bytes().decode("latin-1"))
            if file.suffix == ".parquet":
                said.append(str(pl.read_parquet(file).to_dicts()))
    return "\n".join(said)


def test_nothing_anywhere_tells_who_it_was(cast: world.World) -> None:
    before = everything()
    assert all(marker in before for marker in MARKERS)
    certificate = erase()
    after = everything().lower()
    assert [marker for marker in MARKERS if marker.lower() in after] == []
    assert "call my mobile" not in after
    assert "+49 30 7749" not in after
    assert certificate.state == "done"
    assert certificate.left == {}
    assert {
        "ledger-people",
        "ledger-lake",
        "ledger-tables",
        "intake-files",
        "intake-tables",
        "access-tables",
    } <= set(certificate.found)
    assert not Erasure.objects.exists()


def test_counts_scores_and_what_belongs_to_the_account_stay(cast: world.World) -> None:
    rebuild(at=NOW)
    ticket = Ticket.objects.get(key="t1")
    alan = Person.objects.get(key="p2")
    Stakeholder.objects.create(account=cast.willow, person=alan, title="CTO", reports_to=ticket.person)
    values = list(
        MetricValue.objects.order_by("account", "metric", "as_of").values(
            "account", "metric", "as_of", "value"
        )
    )
    assert any(value["value"] for value in values)
    distinct = lake.scan().select("person").unique().collect().height
    rows = lake.scan().collect().height
    erase()
    rebuild(at=NOW)
    again = list(
        MetricValue.objects.order_by("account", "metric", "as_of").values(
            "account", "metric", "as_of", "value"
        )
    )
    assert again == values
    assert lake.scan().collect().height == rows
    assert lake.scan().select("person").unique().collect().height == distinct
    ticket.refresh_from_db()
    assert ticket.subject == "[erased] cannot sign in"
    assert ticket.person is not None
    assert ticket.person.key.startswith("erased-")
    assert Touchpoint.objects.get(key="c1").notes == "Spoke with [erased] ([erased])."
    answer = SurveyAnswer.objects.get(key="s1")
    assert (answer.score, answer.comment) == (9.0, "")
    assert Person.objects.get(key="p2").name == "Alan Kay"
    stake = Stakeholder.objects.get(person=ticket.person)
    assert (stake.title, stake.role, stake.roles) == ("", "", [])
    assert Stakeholder.objects.get(person=alan).title == "CTO", "who reports to them keeps what is theirs"


def test_former_versions_of_the_lake_are_gone(cast: world.World) -> None:
    version = lake.snapshot().version
    erase()
    subject = Subject((KEY,), (EMAIL,), (NAME,))
    assert all("former files" not in eraser.find(subject) for eraser in registry.erasers())
    assert lake.snapshot().version > version
    logs = sorted(file.name for file in (lake.path() / "_delta_log").glob("*.json"))
    assert min(int(name.split(".")[0]) for name in logs) > version
    assert lake.snapshot().batch > 0


def test_a_killed_erasure_goes_on_where_it_was(cast: world.World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = erasures.request(key=KEY, ground="request", note="", by=TESTS, at=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(lake, "forget_former", _killed)
        with pytest.raises(KeyboardInterrupt):
            erasing.run(certificate_id=number, at=LATER)
    assert Erasure.objects.get(pk=number).erasers
    assert asked.unfinished() == [number]
    assert erasing.run(certificate_id=number, at=LATER)
    assert not any(marker in everything() for marker in MARKERS)
    assert ErasureCertificate.objects.get(pk=number).left == {}


def _killed(matching: pl.Expr) -> int:
    raise KeyboardInterrupt


def test_it_is_certified_only_after_every_process_has_heard_of_it(cast: world.World) -> None:
    number = erasures.request(key=KEY, ground="request", note="", by=TESTS, at=NOW)
    assert not erasing.run(certificate_id=number, at=NOW)
    again = erasures.request(key=KEY, ground="law", note="", by=TESTS, at=NOW)
    assert again == number, "asked twice, erased once"
    Person.objects.create(key=KEY, name=NAME)  # a process that had not heard of it yet
    assert erasing.run(certificate_id=number, at=LATER)
    assert not any(marker in everything() for marker in MARKERS)


def test_a_late_call_of_the_sdk_and_an_old_file_are_refused_and_leave_nothing(cast: world.World) -> None:
    erase()
    source = sources.find(slug=_source(), seen_by=TESTS)
    calls = [
        {"type": "track", "userId": KEY, "event": "login", "context": {"groupId": "willow"}},
        {"type": "identify", "userId": "new-id", "traits": {"email": EMAIL.upper()}},
        {"type": "track", "userId": "p2", "event": "login", "context": {"groupId": "willow"}},
    ]
    body = json.dumps({"batch": calls}).encode()
    receipt = tracking.receive(source=source, calls=envelopes.decode(body, endpoint="batch"), at=LATER)
    assert (receipt.accepted, len(receipt.rejected)) == (1, 2)
    assert "E-00" in receipt.rejected[0].reason
    old = f"key,name,email,account\n{KEY},{NAME},{EMAIL},willow\np3,Barbara Liskov,b@willow.test,willow\n"
    view = imported("people", old)
    assert (view.created, view.rejected) == (1, 1)
    events = f"id,account,person,name,at\nn1,willow,{KEY},login,2026-06-03\nn2,willow,p2,login,2026-06-03\n"
    assert imported("events", events).rejected == 1
    answers = f"key,account,person,kind,score,answered_at\ns2,willow,{KEY},nps,3,2026-06-03\n"
    assert imported("surveys", answers).rejected == 1
    assert set(Rejection.objects.filter(why="person-erased").values_list("message_id", flat=True)) == {""}
    relay.all_waiting(at=LATER)
    after = everything().lower()
    assert [marker for marker in MARKERS if marker.lower() in after] == []
    assert "b@willow.test" in after


def _source() -> str:
    from keepwell.intake.actions import sources as deeds

    deeds.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    return "app"


def test_whoever_comes_back_is_re_admitted_by_a_deed(cast: world.World) -> None:
    certificate = erase()
    row = {"key": KEY, "name": NAME, "email": EMAIL}
    assert people.upsert(rows=[row], **TOLD)[0].outcome == "rejected"
    erasures.readmit(number=certificate.number, by=TESTS, at=LATER)
    assert people.upsert(rows=[row], **TOLD)[0].outcome == "created"
    with pytest.raises(errors.Conflict):
        erasures.readmit(number=certificate.number, by=TESTS, at=LATER)
    assert erase().pk != certificate.pk


def test_only_administrators_may_and_nobody_is_erased_by_mistake(cast: world.World) -> None:
    with pytest.raises(errors.Forbidden):
        erasures.request(key=KEY, ground="request", note="", by=cast.scope("ada"), at=NOW)
    with pytest.raises(errors.NotFound, match="Nothing is known"):
        erasures.request(key="nobody-ever", ground="request", note="", by=TESTS, at=NOW)
    people.upsert(rows=[{"key": "p8", "name": "Other Person", "email": EMAIL}], **TOLD)
    with pytest.raises(errors.Conflict, match="several people"):
        erasures.request(key=EMAIL, ground="request", note="", by=TESTS, at=NOW)
    erase()
    assert Person.objects.get(key="p8").email == EMAIL, "an address that two people share tells nobody apart"
    assert Person.objects.get(key="p8").name == "Other Person"


def test_short_keys_are_not_looked_for_in_texts_and_that_is_said(cast: world.World) -> None:
    people.upsert(rows=[{"key": "7", "name": "Bo", "account": "willow"}], **TOLD)
    touchpoints.upsert(
        rows=[
            {
                "key": "c7",
                "account": "willow",
                "kind": "call",
                "held_at": NOW,
                "notes": "7 seats for Bo",
                "fields": {"user_id": "7", "seats": "7"},
            }
        ],
        **TOLD,
    )
    view = asked.preview(key="7", seen_by=TESTS)
    assert set(view.subject.not_searched) == {"7", "Bo"}
    erase("7")
    touch = Touchpoint.objects.get(key="c7")
    assert touch.notes == "7 seats for Bo"
    assert touch.fields["seats"] == "7"
    assert touch.fields["user_id"].startswith("erased-")


def test_a_person_is_found_under_every_key_that_means_them(cast: world.World) -> None:
    people.upsert(rows=[{"key": EMAIL}, {"key": "v-anonymous"}], **TOLD)
    joined = identity.Alias(key="v-anonymous", person=KEY)
    assert identity.alias(aliases=[joined], source="app", at=NOW) == [""]
    subject = asked.preview(key="v-anonymous", seen_by=TESTS).subject
    assert set(subject.keys) == {KEY, EMAIL, "v-anonymous"}
    assert set(asked.preview(key=KEY, seen_by=TESTS).subject.keys) == set(subject.keys)
    before = Person.objects.count()
    erase("v-anonymous")
    assert Person.objects.count() == before
    assert not any(marker in everything() for marker in (*MARKERS, "v-anonymous"))
