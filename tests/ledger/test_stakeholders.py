"""What people are to accounts, from when until when; where they belong counts, and each change is in the ledger."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from keepwell.access.models import AuditEntry
from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, belonging, events, people, relay
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, Person, Placement, Stakeholder
from keepwell.ledger.queries import people as reads
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def put(*rows: dict[str, Any], at: datetime = NOW, vouched: bool = False) -> list[str]:
    verdicts = people.upsert(rows=rows, source="crm", by=TESTS, at=at, vouched=vouched)
    return [verdict.reason or verdict.outcome for verdict in verdicts]


def use(event_id: str, person: str, at: datetime) -> None:
    used = Event(id=event_id, person=person, name="login", at=at, source="app", vouched=True)
    events.append(events=[used], received_at=NOW + 400 * DAY)


def where(known_by: datetime | None = None) -> list[str]:
    relay.all_waiting(at=NOW)
    rows = (
        frames.events(until=NOW + 400 * DAY, known_by=known_by, kind="usage").collect().to_native().sort("at")
    )
    keys = dict(Account.objects.values_list("pk", "key"))
    return [keys[account] for account in rows["account_id"]]


def said(name: str) -> list[tuple[str, str]]:
    relay.all_waiting(at=NOW)
    rows = frames.events(until=NOW + 400 * DAY, names=[name]).collect().to_native().sort("known_at", "at")
    return [(person, feature) for person, feature in rows.select("person", "feature").iter_rows()]


def test_a_champion_who_moves_leaves_a_history_in_both_accounts() -> None:
    world.build()
    put(
        {"key": "dora", "account": "elm", "roles": ["executive", "sponsor"], "stance": "champion"},
        vouched=True,
    )
    for n, days in enumerate((-30, 5, 20)):
        use(f"u{n}", "dora", NOW + days * DAY)
    people.move(person="dora", source="elm", target="ash", on=TODAY + 10 * DAY, by=TESTS, at=NOW + 40 * DAY)
    assert where() == ["elm", "elm", "ash"]
    assert where(NOW + 40 * DAY) == ["elm", "elm", "elm"], "as known before, nobody had heard of it"
    stakes = {s.account.key: s for s in Stakeholder.objects.select_related("account")}
    assert (stakes["elm"].status, stakes["elm"].stance, stakes["ash"].status) == (
        "left",
        "champion",
        "active",
    )
    assert said("person.left") == [("dora", "")]
    assert said("person.joined") == [("dora", "")] * 2
    assert said("stance.changed") == [("dora", "champion")]
    assert said("role.changed") == [("dora", "executive, sponsor")]
    with pytest.raises(errors.Invalid, match="does not belong"):
        people.move(person="dora", source="elm", target="ash", on=TODAY, by=TESTS, at=NOW + 41 * DAY)


def test_leave_and_return_are_told_and_a_repeat_is_not() -> None:
    world.build()
    row = {"key": "dora", "account": "elm", "status": "on_leave", "status_since": TODAY - 5 * DAY}
    assert put(row) == ["created"]
    assert put(row) == ["unchanged"]
    assert put({"key": "dora", "account": "elm", "status": "active"}, at=NOW + DAY) == ["updated"]
    assert (said("person.on_leave"), said("person.returned")) == ([("dora", "")], [("dora", "")])
    assert Stakeholder.objects.get().status_since == TODAY + DAY


def test_the_day_of_leaving_can_be_set_right() -> None:
    world.build()
    put({"key": "dora", "account": "elm"}, vouched=True)
    use("u1", "dora", NOW - 3 * DAY)
    put({"key": "dora", "account": "elm", "status": "left", "status_since": TODAY - 5 * DAY}, at=NOW + DAY)
    assert where() == []
    put(
        {"key": "dora", "account": "elm", "status": "left", "status_since": TODAY - 1 * DAY}, at=NOW + 2 * DAY
    )
    assert where() == ["elm"]
    put({"key": "dora", "account": "elm", "status": "active", "status_since": TODAY}, at=NOW + 3 * DAY)
    spans = Placement.objects.filter(known_until=None).order_by("until").values_list("since", "until")
    assert list(spans) == [(None, TODAY - 1 * DAY), (TODAY, None)]


def test_nobody_reports_to_themselves_however_far_up() -> None:
    cast = world.build()
    rows = [{"key": key, "account": "elm"} for key in ("a", "b", "c")]
    put(*rows)
    assert put({**rows[0], "reports_to": "b"}, {**rows[1], "reports_to": "c"}) == ["updated"] * 2
    assert put({**rows[2], "reports_to": "a"}) == [
        'reports_to "a": they report to this person already, directly or through others, and the line would run in a '
        "circle. End that line first, or choose somebody else."
    ]
    assert put({**rows[2], "reports_to": "x"}) == [
        'reports_to "x" is not known. Import that person first, then this row again.'
    ]
    lines = {p.key: p.reports_to_key for p in reads.of_account(account_id=cast.elm.pk, seen_by=TESTS)}
    assert lines == {"a": "b", "b": "c", "c": ""}


def test_an_address_tells_the_account_if_the_domain_is_one_account_s_alone() -> None:
    world.build()
    use("u1", "dora", NOW - DAY)
    put({"key": "dora", "email": "dora@mail.elm.test"}, {"key": "gus", "email": "gus@gmail.com"})
    told: dict[str, Any] = {"source": "crm", "by": TESTS, "vouched": False}
    accounts.upsert(rows=[{"key": "elm", "domains": ["mail.elm.test", "elm.test"]}], at=NOW + DAY, **told)
    assert (where(), where(NOW + DAY)) == (["elm"], [])
    put({"key": "eve", "email": "eve@ELM.test"}, at=NOW + DAY)
    accounts.upsert(rows=[{"key": "ash", "domains": ["elm.test"]}], at=NOW + 2 * DAY, **told)
    put({"key": "fay", "email": "fay@elm.test"}, at=NOW + 2 * DAY)
    placed = Placement.objects.filter(known_until=None).values_list("person__key", "account__key", "reason")
    assert sorted(placed) == [("dora", "elm", "domain"), ("eve", "elm", "domain")]
    put({"key": "dora", "account": "birch"}, at=NOW + 3 * DAY)
    assert where() == ["birch"], "what is declared goes before what is guessed"
    assert set(Stakeholder.objects.filter(person__key="dora").values_list("account__key", flat=True)) == {
        "birch"
    }


def test_who_never_belonged_is_taken_off_from_now_on_and_put_back_as_they_were() -> None:
    cast = world.build()
    dora = {"key": "dora", "account": "elm", "roles": ["executive"], "stance": "champion", "influence": 4}
    put(dora, {"key": "gus", "account": "elm", "reports_to": "dora"}, vouched=True)
    put({"key": "dora", "account": "ash", "roles": ["it"], "since": TODAY - 5 * DAY})
    use("u1", "dora", NOW - 20 * DAY)
    told = [(s.account.key, s.roles, s.stance, s.influence) for s in _stakes("dora")]
    kept = belonging.take_off(person="dora", account="elm", by=TESTS, at=NOW + DAY)
    assert [stake.account.key for stake in _stakes("dora")] == ["ash"]
    assert _stakes("gus")[0].reports_to is None
    assert (where(), where(NOW + DAY)) == ([], ["elm"]), "as known before, they belonged there"
    assert said("person.removed") == [("dora", "")]
    belonging.put_back(kept=json.loads(json.dumps(kept)), by=TESTS, at=NOW + 2 * DAY)
    assert [(s.account.key, s.roles, s.stance, s.influence) for s in _stakes("dora")] == told
    assert _stakes("gus")[0].reports_to_id == Person.objects.get(key="dora").pk
    assert (where(), where(NOW + 2 * DAY)) == (["elm"], [])
    assert said("person.removed") == []
    with pytest.raises(errors.Conflict, match="again already"):
        belonging.put_back(kept=kept, by=TESTS, at=NOW + 3 * DAY)
    with pytest.raises(errors.NotFound):
        belonging.take_off(person="gus", account="elm", by=cast.scope("cleo"), at=NOW)
    deeds = AuditEntry.objects.filter(deed__in=["person.take_off", "person.put_back"]).order_by("pk")
    assert [entry.details["account"] for entry in deeds] == ["elm", "elm"]


def _stakes(person: str) -> list[Stakeholder]:
    rows = Stakeholder.objects.select_related("account", "reports_to").filter(person__key=person)
    return list(rows.order_by("account__key"))
