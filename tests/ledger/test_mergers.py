"""Organisations change: nothing is lost, nothing that was known before is touched, and all can be taken back."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from keepwell.kernel import errors
from keepwell.kernel.moments import end_of
from keepwell.ledger import frames
from keepwell.ledger.actions import contracts, events, hierarchy, identity, mergers, people, relay, tickets
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, AccountDomain, Contract, Stakeholder, Ticket
from keepwell.ledger.queries import accounts as reads
from keepwell.ledger.queries import mergers as views
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=400)
# What is said about the keeping of the ledger itself.
KEEPING = ("identity.linked", "event.retracted", "account.merged", "account.split")


def use(event_id: str, account: str = "", person: str = "", *, at: datetime = NOW) -> None:
    used = Event(id=event_id, account=account, person=person, name="login", at=NOW - HOUR, source="app")
    events.append(events=[used], received_at=at)


def told(known_by: datetime | None = None) -> pl.DataFrame:
    """What is known about accounts, but for the keeping of the ledger."""
    relay.all_waiting(at=NOW)
    rows = frames.events(until=LATER, known_by=known_by).to_native().filter(~pl.col("name").is_in(KEEPING))
    return rows.select("id", "account_id", "person", "name", "at", "value").sort("id").collect()


def rows() -> dict[str, Any]:
    """What stands in the tables."""
    return {
        "contracts": sorted(Contract.objects.values_list("key", "account__key")),
        "tickets": sorted(Ticket.objects.values_list("key", "account__key")),
        "people": sorted(Stakeholder.objects.values_list("person__key", "account__key")),
        "domains": sorted(AccountDomain.objects.values_list("domain", "account__key")),
        "accounts": sorted(
            Account.objects.values_list("key", "arr_amount", "renewal_date", "former", "merged_into__key")
        ),
    }


def setting() -> world.World:
    cast = world.build()
    given: dict[str, Any] = {"source": "crm", "by": TESTS, "at": NOW, "vouched": False}
    terms = {"arr": 1200, "currency": "USD", "start_date": date(2026, 1, 1)}
    contracts.upsert(
        rows=[{"key": "c1", "account": "elm", **terms}, {"key": "c2", "account": "ash", **terms}], **given
    )
    tickets.upsert(rows=[{"key": "t1", "account": "ash", "opened_at": NOW - HOUR}], **given)
    people.upsert(rows=[{"key": "dora", "account": "ash"}, {"key": "eve", "account": "elm"}], **given)
    use("u1", "ash")
    use("u2", person="dora")
    use("u3", "contract:c2")
    use("u4", "elm", "eve")
    return cast


def at_elm(known_by: datetime | None = None) -> int:
    keys = dict(Account.objects.values_list("pk", "key"))
    return sum(keys[pk] == "elm" for pk in told(known_by).filter(name="login")["account_id"])


def test_a_merger_moves_keys_rows_and_people_and_the_account_is_no_customer_any_more() -> None:
    cast = setting()
    relay.all_waiting(at=NOW)
    preview = views.merge_preview(source="ash", target="elm", on=NOW.date(), seen_by=TESTS)
    assert (preview.rows, preview.people) == ({"contract": 1, "ticket": 1}, 1)
    assert (preview.keys, preview.events) == (
        ("ash", "contract:c2"),
        told().filter(account_id=cast.ash.pk).height + 1,
    )
    assert (str(preview.arr[0]), str(preview.arr_after[0])) == ("$1,200", "$2,400")
    before = told()
    mergers.merge(source="ash", target="elm", by=TESTS, at=NOW + HOUR)
    assert (at_elm(), at_elm(NOW + HOUR)) == (4, 1)
    assert_frame_equal(told(NOW + HOUR), before)
    elm, ash = (Account.objects.get(key=key) for key in ("elm", "ash"))
    assert (elm.arr_amount, ash.arr_amount, ash.former, ash.merged_into) == (2400, None, True, cast.elm)
    assert reads.find(key="ash", seen_by=TESTS).merged_into == "elm"
    use("u5", "ash", at=NOW + 2 * HOUR)
    tickets.upsert(
        rows=[{"key": "t2", "account": "ash", "opened_at": NOW}],
        source="crm",
        by=TESTS,
        at=NOW,
        vouched=False,
    )
    assert at_elm() == 5, "what comes late arrives where the account went"
    assert Ticket.objects.get(key="t2").account == cast.elm


def test_the_undo_of_a_merger_is_the_state_before() -> None:
    setting()
    before, stood = told(), rows()
    number = mergers.merge(source="ash", target="elm", by=TESTS, at=NOW + HOUR)
    merged = told()
    mergers.undo(number=number, by=TESTS, at=NOW + 2 * HOUR)
    assert_frame_equal(told(), before)
    assert rows() == stood
    assert_frame_equal(told(NOW + 2 * HOUR), merged)
    with pytest.raises(errors.Conflict, match="already"):
        mergers.undo(number=number, by=TESTS, at=NOW + 3 * HOUR)


def test_a_chain_of_mergers_leads_to_the_last_and_is_undone_from_its_end() -> None:
    setting()
    first = mergers.merge(source="ash", target="elm", by=TESTS, at=NOW + HOUR)
    between = told()
    second = mergers.merge(source="elm", target="birch", by=TESTS, at=NOW + 2 * HOUR)
    keys = dict(Account.objects.values_list("pk", "key"))
    assert {keys[pk] for pk in told().filter(name="login")["account_id"]} == {"birch"}
    with pytest.raises(errors.Conflict, match=f"Number {second}"):
        mergers.undo(number=first, by=TESTS, at=NOW + 3 * HOUR)
    with pytest.raises(errors.Conflict, match='merged into "elm"'):
        mergers.merge(source="ash", target="willow", by=TESTS, at=NOW + 3 * HOUR)
    mergers.undo(number=second, by=TESTS, at=NOW + 3 * HOUR)
    assert_frame_equal(told(), between)


def test_a_split_takes_contracts_people_and_keys_along_and_its_undo_brings_all_back() -> None:
    setting()
    before, stood = told(), rows()
    number = mergers.split(
        source="ash",
        key="ash-labs",
        name="Ash Labs",
        contracts=["c2"],
        people=["dora"],
        by=TESTS,
        at=NOW + HOUR,
    )
    labs = Account.objects.get(key="ash-labs")
    assert told().filter(name="login", account_id=labs.pk).height == 2
    assert Contract.objects.get(key="c2").account == labs
    assert_frame_equal(told(NOW + HOUR), before)
    use("u9", "ash-labs", at=NOW + HOUR)
    mergers.undo(number=number, by=TESTS, at=NOW + 2 * HOUR)
    after = told()
    late = after.filter(~pl.col("id").is_in(before["id"].implode()))
    assert late["account_id"].to_list() == [Account.objects.get(key="ash").pk], "what came since is not lost"
    assert_frame_equal(after.join(late, on="id", how="anti"), before)
    assert rows()["contracts"] == stood["contracts"]
    assert Account.objects.get(key="ash-labs").former


def test_only_what_belongs_to_the_account_can_be_chosen() -> None:
    cast = setting()
    with pytest.raises(errors.Invalid, match='no contract "c1"'):
        mergers.split(source="ash", key="x", name="", contracts=["c1"], by=TESTS, at=NOW)
    with pytest.raises(errors.Invalid, match="Choose what"):
        mergers.split(source="ash", key="x", name="", by=TESTS, at=NOW)
    with pytest.raises(errors.Forbidden):
        mergers.merge(source="ash", target="elm", by=cast.scope("ada"), at=NOW)
    with pytest.raises(errors.NotFound):
        mergers.merge(source="ash", target="nobody", by=TESTS, at=NOW)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "undo", "split", "use", "contract", "ticket", "person", "alias", "move"]),
        st.sampled_from(["birch", "willow", "elm", "ash"]),
        st.sampled_from(["birch", "willow", "elm", "ash"]),
        st.integers(0, 3),
    ),
    min_size=2,
    max_size=9,
)


def do(n: int, deed: tuple[str, str, str, int], at: datetime, made: list[int]) -> None:
    kind, one, other, digit = deed
    given: dict[str, Any] = {"source": "crm", "by": TESTS, "at": at, "vouched": False}
    try:
        match kind:
            case "merge":
                made.append(mergers.merge(source=one, target=other, by=TESTS, at=at))
            case "undo" if made:
                mergers.undo(number=made[digit % len(made)], by=TESTS, at=at)
            case "split":
                made.append(
                    mergers.split(source=one, key=f"new{n}", name="", people=[f"p{digit}"], by=TESTS, at=at)
                )
            case "use":
                use(f"use{n}", one if digit else "", f"p{digit}", at=at)
            case "contract":
                row = {"key": f"c{digit}", "account": one, "arr": 10, "start_date": date(2026, 1, 1)}
                contracts.upsert(rows=[row], **given)
            case "ticket":
                tickets.upsert(rows=[{"key": f"t{digit}", "account": one, "opened_at": NOW - HOUR}], **given)
            case "person":
                people.upsert(rows=[{"key": f"p{digit}", "account": one}], **given)
            case "alias":
                identity.alias(aliases=[identity.Alias(f"p{n % 4}", f"p{digit}")], source="crm", at=at)
            case "move":
                deed_row = hierarchy.place(
                    child=one, parent=other, kind="legal", since=at.date(), by=TESTS, at=at
                )
                made.append(deed_row.pk)
    except errors.Refused:
        pass


@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(deeds=DEEDS)
def test_nothing_that_is_done_later_changes_what_was_known_before(
    deeds: list[tuple[str, str, str, int]], settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from django.db import transaction

    settings.KEEPWELL_DATA = tmp_path_factory.mktemp("lake")
    with transaction.atomic():
        setting()
        seen: list[tuple[datetime, pl.DataFrame]] = [(NOW + HOUR, told(NOW + HOUR))]
        made: list[int] = []
        for n, deed in enumerate(deeds, 1):
            at = NOW + (n + 1) * HOUR
            do(n, deed, at, made)
            for known_by, found in seen:
                assert_frame_equal(told(known_by), found)
            seen.append((at + HOUR / 2, told(at + HOUR / 2)))
            assert_frame_equal(told(at + HOUR / 2), told())
        transaction.set_rollback(True)


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(deeds=DEEDS, pair=st.permutations(["birch", "willow", "elm", "ash"]))
def test_whatever_happened_before_a_merger_and_its_undo_leave_no_trace(
    deeds: list[tuple[str, str, str, int]],
    pair: list[str],
    settings: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from django.db import transaction

    settings.KEEPWELL_DATA = tmp_path_factory.mktemp("lake")
    with transaction.atomic():
        setting()
        made: list[int] = []
        for n, deed in enumerate(deeds, 1):
            do(n, deed, NOW + n * HOUR, made)
        before, stood = told(), rows()
        at = NOW + 100 * HOUR
        try:
            number = mergers.merge(source=pair[0], target=pair[1], by=TESTS, at=at)
        except errors.Refused:
            transaction.set_rollback(True)
            return
        mergers.undo(number=number, by=TESTS, at=at + HOUR)
        assert_frame_equal(told(), before)
        assert rows() == stood
        transaction.set_rollback(True)


def test_the_day_of_a_merger_is_known() -> None:
    setting()
    mergers.merge(source="ash", target="elm", by=TESTS, at=NOW + HOUR)
    relay.all_waiting(at=NOW)
    found = frames.events(until=end_of(NOW.date()), names=["account.merged"])
    assert found.collect().to_native()["feature"].to_list() == ["ash"]
