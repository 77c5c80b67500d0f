"""A renewal that was entered by hand and is told again by a source counts once; removing what was agreed about is refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from keepwell.access.models import AuditEntry
from keepwell.intake.actions import quality
from keepwell.intake.models import Finding
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.actions import amendments, contracts, relay, removals, renewals
from keepwell.ledger.amending import Given, later
from keepwell.ledger.models import Amendment, Contract
from keepwell.ledger.queries import amendments as read
from keepwell.ledger.queries import movements
from keepwell.ledger.queries import renewals as asked
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START, END = date(2026, 1, 1), TODAY + 40 * DAY
THEN = later(END, 12)


@pytest.fixture
def cast(db: None) -> world.World:
    built = world.build()
    tell("c1", start_date=START, end_date=END, arr=1000, at=NOW - 30 * DAY)
    return built


def tell(key: str, *, at: Any = NOW + DAY, **more: Any) -> None:
    """The CRM tells a contract."""
    row = {"key": key, "account": "elm", "currency": "USD", "product": "Core"} | more
    [verdict] = contracts.upsert(rows=[row], source="crm", by=TESTS, at=at, vouched=True)
    assert verdict.outcome in ("created", "updated"), verdict
    relay.all_waiting(at=at)


def renew(amount: int = 1200) -> Amendment:
    said = Given("renewed", "c1", "value_seen", Decimal(amount), months=12)
    number = amendments.amend(account="elm", given=said, by=TESTS, at=NOW)
    relay.all_waiting(at=NOW)
    return Amendment.objects.get(pk=number)


def keys() -> set[str]:
    return set(Contract.objects.filter(account__key="elm").values_list("key", flat=True))


def moved() -> list[tuple[str, int, date]]:
    found = movements.of_book(seen_by=TESTS, account="elm", until=TODAY + 900 * DAY)
    return [(one.kind, int(one.amount.amount), one.day) for one in found]


def questions() -> list[str]:
    return [row.key for rows in asked.asked(account="elm", seen_by=TESTS).values() for row in rows]


def test_the_same_renewal_told_by_the_crm_takes_its_place_and_counts_once(cast: world.World) -> None:
    made = renew()
    before = moved()
    tell("c2", start_date=END, end_date=THEN - DAY, arr=1200)
    made.refresh_from_db()
    assert (made.successor, made.told_again) == ("c2", True)
    assert keys() == {"c1", "c2"}
    assert moved()[:2] == before[:2] == [("new", 1000, START), ("expansion", 200, END)]
    assert read.ended(["c1"]) == {"c1": "renewed"}, "the reason and the fact stay"
    assert AuditEntry.objects.filter(deed="contract.recognise").count() == 1
    assert questions() == []
    amendments.take_back(amendment=made.pk, by=TESTS, at=NOW + 2 * DAY)
    assert keys() == {"c1", "c2"}, "the contract of the source is the source's"


def test_a_contract_that_is_prolonged_by_the_crm_is_the_same_renewal_and_can_be_renewed_again(
    cast: world.World,
) -> None:
    made = renew(1000)
    tell("c1", start_date=START, end_date=THEN, arr=1000)
    made.refresh_from_db()
    assert (made.successor, keys()) == ("c1", {"c1"})
    assert [kind for kind, _, day in moved() if day == END] == []
    assert read.ended(["c1"]) == {}
    said = Given("renewed", "c1", "value_seen", Decimal(1100), months=12)
    amendments.amend(account="elm", given=said, by=TESTS, at=NOW + 2 * DAY)
    assert len(keys()) == 2


@pytest.mark.parametrize(
    "other", [{"arr": 1300}, {"arr": None}, {"product": ""}, {"end_date": later(END, 24)}], ids=str
)
def test_where_it_is_not_sure_a_person_says_whether_it_is_the_same(
    cast: world.World, other: dict[str, Any]
) -> None:
    made = renew()
    tell("c2", **({"start_date": END + DAY, "end_date": THEN, "arr": 1200} | other))
    assert (len(keys()), questions()) == (3, ["c2"])
    quality.refresh(at=NOW + DAY)
    assert Finding.objects.filter(account__key="elm", check_slug="renewal_told_twice").exists()
    with pytest.raises(NotFound):
        renewals.say(amendment=made.pk, contract="c2", same=True, by=cast.scope("cleo"), at=NOW)
    assert renewals.say(amendment=made.pk, contract="c2", same=True, by=TESTS, at=NOW + DAY) == "elm"
    assert (keys(), questions()) == ({"c1", "c2"}, [])
    with pytest.raises(Conflict, match="waits for no other"):
        renewals.say(amendment=made.pk, contract="c2", same=True, by=TESTS, at=NOW + DAY)


def test_what_is_another_contract_is_asked_about_once(cast: world.World) -> None:
    made = renew()
    tell("c2", start_date=END, end_date=THEN, arr=1300)
    renewals.say(amendment=made.pk, contract="c2", same=False, by=TESTS, at=NOW + DAY)
    assert (len(keys()), questions()) == (3, [])
    quality.refresh(at=NOW + DAY)
    assert not Finding.objects.filter(check_slug="renewal_told_twice").exists()
    with pytest.raises(Invalid, match="cannot be"):
        renewals.say(amendment=made.pk, contract="c2", same=True, by=TESTS, at=NOW + DAY)


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "EUR"}, {"product": "Module"}, {"start_date": END + 60 * DAY},
        {"start_date": TODAY - 900 * DAY, "end_date": END + DAY},
    ],
    ids=str,
)  # fmt: skip
def test_another_currency_product_or_term_is_no_renewal_told_again(
    cast: world.World, other: dict[str, Any]
) -> None:
    renew()
    tell("c2", **({"start_date": END, "end_date": THEN, "arr": 1200} | other))
    assert (len(keys()), questions()) == (3, [])


def test_what_was_agreed_after_it_leaves_it_to_a_person(cast: world.World) -> None:
    made = renew()
    more = Given("expanded", made.successor, "new_use", Decimal(100), on=END + DAY)
    amendments.amend(account="elm", given=more, by=TESTS, at=NOW)
    tell("c2", start_date=END, end_date=THEN, arr=1200)
    assert questions() == ["c2"]
    with pytest.raises(Conflict, match="agreed after"):
        renewals.say(amendment=made.pk, contract="c2", same=True, by=TESTS, at=NOW + DAY)


def test_a_contract_about_which_something_was_agreed_is_not_removed(cast: world.World) -> None:
    made = renew()
    for key in ("c1", made.successor):
        with pytest.raises(Conflict, match="Something was agreed about"):
            removals.remove_contracts(Contract, keys=[key], by=TESTS, at=NOW)
    assert removals.held(Contract, keys=["c1"]) == {"c1": "amendments"}
    amendments.take_back(amendment=made.pk, by=TESTS, at=NOW)
    assert removals.remove_contracts(Contract, keys=["c1"], by=TESTS, at=NOW) == 1
