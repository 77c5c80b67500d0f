"""An import is undone as far as it stands, a dry run tells what would change, and what was known before stays."""

from datetime import UTC, datetime, timedelta

import pytest

from keepwell.access.models import AuditEntry
from keepwell.intake.actions import imports, records, undoing
from keepwell.intake.queries import changes
from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger import models as ledger
from keepwell.ledger.actions import relay
from tests import world
from tests.intake.files import found, imported, started
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)
ACCOUNTS = "key,name,industry\nbirch,Birch,Timber\nelm,Elm,Paper\n"


def undone(batch_id: int, at: datetime = LATER) -> changes.UndoView:
    undo_id = undoing.start(batch_id=batch_id, by=TESTS, at=at)
    undoing.run(undo_id=undo_id, at=at)
    return changes.undo(batch_id=batch_id, seen_by=TESTS)


def told(undo: changes.UndoView) -> tuple[str, int, int, int]:
    return undo.state, undo.removed, undo.restored, undo.left


def names(known_by: datetime | None = None) -> list[str]:
    relay.all_waiting(at=LATER)
    seen = frames.events(until=LATER + timedelta(days=1), known_by=known_by).collect()
    return sorted(n for n in seen["name"].to_list() if n.startswith("ticket."))


def test_rows_that_an_import_created_go_and_those_it_changed_get_their_former_values():
    imported("accounts", ACCOUNTS)
    imported("tickets", "key,account,subject,opened_at,colour\nt1,birch,Login,2026-06-01,red\n")
    second = imported(
        "tickets",
        "key,account,subject,opened_at,colour\nt1,birch,Sign-in,2026-06-02,blue\nt2,elm,Export,2026-06-03,\n",
    )
    [change] = changes.listed(batch_id=second.batch_id, what="changed", seen_by=TESTS)
    assert change.key == "t1"
    assert ("subject", "Login", "Sign-in") in change.fields
    assert ("colour", "red", "blue") in change.fields
    assert told(undone(second.batch_id)) == ("done", 1, 1, 0)
    ticket = ledger.Ticket.objects.get()
    assert (ticket.key, ticket.subject, ticket.opened_at, ticket.fields) == (
        "t1",
        "Login",
        datetime(2026, 6, 1, tzinfo=UTC),
        {"colour": "red"},
    )
    assert names() == ["ticket.opened"]
    assert names(known_by=LATER) == ["ticket.opened", "ticket.opened"]
    assert AuditEntry.objects.filter(deed="import.undo").count() == 1
    with pytest.raises(errors.Conflict):
        undoing.start(batch_id=second.batch_id, by=TESTS, at=LATER)


def test_what_changed_again_since_is_left_and_told():
    imported("accounts", ACCOUNTS)
    batch = imported("tickets", "key,account,opened_at\nt1,birch,2026-06-01\nt2,elm,2026-06-03\n")
    records.update(kind="tickets", key="t2", said={"subject": "By hand"}, source="web", by=TESTS, at=NOW)
    undo = undone(batch.batch_id)
    assert told(undo) == ("done", 1, 0, 1)
    [left] = changes.listed(batch_id=batch.batch_id, what="left", seen_by=TESTS)
    assert (left.key, left.reason) == ("t2", "changed again since")
    assert ledger.Ticket.objects.get().key == "t2"


def test_another_field_that_changed_since_does_not_hold_an_undo_up():
    imported("accounts", ACCOUNTS)
    batch = imported("accounts", "key,industry\nbirch,Logging\n")
    records.update(kind="accounts", key="birch", said={"country": "Norway"}, source="web", by=TESTS, at=NOW)
    assert told(undone(batch.batch_id)) == ("done", 0, 1, 0)
    birch = ledger.Account.objects.get(key="birch")
    assert (birch.industry, birch.country) == ("Timber", "Norway")


def test_accounts_go_with_their_own_terms_unless_they_hold_something_by_now():
    batch = imported(
        "accounts", "key,since,arr,renewal_date\nbirch,2025-01-06,1200,2027-01-06\nelm,2025-01-06,,\n"
    )
    imported("tickets", "key,account,opened_at\nt1,elm,2026-06-01\n")
    undo = undone(batch.batch_id)
    assert told(undo) == ("done", 2, 0, 1)
    assert [account.key for account in ledger.Account.objects.all()] == ["elm"]
    assert not ledger.Contract.objects.exists()
    [left] = changes.listed(batch_id=batch.batch_id, what="left", seen_by=TESTS)
    assert left.reason == "it has tickets by now"


def test_arr_that_a_file_of_accounts_changed_is_given_back():
    imported("accounts", "key,since,arr,renewal_date\nbirch,2025-01-06,1200,2027-01-06\n")
    batch = imported("accounts", "key,since,arr,renewal_date\nbirch,2025-01-06,1,2027-01-06\n")
    assert told(undone(batch.batch_id)) == ("done", 0, 1, 0)
    assert ledger.Contract.objects.get().arr == 1200


def test_an_import_of_events_is_undone_by_its_origin_and_may_be_imported_again():
    imported("accounts", ACCOUNTS)
    first = imported(
        "events", "id,account,name,at\ne1,birch,ticket.wrong,2026-06-01\ne2,elm,ticket.b,2026-06-01\n"
    )
    undo_id = undoing.start(batch_id=first.batch_id, by=TESTS, at=LATER)
    undoing.run(undo_id=undo_id, at=LATER)
    assert changes.undo(batch_id=first.batch_id, seen_by=TESTS).state == "queued"
    assert names() == ["ticket.b", "ticket.wrong"]
    undoing.run(undo_id=undo_id, at=LATER)
    assert told(changes.undo(batch_id=first.batch_id, seen_by=TESTS)) == ("done", 2, 0, 0)
    assert names() == []
    assert names(known_by=LATER) == ["ticket.b", "ticket.wrong"]
    again = imported("events", "id,account,name,at\ne1,birch,ticket.right,2026-06-01\n")
    assert again.created == 1
    assert names() == ["ticket.right"]


def test_a_dry_run_tells_what_would_change_and_writes_nothing():
    imported("accounts", ACCOUNTS)
    batch_id = started("accounts", "key,name,industry\nbirch,Birch Ltd,Timber\noak,Oak,Wood\n", dry_run=True)
    imports.run(batch_id=batch_id, at=NOW)
    [change] = changes.listed(batch_id=batch_id, what="changed", seen_by=TESTS)
    assert (change.key, change.fields) == ("birch", (("name", "Birch", "Birch Ltd"),))
    assert [new.key for new in changes.listed(batch_id=batch_id, what="created", seen_by=TESTS)] == ["oak"]
    assert changes.counts(batch_id=batch_id, seen_by=TESTS) == {"created": 1, "changed": 1, "owners": 0}
    assert not ledger.Account.objects.filter(key="oak").exists()
    with pytest.raises(errors.Conflict, match="written nothing"):
        undoing.start(batch_id=batch_id, by=TESTS, at=NOW)
    assert found(batch_id).state == "done"


def test_rates_that_an_import_told_go_and_those_it_corrected_come_back():
    imported("rates", "currency,day,rate,base\nEUR,2026-01-01,1.10,USD\nGBP,2026-01-01,1.30,USD\n")
    second = imported("rates", "currency,day,rate,base\nEUR,2026-01-01,1.25,USD\nEUR,2026-02-01,1.20,USD\n")
    third = imported("rates", "currency,day,rate,base\nGBP,2026-01-01,1.40,USD\nCHF,2026-01-01,1.1,USD\n")
    [change] = changes.listed(batch_id=second.batch_id, what="changed", seen_by=TESTS)
    assert (change.key, change.fields) == ("EUR/USD 2026-01-01", (("rate", "1.1", "1.25"),))
    assert told(undone(second.batch_id)) == ("done", 1, 1, 0)
    rates = {str(rate): float(rate.rate) for rate in ledger.ExchangeRate.objects.all()}
    assert rates == {"EUR/USD 2026-01-01": 1.1, "GBP/USD 2026-01-01": 1.4, "CHF/USD 2026-01-01": 1.1}
    imported("rates", "currency,day,rate,base\nGBP,2026-01-01,1.50,USD\nCHF,2026-01-01,1.2,USD\n")
    assert told(undone(third.batch_id)) == ("done", 0, 0, 2)
    left = changes.listed(batch_id=third.batch_id, what="left", seen_by=TESTS)
    assert {(one.key, one.reason) for one in left} == {
        ("GBP/USD 2026-01-01", "rate changed again since"),
        ("CHF/USD 2026-01-01", "changed again since"),
    }


def places(known_by: datetime | None = None) -> list[tuple[str, str]]:
    relay.all_waiting(at=LATER)
    found = frames.events(
        until=LATER + timedelta(days=1), known_by=known_by, names=["person.joined", "role.changed"]
    )
    rows = found.collect().to_native()
    accounts = dict(ledger.Account.objects.values_list("pk", "key"))
    return sorted((row["name"], accounts[row["account_id"]]) for row in rows.iter_rows(named=True))


def test_places_that_an_import_gave_to_people_who_were_known_are_taken_back():
    imported("accounts", ACCOUNTS)
    imported("people", "key,name,account,role\ndora,Dora,birch,executive\n")
    imported("people", "key,name\nemil,Emil\n")
    before = places()
    batch = imported("people", "key,name,account,role\ndora,Dora B,elm,end user\nemil,Emil,elm,IT\n")
    assert len(places()) == len(before) + 4
    assert told(undone(batch.batch_id)) == ("done", 0, 3, 0)
    assert places() == before
    assert len(places(known_by=LATER)) == len(before) + 4
    stands = ledger.Stakeholder.objects.values_list("person__key", "person__name", "account__key")
    assert list(stands) == [("dora", "Dora", "birch")]
    assert ledger.Person.objects.get(key="emil").name == "Emil"
    assert ledger.Placement.objects.filter(known_until=None).count() == 1
    assert not changes.listed(batch_id=batch.batch_id, what="left", seen_by=TESTS)


def test_a_place_that_changed_since_is_left_and_told():
    imported("accounts", ACCOUNTS)
    imported("people", "key,name\ndora,Dora\n")
    batch = imported("people", "key,account,role\ndora,elm,IT\n")
    imported("people", "key,account,role\ndora,elm,executive\n")
    assert told(undone(batch.batch_id)) == ("done", 0, 0, 1)
    [left] = changes.listed(batch_id=batch.batch_id, what="left", seen_by=TESTS)
    assert (left.key, left.reason) == ("dora @ elm", "roles changed again since")


def test_owners_and_terms_that_an_import_gave_first_are_taken_back():
    cast = world.build()
    ledger.Ownership.objects.filter(account=cast.elm).delete()
    batch = imported(
        "accounts",
        "key,owner,arr,currency,since,renewal_date\nelm,ben@fernhill.test,900,EUR,2025-01-06,2027-01-06\n",
    )
    assert ledger.Account.objects.get(key="elm").arr_amount == 900
    undo = undone(batch.batch_id)
    assert [one.reason for one in changes.listed(batch_id=batch.batch_id, what="left", seen_by=TESTS)] == []
    assert told(undo) == ("done", 1, 1, 0)
    assert ledger.Account.objects.get(key="elm").arr_amount is None
    assert not ledger.Ownership.objects.filter(account=cast.elm, until=None).exists()
