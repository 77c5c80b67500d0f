"""Contracts as a person renews, expands and reduces them: the terms, the movements, the facts, and taking it back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from keepwell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from keepwell.ledger import frames
from keepwell.ledger.actions import amendments, contracts, relay
from keepwell.ledger.amending import Given, later
from keepwell.ledger.models import Contract
from keepwell.ledger.queries import amendments as read
from keepwell.ledger.queries import movements
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START, END = date(2026, 1, 1), TODAY + 40 * DAY
WHY = {"renewed": "value_seen", "expanded": "new_module", "reduced": "little_use", "not_renewed": "price"}


@pytest.fixture
def cast(db: None) -> world.World:
    built = world.build()
    row = {
        "key": "c1", "account": "elm", "currency": "USD", "start_date": START, "end_date": END, "arr": 1000,
        "seats": 20, "products": ["Core"],
    }  # fmt: skip
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW - 30 * DAY, vouched=True)
    relay.all_waiting(at=NOW)
    return built


def given(kind: str, amount: int | None = None, **more: Any) -> Given:
    asked = {"contract": "c1", "reason": WHY[kind]} | more
    return Given(kind=kind, amount=None if amount is None else Decimal(amount), **asked)


def amend(cast: world.World, said: Given, at: Any = NOW) -> int:
    """Do it, and see that the movement is the one that was foretold."""
    told = read.effect(account="elm", given=said, seen_by=cast.scope("ada"), today=at.date())
    number = amendments.amend(account="elm", given=said, by=cast.scope("ada"), at=at)
    relay.all_waiting(at=at)
    came = [one for one in moved(cast) if one[2] == told.on]
    assert came == ([(told.kind, int(told.amount.amount), told.on)] if told.kind else [])
    return number


def moved(cast: world.World) -> list[tuple[str, int, date]]:
    found = movements.of_book(seen_by=cast.scope("ada"), account="elm", until=TODAY + 900 * DAY)
    return [(one.kind, int(one.amount.amount), one.day) for one in found]


def facts() -> list[tuple[str, float | None, str, date]]:
    names = [f"contract.{kind}" for kind in WHY]
    told = frames.events(until=NOW + 900 * DAY, names=names, kind="fact").collect("polars").to_native()
    return [
        (row["name"], row["value"], row["feature"], row["at"].date()) for row in told.iter_rows(named=True)
    ]


def test_a_renewal_follows_the_contract_moves_by_the_difference_and_is_a_fact(cast: world.World) -> None:
    number = amend(cast, given("renewed", 1200, months=12, seats=25))
    assert moved(cast) == [
        ("new", 1000, START), ("expansion", 200, END), ("churn", -1200, later(END, 12)),
    ]  # fmt: skip
    assert facts() == [("contract.renewed", 1200.0, "value_seen", TODAY)]
    one = read.find(amendment=number, seen_by=cast.scope("ada"))
    assert (str(one.before), str(one.after), str(one.change)) == ("$1,000", "$1,200", "$200")
    made = Contract.objects.get(key=one.successor)
    assert (made.start_date, made.end_date, made.seats, made.products) == (END, later(END, 12), 25, ["Core"])
    with pytest.raises(Conflict, match="renewed already"):
        amend(cast, given("renewed", 1200, months=12))
    amendments.take_back(amendment=number, by=cast.scope("ada"), at=NOW + DAY)
    relay.all_waiting(at=NOW + DAY)
    assert moved(cast) == [("new", 1000, START), ("churn", -1000, END)]
    assert facts() == []
    with pytest.raises(Conflict, match="already"):
        amendments.take_back(amendment=number, by=cast.scope("ada"), at=NOW + DAY)
    amend(cast, given("renewed", 1000, months=24), at=NOW + 2 * DAY)
    assert [kind for kind, _, day in moved(cast) if day == END] == []


def test_more_is_agreed_from_a_day_and_taken_back(cast: world.World) -> None:
    first = amend(cast, given("expanded", 75, on=date(2026, 6, 1), seats=5, products=("Module",)))
    assert moved(cast)[1] == ("expansion", 75, date(2026, 6, 1))
    assert facts() == [("contract.expanded", 75.0, "new_module", TODAY)]
    row = Contract.objects.get(key="c1")
    assert (row.arr, row.seats, row.products) == (Decimal(1075), 25, ["Core", "Module"])
    second = amend(cast, given("expanded", 25), at=NOW + timedelta(hours=1))
    assert Contract.objects.get(key="c1").arr == 1100
    with pytest.raises(Conflict, match="Take that back first"):
        amendments.take_back(amendment=first, by=cast.scope("ada"), at=NOW)
    for number in (second, first):
        amendments.take_back(amendment=number, by=cast.scope("ada"), at=NOW + DAY)
    relay.all_waiting(at=NOW + DAY)
    assert moved(cast) == [("new", 1000, START), ("churn", -1000, END)]
    assert facts() == []
    row.refresh_from_db()
    assert (row.arr, row.seats, row.products) == (Decimal(1000), 20, ["Core"])


def test_what_is_agreed_for_a_day_to_come_is_a_contract_of_its_own(cast: world.World) -> None:
    soon = TODAY + 10 * DAY
    number = amend(cast, given("expanded", 60, on=soon, products=("Module",)))
    assert moved(cast)[1:] == [("expansion", 60, soon), ("churn", -1060, END)]
    assert Contract.objects.get(key="c1").arr == 1000
    amendments.take_back(amendment=number, by=cast.scope("ada"), at=NOW)
    assert Contract.objects.filter(account__key="elm").count() == Contract.objects.filter(key="c1").count()


def test_less_is_agreed_and_a_contract_is_not_renewed(cast: world.World) -> None:
    amend(cast, given("reduced", 300, on=date(2026, 6, 1), seats=8))
    assert Contract.objects.get(key="c1").seats == 12
    number = amend(
        cast, given("not_renewed", on=TODAY + 20 * DAY, preventable=True), at=NOW + timedelta(hours=1)
    )
    assert moved(cast) == [
        ("new", 1000, START), ("contraction", -300, date(2026, 6, 1)), ("churn", -700, TODAY + 20 * DAY),
    ]  # fmt: skip
    assert ("contract.not_renewed", 700.0, "price", TODAY) in facts()
    with pytest.raises(Conflict, match="not renewed"):
        amend(cast, given("renewed", 700, months=12))
    amendments.take_back(amendment=number, by=cast.scope("ada"), at=NOW + DAY)
    relay.all_waiting(at=NOW + DAY)
    assert moved(cast)[-1] == ("churn", -700, END)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (given("renewed", 100), "how many months"),
        (given("renewed", None, months=12), "positive number"),
        (given("renewed", 100, months=12, reason="price"), "choose a reason"),
        (given("expanded", 0), "positive number"),
        (given("expanded", 10, on=END), "does not run"),
        (given("expanded", 10, signed_on=TODAY + DAY), "still to come"),
        (given("reduced", 1000), "not renewed"),
        (given("reduced", 10, on=TODAY + DAY), "still to come"),
        (given("reduced", 10, seats=21), "to give back"),
        (given("reduced", 10, products=("Other",)), "does not cover"),
        (given("not_renewed", on=START), "not after its start"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    cast: world.World, said: Given, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        amendments.amend(account="elm", given=said, by=cast.scope("ada"), at=NOW)
    assert Contract.objects.get(key="c1").arr == 1000
    assert facts() == []


def test_an_open_end_and_unknown_worth_say_what_to_do(cast: world.World) -> None:
    Contract.objects.filter(key="c1").update(end_date=None, arr=None)
    for said, words in (
        (given("renewed", 5, months=1), "runs on"),
        (given("not_renewed"), "Name the day"),
        (given("expanded", 5), "Enter its ARR"),
    ):
        with pytest.raises(Invalid, match=words):
            amendments.amend(account="elm", given=said, by=cast.scope("ada"), at=NOW)


def test_what_was_changed_since_is_not_taken_back_and_others_see_nothing(cast: world.World) -> None:
    number = amend(cast, given("expanded", 75))
    changed = {"key": "c1", "account": "elm", "start_date": START, "arr": 5000}
    contracts.upsert(rows=[changed], source="crm", by=TESTS, at=NOW + DAY, vouched=False)
    with pytest.raises(Conflict, match="changed since"):
        amendments.take_back(amendment=number, by=cast.scope("ada"), at=NOW + DAY)
    with pytest.raises(NotFound):
        amendments.take_back(amendment=number, by=cast.scope("cleo"), at=NOW)
    with pytest.raises(NotFound):
        amendments.amend(account="elm", given=given("expanded", 5), by=cast.scope("cleo"), at=NOW)
    assert read.of_book(seen_by=cast.scope("cleo")) == ()
    assert [one.id for one in read.of_book(seen_by=cast.scope("ada"), account="elm")] == [number]


def test_a_contract_that_no_one_may_touch(cast: world.World) -> None:
    looking = cast.scope("ada")
    reader = type(looking)(
        looking.user_id, looking.everything, looking.owner_ids, frozenset({"accounts.see"}), "tests"
    )
    with pytest.raises(Forbidden):
        amendments.amend(account="elm", given=given("expanded", 5), by=reader, at=NOW)
