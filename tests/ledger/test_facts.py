"""Rows of facts: upserted by key, corrected without losing what was known before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, contracts, events, people, relay, surveys, tickets, touchpoints
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, IdentityLink, Stakeholder
from keepwell.ledger.queries import accounts as reads
from keepwell.ledger.queries import timeline, touched
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 6, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def names(until: datetime = LATER, known_by: datetime | None = None) -> list[str]:
    rows = frames.events(until=until, known_by=known_by, kind="fact").collect().to_native()
    return sorted(n for n in rows["name"].to_list() if n.startswith("ticket"))


def put(at: datetime, **row: object) -> str:
    rows = [{"key": "t1", "account": "birch", **row}]
    verdict = tickets.upsert(rows=rows, source="desk", by=TESTS, at=at, vouched=False)[0]
    relay.all_waiting(at=at)
    return verdict.outcome


def test_a_ticket_lives_without_rewriting_its_past() -> None:
    world.build()
    assert put(NOW, opened_at=OPENED) == "created"
    assert put(NOW, opened_at=OPENED) == "unchanged"
    assert put(LATER, resolved_at=OPENED + timedelta(hours=5)) == "updated"
    assert names() == ["ticket.opened", "ticket.resolved"]


def test_a_correction_counts_from_now_and_not_for_what_was_known_before() -> None:
    world.build()
    put(NOW, opened_at=OPENED, escalated=True)
    assert put(LATER, escalated=False) == "updated"
    assert names(LATER + timedelta(days=1)) == ["ticket.opened"]
    assert names(LATER + timedelta(days=1), known_by=LATER) == ["ticket.escalated", "ticket.opened"]
    put(LATER + timedelta(days=1), escalated=True)
    assert names(LATER + timedelta(days=2)) == ["ticket.escalated", "ticket.opened"]


def test_a_row_for_an_unknown_account_is_refused_with_advice() -> None:
    world.build()
    rows = [
        {"key": "t1", "account": "oak", "opened_at": OPENED},
        {"key": "t2", "account": "birch", "opened_at": OPENED},
    ]
    verdicts = tickets.upsert(rows=rows, source="desk", by=TESTS, at=NOW, vouched=False)
    assert [v.outcome for v in verdicts] == ["rejected", "created"]
    assert 'account "oak" is not known' in verdicts[0].reason


def test_a_contract_gives_its_account_arr_and_renewal_and_its_key() -> None:
    cast = world.build()
    terms = {
        "arr": 1200,
        "currency": "USD",
        "seats": 10,
        "start_date": date(2026, 1, 1),
        "end_date": date(2026, 12, 31),
    }
    contracts.upsert(
        rows=[{"key": "c1", "account": "elm", **terms}], source="crm", by=TESTS, at=NOW, vouched=True
    )
    account = Account.objects.get(pk=cast.elm.pk)
    assert (account.arr_amount, account.arr_currency, account.renewal_date) == (
        1200,
        "USD",
        date(2026, 12, 31),
    )
    assert IdentityLink.objects.get(key="contract:c1").account_id == cast.elm.pk
    assert put(NOW, account="contract:c1", opened_at=OPENED) == "created"


def test_new_terms_are_a_change_from_now_on() -> None:
    world.build()
    row = {
        "key": "c1",
        "account": "elm",
        "arr": 1200,
        "currency": "USD",
        "seats": 10,
        "start_date": date(2026, 1, 1),
    }
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW, vouched=True)
    contracts.upsert(rows=[row | {"seats": 40, "arr": 4800}], source="crm", by=TESTS, at=LATER, vouched=True)
    relay.all_waiting(at=LATER)
    frame = frames.contracts(until=LATER + timedelta(hours=1)).collect().to_native().sort("at")
    assert frame["seats"].to_list() == [10, 40]
    assert frame["at"].to_list() == [datetime(2026, 1, 1, tzinfo=UTC), LATER]


def test_two_currencies_have_no_one_arr() -> None:
    cast = world.build()
    base = {"account": "elm", "arr": 100, "start_date": date(2026, 1, 1)}
    rows = [{"key": "c1", "currency": "USD", **base}, {"key": "c2", "currency": "EUR", **base}]
    contracts.upsert(rows=rows, source="crm", by=TESTS, at=NOW, vouched=True)
    assert reads.find(key="elm", seen_by=cast.scope("ada")).arr is None


def test_a_person_in_two_accounts_keeps_both_places() -> None:
    cast = world.build()
    for account in ("birch", "elm"):
        people.upsert(
            rows=[{"key": "dora", "name": "Dora", "account": account, "role": "executive"}],
            source="crm",
            by=TESTS,
            at=NOW,
            vouched=False,
        )
    assert set(Stakeholder.objects.values_list("account", flat=True)) == {cast.birch.pk, cast.elm.pk}


def test_only_a_review_that_was_held_says_whether_an_executive_came() -> None:
    cast = world.build()
    rows = [
        {
            "key": "r1",
            "account": "elm",
            "kind": "review",
            "held_at": OPENED,
            "executive_attended": True,
            "minutes": 45.0,
        },
        {"key": "r2", "account": "elm", "kind": "review", "held_at": OPENED, "declined": True},
        {
            "key": "c1",
            "account": "elm",
            "kind": "call",
            "held_at": OPENED + timedelta(days=1),
            "minutes": 10.0,
        },
    ]
    touchpoints.upsert(rows=rows, source="cal", by=TESTS, at=NOW, vouched=False)
    relay.all_waiting(at=NOW)
    shown = timeline.of_account(account_id=cast.elm.pk, seen_by=cast.scope("ben"), until=LATER)
    assert sorted(item.name for item in shown) == [
        "account.created",
        "review.held",
        "touchpoint.declined",
        "touchpoint.held",
        "touchpoint.held",
    ]
    assert Account.objects.get(pk=cast.elm.pk).last_touch_at == OPENED + timedelta(days=1)


def test_cleo_sees_nothing_of_adas_book() -> None:
    cast = world.build()
    row = {"key": "s1", "account": "ash", "kind": "nps", "score": 3.0, "answered_at": OPENED}
    surveys.upsert(rows=[row], source="nps", by=TESTS, at=NOW, vouched=False)
    relay.all_waiting(at=NOW)
    assert reads.count(seen_by=cast.scope("ada")) == reads.count(seen_by=cast.scope("ben")) == 4
    assert reads.count(seen_by=cast.scope("cleo")) == 0
    assert timeline.of_account(account_id=cast.ash.pk, seen_by=cast.scope("cleo"), until=LATER) == ()
    assert len(timeline.of_account(account_id=cast.ash.pk, seen_by=cast.scope("root"), until=LATER)) == 2


def test_an_account_without_a_since_day_is_born_when_it_became_known() -> None:
    accounts.upsert(rows=[{"key": "new", "name": "🌱 نبتة"}], source="crm", by=TESTS, at=NOW, vouched=True)
    relay.all_waiting(at=NOW)
    born = frames.events(until=LATER).collect().to_native()
    assert born["at"].to_list() == [NOW]


def test_a_row_that_turns_out_to_be_anothers_moves_with_its_events() -> None:
    cast = world.build()
    put(NOW, opened_at=OPENED)
    put(LATER, account="elm")
    after = LATER + timedelta(days=1)
    found = frames.events(until=after, names=["ticket.opened"]).collect().to_native()
    assert found["account_id"].to_list() == [cast.elm.pk]
    before = frames.events(until=after, known_by=LATER, names=["ticket.opened"]).collect().to_native()
    assert before["account_id"].to_list() == [cast.birch.pk]
    taken_back = frames.events(until=after, names=["event.retracted"]).collect().to_native()
    assert taken_back["account_id"].to_list() == [cast.birch.pk], "the account it left is told"


def test_a_contract_that_turns_out_to_be_anothers_takes_its_usage_along() -> None:
    cast = world.build()
    row = {
        "key": "c1",
        "account": "elm",
        "arr": 1200,
        "currency": "USD",
        "seats": 10,
        "start_date": date(2026, 1, 1),
    }
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW, vouched=True)
    used = Event(id="u", account="contract:c1", name="login", at=OPENED, source="app")
    events.append(events=[used], received_at=NOW)
    contracts.upsert(rows=[{"key": "c1", "account": "ash"}], source="crm", by=TESTS, at=LATER, vouched=True)
    relay.all_waiting(at=LATER)
    assert set(touched.after(batch=0).since) >= {cast.elm.pk, cast.ash.pk}
    usage = frames.events(until=LATER, kind="usage").collect().to_native()
    assert usage["account_id"].to_list() == [cast.ash.pk]
    terms = frames.contracts(until=LATER + timedelta(days=1)).collect().to_native()
    assert set(terms["account_id"].to_list()) == {cast.ash.pk}
    arr = {account.key: account.arr_amount for account in Account.objects.all()}
    assert (arr["elm"], arr["ash"]) == (None, 1200)
