"""Currencies: what they are worth on a day, and what follows for the ARR of accounts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from keepwell.access.queries import settings as company
from keepwell.kernel.errors import Forbidden, Invalid, NotFound
from keepwell.kernel.money import Money
from keepwell.ledger.actions import accounts, contracts, rates
from keepwell.ledger.models import ExchangeRate
from keepwell.ledger.queries import accounts as reads
from keepwell.ledger.queries import rates as worth
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def state(currency: str, rate: str, *, base: str | None = "USD", day: date = TODAY) -> str:
    row = {"currency": currency, "base": base, "day": day, "rate": Decimal(rate)}
    (verdict,) = rates.upsert(rows=[row], source="tests", by=TESTS, at=NOW)
    return verdict.outcome


def sign(key: str, account: str, arr: int, currency: str) -> None:
    row = {"key": key, "account": account, "arr": arr, "currency": currency, "start_date": date(2026, 1, 1)}
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)


def units(currency: str, *, into: str = "USD", day: date = TODAY) -> Decimal | None:
    return worth.on(day, into=into).units.get(currency)


def test_before_its_first_rate_a_currency_is_unknown_and_never_one() -> None:
    state("EUR", "1.10", day=TODAY - DAY)
    assert units("EUR", day=TODAY - 2 * DAY) is None
    assert units("EUR", day=TODAY - DAY) == units("EUR", day=TODAY) == Decimal("1.10")
    assert worth.on(TODAY, into="USD").missing(["EUR", "JPY", "USD"]) == ("JPY",)


def test_the_last_rate_on_or_before_the_day_holds() -> None:
    state("EUR", "1.10", day=TODAY - 10 * DAY)
    state("EUR", "1.20", day=TODAY - 5 * DAY)
    state("EUR", "9.99", day=TODAY + DAY)
    assert units("EUR", day=TODAY - 6 * DAY) == Decimal("1.10")
    assert units("EUR") == Decimal("1.20")


def test_a_rate_is_turned_round_and_carried_over_a_third_currency() -> None:
    state("EUR", "1.25")
    state("GBP", "2", base="EUR")
    assert units("USD", into="EUR") == Decimal("0.8")
    assert units("GBP", into="USD") == Decimal("2.50")
    assert units("EUR", into="GBP") == Decimal("0.5")


def test_the_later_word_on_a_pair_counts_whichever_way_round_it_was_said() -> None:
    state("EUR", "1.25", day=TODAY - 3 * DAY)
    state("USD", "0.5", base="EUR", day=TODAY - DAY)
    assert units("EUR") == 2
    assert units("EUR", day=TODAY - 2 * DAY) == Decimal("1.25")


def test_the_same_rate_again_changes_nothing_and_another_corrects_it() -> None:
    assert [state("EUR", "1.10"), state("EUR", "1.1"), state("EUR", "1.2")] == [
        "created",
        "unchanged",
        "updated",
    ]
    assert ExchangeRate.objects.get().rate == Decimal("1.2")


def test_the_first_contracts_decide_what_sums_are_told_in() -> None:
    world.build()
    assert worth.reporting() == ""
    sign("c1", "elm", 100, "EUR")
    assert worth.reporting() == company.get("reporting_currency") == "EUR"
    sign("c2", "birch", 100, "USD")
    sign("c3", "willow", 100, "USD")
    assert worth.reporting() == "EUR"


def arr(cast: world.World, key: str) -> tuple[Money | None, str | None]:
    found = reads.find(key=key, seen_by=cast.scope("ada"))
    return found.arr_reporting, found.arr_unknown


def test_several_currencies_have_a_sum_as_soon_as_rates_are_known() -> None:
    cast = world.build()
    sign("c0", "birch", 10, "USD")
    sign("c1", "elm", 1000, "USD")
    sign("c2", "elm", 200, "EUR")
    assert arr(cast, "elm") == (None, "no exchange rate from EUR to USD is known yet")
    state("EUR", "1.5")
    assert arr(cast, "elm") == (Money(Decimal("1300.00"), "USD"), None)
    assert reads.find(key="elm", seen_by=cast.scope("ada")).arr is None
    state("EUR", "2")
    assert arr(cast, "elm")[0] == Money(Decimal("1400.00"), "USD")
    rates.remove(currency="EUR", base="USD", day=TODAY, by=TESTS, at=NOW)
    assert arr(cast, "elm")[0] is None
    assert arr(cast, "ash") == (None, "no active contract states an ARR")


def test_another_reporting_currency_restates_every_account() -> None:
    cast = world.build()
    sign("c1", "elm", 1000, "USD")
    state("EUR", "1.25")
    rates.report_in(currency="EUR", by=TESTS, at=NOW)
    assert arr(cast, "elm")[0] == Money(Decimal("800.00"), "EUR")


def test_a_rate_of_tomorrow_takes_effect_tomorrow() -> None:
    cast = world.build()
    sign("c0", "birch", 10, "USD")
    sign("c1", "elm", 100, "EUR")
    state("EUR", "3", day=TODAY + DAY)
    assert arr(cast, "elm")[0] is None
    accounts.restate(on=TODAY + DAY)
    assert arr(cast, "elm")[0] == Money(Decimal("300.00"), "USD")


def test_what_cannot_be_a_rate_is_refused_in_words() -> None:
    rows: list[dict[str, Any]] = [
        {"currency": "EUR", "day": TODAY, "rate": Decimal(1)},
        {"currency": "EUR", "base": "EUR", "day": TODAY, "rate": Decimal(1)},
        {"currency": "EUR", "base": "USD", "day": TODAY, "rate": Decimal(0)},
    ]
    verdicts = rates.upsert(rows=rows, source="tests", by=TESTS, at=NOW)
    assert [verdict.outcome for verdict in verdicts] == ["rejected"] * 3
    assert "no reporting currency is set" in verdicts[0].reason
    assert "always 1" in verdicts[1].reason
    assert "a rate of 0 cannot be" in verdicts[2].reason
    with pytest.raises(Invalid, match='"usd" is no currency'):
        rates.report_in(currency="usd", by=TESTS, at=NOW)
    with pytest.raises(NotFound):
        rates.remove(currency="EUR", base="USD", day=TODAY, by=TESTS, at=NOW)


def test_a_csm_may_state_no_rate_and_choose_no_currency() -> None:
    ada = world.build().scope("ada")
    with pytest.raises(Forbidden):
        rates.upsert(rows=[], source="web", by=ada, at=NOW)
    with pytest.raises(Forbidden):
        rates.report_in(currency="EUR", by=ada, at=NOW)


STATED = st.lists(
    st.tuples(
        st.sampled_from(["EUR", "GBP", "USD"]),
        st.sampled_from(["EUR", "GBP", "USD"]),
        st.integers(0, 5),
        st.decimals("0.01", "100", places=4),
    ).filter(lambda row: row[0] != row[1]),
    max_size=8,
    unique_by=lambda row: row[:3],
)


class Order(TestCase):
    """Rates mean the same in whatever order they came."""

    @settings(max_examples=50)
    @given(stated=STATED, seed=st.randoms(use_true_random=False))
    def test_the_order_of_arrival_changes_nothing(self, stated: list[Any], seed: Any) -> None:
        ExchangeRate.objects.all().delete()
        found = []
        for _ in range(2):
            rows = [
                {"currency": c, "base": b, "day": TODAY - DAY * ago, "rate": rate}
                for c, b, ago, rate in stated
            ]
            rates.upsert(rows=rows, source="tests", by=TESTS, at=NOW)
            found.append([worth.on(TODAY - DAY * ago, into="USD").units for ago in range(7)])
            ExchangeRate.objects.all().delete()
            seed.shuffle(stated)
        assert found[0] == found[1]
        assert all(told["USD"] == 1 for told in found[0])
