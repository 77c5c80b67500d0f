"""What keys mean is dated: as known then stays as it was, as known now follows."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, events, identity, people, relay
from keepwell.ledger.actions.identity import Alias
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, IdentityLink
from keepwell.ledger.queries import identity as reads
from keepwell.ledger.queries import touched, unresolved
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def use(event_id: str, account: str = "", person: str = "") -> None:
    used = Event(id=event_id, account=account, person=person, name="login", at=NOW - 5 * HOUR, source="app")
    events.append(events=[used], received_at=NOW)
    relay.all_waiting(at=NOW)


def seen(known_by: datetime | None = None) -> list[tuple[str, str]]:
    rows = frames.events(until=NOW, known_by=known_by, kind="usage").collect().to_native()
    keys = dict(Account.objects.values_list("pk", "key"))
    return sorted(
        (keys[account], person) for account, person in rows.select("account_id", "person").iter_rows()
    )


def test_a_key_that_is_linked_by_hand_counts_from_then_on_and_the_undo_takes_it_back() -> None:
    world.build()
    use("u1", account="elm-eu", person="dora")
    assert (seen(), unresolved.count()) == ([], 1)
    identity.link(key="elm-eu", account="elm", by=TESTS, at=NOW + HOUR)
    assert (seen(), unresolved.count()) == ([("elm", "dora")], 0)
    assert seen(NOW + HOUR) == []
    identity.unlink(key="elm-eu", by=TESTS, at=NOW + 2 * HOUR)
    assert (seen(), seen(NOW + 2 * HOUR)) == ([], [("elm", "dora")])


def test_a_key_linked_elsewhere_comes_back_with_the_undo() -> None:
    world.build()
    use("u1", account="elm-eu")
    identity.link(key="elm-eu", account="elm", by=TESTS, at=NOW + HOUR)
    identity.link(key="elm-eu", account="ash", by=TESTS, at=NOW + 2 * HOUR)
    assert seen() == [("ash", "")]
    identity.unlink(key="elm-eu", by=TESTS, at=NOW + 3 * HOUR)
    assert seen() == [("elm", "")]
    assert seen(NOW + 3 * HOUR) == [("ash", "")]


def test_an_account_of_its_own_is_not_linked_away_and_cleo_links_nothing_of_adas() -> None:
    cast = world.build()
    with pytest.raises(errors.Conflict, match="Merge the two"):
        identity.link(key="ash", account="elm", by=TESTS, at=NOW)
    with pytest.raises(errors.Forbidden):
        identity.link(key="x", account="elm", by=cast.scope("ada"), at=NOW)


def test_the_database_itself_keeps_a_key_from_meaning_two_accounts_at_a_time() -> None:
    cast = world.build()
    until = NOW + 2 * HOUR
    IdentityLink.objects.filter(key="elm").update(known_until=until)
    for known_from in (NOW, until - HOUR):
        with pytest.raises(IntegrityError), transaction.atomic():
            IdentityLink.objects.create(
                key="elm", account=cast.ash, linked_at=NOW, known_from=known_from, known_until=until
            )
    IdentityLink.objects.create(key="elm", account=cast.ash, linked_at=NOW, known_from=until)


def test_a_visitor_who_becomes_known_is_one_person_from_then_on() -> None:
    cast = world.build()
    people.upsert(rows=[{"key": "u1", "account": "elm"}], source="crm", by=TESTS, at=NOW, vouched=True)
    use("e1", person="browser-1")
    use("e2", account="elm", person="u1")
    use("e3", account="ash", person="browser-1")
    mark = touched.after(batch=0).batch
    assert identity.alias(aliases=[Alias("browser-1", "u1")], source="app", at=NOW + HOUR) == [""]
    relay.all_waiting(at=NOW)
    assert seen() == [("ash", "u1"), ("elm", "u1"), ("elm", "u1")]
    assert seen(NOW + HOUR) == [("ash", "browser-1"), ("elm", "u1")]
    assert set(touched.after(batch=mark).since) == {cast.elm.pk, cast.ash.pk}


def test_chains_are_followed_loops_refused_and_strangers_too() -> None:
    world.build()
    people.upsert(
        rows=[{"key": key} for key in ("b", "c", "d")], source="crm", by=TESTS, at=NOW, vouched=True
    )
    said = identity.alias(aliases=[Alias("a", "b"), Alias("b", "c"), Alias("c", "a")], source="app", at=NOW)
    assert said == ["", "", 'person "a" is not known.']
    assert reads.aliases() == {"a": "c", "b": "c"}
    assert reads.raw_keys(of=["b"]) == {"a", "b", "c"}
    assert identity.alias(aliases=[Alias("c", "b")], source="app", at=NOW + HOUR) == [
        '"b" already means "c": the two would mean each other.'
    ]
    identity.alias(aliases=[Alias("a", "d", firm=False)], source="app", at=NOW + HOUR)
    assert reads.aliases()["a"] == "c", "a shared computer joins no two people"
    identity.alias(aliases=[Alias("a", "d")], source="app", at=NOW + HOUR)
    assert (reads.aliases()["a"], reads.aliases(known_by=NOW + HOUR)["a"]) == ("d", "c")


def test_a_person_who_joins_a_second_account_changes_nothing_as_known_before() -> None:
    world.build()
    people.upsert(rows=[{"key": "u1", "account": "elm"}], source="crm", by=TESTS, at=NOW, vouched=True)
    use("e1", person="u1")
    people.upsert(
        rows=[{"key": "u1", "account": "ash"}], source="crm", by=TESTS, at=NOW + HOUR, vouched=False
    )
    assert (seen(NOW + HOUR), seen()) == ([("elm", "u1")], [])


def test_new_accounts_do_not_take_a_key_that_means_another() -> None:
    cast = world.build()
    identity.link(key="elm-eu", account="elm", by=TESTS, at=NOW)
    (verdict,) = accounts.upsert(
        rows=[{"key": "elm-eu"}], source="crm", by=TESTS, at=NOW + HOUR, vouched=False
    )
    assert verdict == ("rejected", '"elm-eu" already means the account "elm". Unlink it there first.')
    assert reads.resolve(["elm-eu"]) == {"elm-eu": cast.elm.pk}
