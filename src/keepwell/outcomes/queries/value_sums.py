"""What an account's value comes to over quarters: what is confirmed, what is only counted, and both beside what was paid."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from keepwell.kernel.money import Money
from keepwell.ledger import models as ledger
from keepwell.ledger.queries import rates
from keepwell.ledger.queries.rates import Rates
from keepwell.outcomes.formulas import ranges
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries.value import StatementView, ValueView

YEAR_DAYS = 365


class Told(Protocol):
    """A statement as it goes into a sum, as we see it or as its customer does."""

    @property
    def quarter(self) -> Quarter: ...
    @property
    def currency(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def counts(self) -> Range | None: ...
    @property
    def is_confirmed(self) -> bool: ...


@dataclass(frozen=True)
class Sum:
    """What some statements come to: by currency, by unit where it is no money, and all money in one currency by the rates of
    each quarter's end; None where `lacking` names a currency without a rate.
    """

    money: tuple[tuple[str, Range], ...] = ()
    others: tuple[tuple[str, Range], ...] = ()
    into: str = ""
    whole: Range | None = None
    lacking: tuple[str, ...] = ()
    count: int = 0

    @property
    def is_mixed(self) -> bool:
        """Whether more than one currency went into it."""
        return len(self.money) > 1


@dataclass(frozen=True)
class Totals:
    """Confirmed and only counted values stand apart and are never added. `cost` is what was paid in the quarters of which
    some value is confirmed, `ratio` how many times that the confirmed value is; both None where they cannot be told, and
    `lacks` says why there is no cost: "no_contract", "no_amount" or "no_rate".
    """

    confirmed: Sum
    counted: Sum
    unknown: int
    paid_quarters: tuple[Quarter, ...]
    cost: Money | None
    ratio: Range | None
    lacks: str = ""


@dataclass
class Prices:
    """Rates at the ends of quarters, and what accounts paid in them; `unpriced` are quarters with a contract that states
    no amount.
    """

    into: str
    at: Mapping[date, Rates]
    paid: Mapping[tuple[int, Quarter], tuple[Money, ...]] = field(default_factory=dict)
    unpriced: frozenset[tuple[int, Quarter]] = frozenset()


def prices(*, account_ids: Collection[int], quarters: Collection[Quarter], today: date) -> Prices:
    """What is needed for the totals of accounts over quarters. Three queries.

    A quarter's cost is the yearly amount of each contract for the days that it ran in it, as its terms stand now.
    """
    into = rates.reporting()
    ends = {min(one.until, today) for one in quarters}
    found: dict[tuple[int, Quarter], list[Money]] = {}
    unpriced: set[tuple[int, Quarter]] = set()
    rows = ledger.Contract.objects.filter(account__in=account_ids)
    for account, begin, end, arr, currency in rows.values_list(
        "account", "start_date", "end_date", "arr", "currency"
    ):
        for one in quarters:
            days = _days(one, begin, end)
            if days and arr is None:
                unpriced.add((account, one))
            elif days and arr is not None:
                paid = round(arr * days / YEAR_DAYS, 2)
                found.setdefault((account, one), []).append(Money(paid, currency))
    at = rates.on_days(ends, into=into) if into else {}
    return Prices(into, at, {key: tuple(paid) for key, paid in found.items()}, frozenset(unpriced))


def _days(quarter: Quarter, begin: date, end: date | None) -> int:
    """On how many days of a quarter a contract ran; its end is the first day without it."""
    last = quarter.until if end is None else min(quarter.until, end - timedelta(days=1))
    return max(0, (last - max(quarter.since, begin)).days + 1)


def totals(*, account_id: int, statements: Iterable[Told], known: Prices, today: date) -> Totals:
    """Of the statements that stand, one a model and quarter. No query."""
    told = list(statements)
    sure = [one for one in told if one.is_confirmed and one.counts is not None]
    loose = [one for one in told if not one.is_confirmed and one.counts is not None]
    confirmed = total(sure, known, today)
    quarters = tuple(sorted({one.quarter for one in sure if one.currency}))
    cost, lacks = _cost(account_id, quarters, known, today)
    ratio = None
    if confirmed.whole is not None and cost is not None and confirmed.money:
        ratio = ranges.over(confirmed.whole, float(cost.amount))
    unknown = sum(one.counts is None for one in told)
    return Totals(confirmed, total(loose, known, today), unknown, quarters, cost, ratio, lacks)


def total(statements: Sequence[Told], known: Prices, today: date) -> Sum:
    """What they come to, each converted at its own quarter's end."""
    money: dict[str, list[Range]] = {}
    others: dict[str, list[Range]] = {}
    parts: list[Range] = []
    lacking: set[str] = set()
    for one in statements:
        found = one.counts
        if found is None:
            continue
        if not one.currency:
            others.setdefault(one.unit, []).append(found)
            continue
        money.setdefault(one.currency, []).append(found)
        rate = unit_of(known, one.currency, one.quarter, today)
        if rate is None:
            lacking.add(one.currency)
        else:
            parts.append(ranges.scaled(found, rate))
    return Sum(
        money=tuple((slug, ranges.total(found)) for slug, found in sorted(money.items())),
        others=tuple((slug, ranges.total(found)) for slug, found in sorted(others.items())),
        into=known.into,
        whole=None if lacking or not money else ranges.total(parts),
        lacking=tuple(sorted(lacking)),
        count=len(statements),
    )


def unit_of(known: Prices, currency: str, quarter: Quarter, today: date) -> float | None:
    """What one of a currency is worth in the reporting currency at a quarter's end; None without a rate."""
    if currency == known.into:
        return 1.0
    day = known.at.get(min(quarter.until, today))
    rate = None if day is None else day.units.get(currency)
    return None if rate is None else float(rate)


def _cost(
    account_id: int, quarters: Sequence[Quarter], known: Prices, today: date
) -> tuple[Money | None, str]:
    """None, and why, where a quarter's cost is not known: a quarter without a contract is not free."""
    whole = Decimal(0)
    for one in quarters:
        paid = known.paid.get((account_id, one))
        if (account_id, one) in known.unpriced:
            return None, "no_amount"
        if paid is None:
            return None, "no_contract"
        day = known.at.get(min(one.until, today))
        part = None if day is None else day.total(paid)
        if part is None:
            return None, "no_rate"
        whole += part.amount
    return (Money(whole, known.into), "") if quarters else (None, "")


def of_account(found: ValueView, quarters: Sequence[Quarter], *, today: date) -> Totals:
    """An account's totals over some quarters. Three queries."""
    known = prices(account_ids=[found.account_id], quarters=quarters, today=today)
    return totals(account_id=found.account_id, statements=standing(found, quarters), known=known, today=today)


def standing(found: ValueView, quarters: Sequence[Quarter]) -> tuple[StatementView, ...]:
    """The statements that count in some quarters; of a dropped model those that were confirmed."""
    return tuple(
        each
        for one in found.models
        for each in one.standing
        if each.quarter in quarters and (not one.is_dropped or each.confirmation is not None)
    )
