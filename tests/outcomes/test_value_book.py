"""What a book got for its money: the same as its accounts one by one, in a few queries; unknown is not nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import rates
from keepwell.ledger.models import Account, Contract
from keepwell.outcomes import document, quarters
from keepwell.outcomes.actions import plans, value_models, value_statements
from keepwell.outcomes.formulas import ranges
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.queries import value, value_book, value_book_totals, value_sums
from tests import world
from tests.outcomes.value import LATER, MODEL, RANGE, model
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
Q1 = quarters.read("2026-Q1")
Q4 = quarters.read("2025-Q4")
ASKED: dict[str, Any] = {"seen_by": TESTS, "day": TODAY}


@pytest.fixture
def cast() -> World:
    found = world.build()
    Contract.objects.all().delete()
    rates.report_in(currency="EUR", by=TESTS, at=NOW)
    return found


def contract(
    account: str, arr: str | None, *, currency: str = "EUR", key: str = "", since: date = date(2025, 1, 1)
) -> None:
    Contract.objects.create(
        key=key or f"c-{account}", account=Account.objects.get(key=account), product="crm", currency=currency,
        arr=None if arr is None else Decimal(arr), start_date=since,
    )  # fmt: skip


def modelled(account: str, **other: Any) -> None:
    """A plan with one outcome, and the model of its worth."""
    doc = document.read({"vision": "x", "objectives": [{"title": "Reports without hands"}]})
    plans.save(account=account, doc=doc, by=TESTS, at=NOW)
    model(plan=False, account=account, **other)


def confirmed(account: str, *asked: quarters.Quarter) -> None:
    for one in asked:
        about: dict[str, Any] = {"account": account, "by": TESTS, "at": NOW}
        for number in value_statements.count(quarter=one, **about):
            value_statements.confirm(statement=number, who="Dora", on=LATER, **about)


def row(key: str) -> value_book.ValueRow:
    return next(one for one in value_book.page(**ASKED) if one.key == key)


def test_the_book_says_of_each_account_what_its_own_page_says(cast: World) -> None:
    modelled("willow")
    contract("willow", "3650")
    confirmed("willow", Q1)
    value_statements.count(account="willow", quarter=Q4, by=TESTS, at=NOW)
    told, seen = row("willow"), value.find(account="willow", seen_by=TESTS, day=TODAY)
    alone = value_sums.of_account(seen, quarters.last(TODAY, 4), today=TODAY)
    assert (told.confirmed, told.counted, told.cost, told.ratio) == (
        alone.confirmed, alone.counted, alone.cost, alone.ratio,
    )  # fmt: skip
    assert (told.state, told.last, told.missing) == ("confirmed", Q1, ())
    assert told.cost is not None
    assert told.cost.amount == Decimal("900.00")


def test_the_sums_of_the_book_are_those_of_its_accounts(cast: World) -> None:
    modelled("willow")
    modelled("elm")
    contract("willow", "3650")
    contract("elm", "7300", since=date(2026, 2, 1))
    confirmed("willow", Q4, Q1)
    confirmed("elm", Q1)
    whole, each = value_book_totals.of_book(**ASKED), value_book.page(**ASKED)
    apart = [one.confirmed.whole for one in each if one.confirmed.whole]
    assert whole.confirmed.whole == ranges.total(apart)
    assert whole.confirmed.count == 3
    assert (whole.pairs, whole.priced) == (3, 3)
    assert whole.cost is not None
    assert whole.cost.amount == sum((one.cost.amount for one in each if one.cost), Decimal(0))
    assert whole.ratio == ranges.over(ranges.total(apart), float(whole.cost.amount))


def test_a_quarter_without_a_known_price_is_in_no_ratio(cast: World) -> None:
    modelled("willow")
    modelled("elm")
    modelled("birch")
    contract("willow", "3650")
    contract("elm", "100")
    contract("elm", None, key="silent")
    for key in ("willow", "elm", "birch"):
        confirmed(key, Q1)
    told = value_book_totals.of_book(**ASKED)
    assert (told.pairs, told.priced) == (3, 1)
    assert told.cost is not None
    assert told.cost.amount == Decimal("900.00")
    assert told.ratio == ranges.over(Range(*RANGE), 900.0)
    assert (row("elm").missing, row("birch").missing) == (("no_amount",), ("no_contract",))


def test_counted_again_and_another_figure_of_theirs_count_once(cast: World) -> None:
    modelled("willow")
    about: dict[str, Any] = {"account": "willow", "by": TESTS, "at": NOW}
    (first,) = value_statements.count(quarter=Q1, **about)
    value_statements.confirm(statement=first, who="Dora", on=LATER, figure=Range(1, 2, 3), **about)
    model(plan=False, account="willow", inputs=[*MODEL["inputs"][:3], {**MODEL["inputs"][3], "high": 100}])
    value_statements.count(quarter=Q1, **about)
    told = value_book_totals.of_book(**ASKED)
    assert (told.confirmed.whole, told.counted.count) == (Range(1, 2, 3), 0)
    value_models.drop(model="hours-saved-on-reports", **about)
    assert row("willow").confirmed.whole == Range(1, 2, 3)


def test_states_and_what_is_missing_from_the_ground_up(cast: World) -> None:
    plans.save(account="birch", doc=document.read({"vision": "x"}), by=TESTS, at=NOW)
    modelled("willow")
    modelled("elm")
    value_statements.count(account="elm", quarter=Q1, by=TESTS, at=NOW)
    assert row("ash").missing == ("plan",)
    assert row("birch").missing == ("model",)
    assert row("willow").missing == ("count",)
    assert row("elm").missing == ("confirmation",)
    tally = value_book.tally(**ASKED)
    assert (tally["confirmed"], tally["counted"], tally["modelled"]) == (0, 1, 1)
    assert sum(tally.values()) == len(value_book.page(**ASKED))
    for state, many in tally.items():
        assert len(value_book.page(**ASKED, state=state)) == many
    assert [one.key for one in value_book.page(**ASKED, search="ELM")] == ["elm"]
    assert [one.key for one in value_book.each(**ASKED)] == [one.key for one in value_book.page(**ASKED)]
    with pytest.raises(Invalid, match="is not known"):
        value_book.page(**ASKED, state="fun")


def test_several_currencies_without_a_rate_have_no_sum(cast: World) -> None:
    modelled("willow")
    priced = [*MODEL["inputs"][:3], {**MODEL["inputs"][3], "currency": "GBP"}]
    modelled("elm", inputs=priced)
    confirmed("willow", Q1)
    confirmed("elm", Q1)
    told = value_book_totals.of_book(**ASKED)
    assert (told.confirmed.whole, told.confirmed.lacking, told.ratio) == (None, ("GBP",), None)
    assert {slug for slug, _ in told.confirmed.money} == {"EUR", "GBP"}


def test_a_larger_book_asks_no_more(cast: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            value_book.page(**ASKED)
            value_book_totals.of_book(**ASKED)
            value_book.tally(**ASKED)
        return len(captured.captured_queries)

    modelled("willow")
    contract("willow", "3650")
    confirmed("willow", Q1)
    before = asked()
    for key in ("elm", "birch", "ash"):
        modelled(key)
        contract(key, "100")
        confirmed(key, Q1)
    assert asked() == before


def test_the_largest_come_first_by_walking_or_by_sorting(
    cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, (key, arr) in enumerate((("n1", 50), ("n2", None), ("n3", 50), ("n4", 900), ("n5", 7))):
        Account.objects.create(key=key, name=key, arr_reporting=arr, former=place == 4)
    Account.objects.create(key="n6", name="n6", arr_reporting=800, merged_into=Account.objects.get(key="n4"))
    modelled("willow")
    for state in ("", "none", "modelled"):
        plain = [one.key for one in value_book.page(**ASKED, state=state)]
        for limit in (1, 2, 3):
            walked = [
                one.key
                for offset in range(0, len(plain) + 1, limit)
                for one in value_book.page(**ASKED, state=state, offset=offset, limit=limit)
            ]
            assert walked == plain
            monkeypatch.setattr(value_book, "WALKED", ())
            assert [one.key for one in value_book.page(**ASKED, state=state, limit=limit)] == plain[:limit]
            monkeypatch.undo()
        assert not {"n5", "n6"} & set(plain)
    said = [one.key for one in value_book.page(**ASKED)]
    assert [key for key in said if key in ("n1", "n2", "n3", "n4")] == ["n4", "n1", "n3", "n2"]
    assert sum(value_book.tally(**ASKED).values()) == len(said)
