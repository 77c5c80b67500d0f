"""Reads of exchange rates: what a currency was worth in another on a day."""

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from keepwell.access.queries import settings
from keepwell.kernel.moments import parse_day
from keepwell.kernel.money import Money
from keepwell.ledger import models

REPORTING = "reporting_currency"
Word = tuple[str, str, date, Decimal]  # from that day on, a unit of the first currency in the second


@dataclass(frozen=True)
class RateView:
    """From `day` on one unit of `currency` is worth `rate` units of `base`."""

    currency: str
    base: str
    day: date
    rate: Decimal
    source: str

    @property
    def cursor(self) -> str:
        """Where it stands in the list."""
        return f"{self.day}:{self.currency}:{self.base}"


@dataclass(frozen=True)
class Rates:
    """What one unit of each currency is worth in `into` on a day. A currency without a rate is not in it."""

    into: str
    units: dict[str, Decimal]

    def missing(self, currencies: Iterable[str]) -> tuple[str, ...]:
        """Those of the currencies that cannot be converted, by code."""
        return tuple(sorted({currency for currency in currencies if currency not in self.units}))

    def total(self, amounts: Iterable[Money]) -> Money | None:
        """The sum of amounts in `into`; None when one of them has no rate."""
        kept = tuple(amounts)
        if self.missing(money.currency for money in kept):
            return None
        exact = sum((money.amount * self.units[money.currency] for money in kept), Decimal(0))
        return Money(round(exact, 2), self.into)


def reporting() -> str:
    """The currency in which sums over accounts are told; empty until contracts or a person decide it. One query."""
    return str(settings.get(REPORTING, ""))


def on(day: date, *, into: str) -> Rates:
    """Rates into a currency by each pair's last word on or before a day: stated, turned round, or over a third currency.

    Of several ways the one with fewer steps counts, then the one with the latest word, then the first by code. One query.
    """
    rows = (
        models.ExchangeRate.objects.filter(day__lte=day)
        .order_by("currency", "base", "-day")
        .distinct("currency", "base")
        .values_list("currency", "base", "day", "rate")
    )
    return _into(list(rows), into)


def on_days(days: Collection[date], *, into: str) -> dict[date, Rates]:
    """The same on each of many days. One query."""
    if not days:
        return {}
    rows = models.ExchangeRate.objects.filter(day__lte=max(days)).order_by("day")
    waiting = deque(rows.values_list("currency", "base", "day", "rate"))
    said: dict[tuple[str, str], Word] = {}
    found: dict[date, Rates] = {}
    last: Rates | None = None
    for day in sorted(days):
        while waiting and waiting[0][2] <= day:
            word = waiting.popleft()
            said[word[0], word[1]], last = word, None
        last = last or _into([said[pair] for pair in sorted(said)], into)
        found[day] = last
    return found


def digest() -> str:
    """Changes whenever a rate or the reporting currency does. Two queries."""
    rows = models.ExchangeRate.objects.order_by("currency", "base", "day")
    said = "|".join(f"{row}:{row.rate.normalize()}" for row in rows.iterator())
    return f"{reporting()} {hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _into(stated: Sequence[Word], into: str) -> Rates:
    latest = _both_ways(stated)
    direct = {currency: (when, units) for currency, base, when, units in latest if base == into}
    best: dict[str, tuple[tuple[int, int, str], Decimal]] = {}
    for currency, base, when, units in latest:
        if base == into:
            _keep(best, currency, (1, 0, ""), units)
        elif base in direct and currency != into:
            bridge_when, bridge = direct[base]
            _keep(best, currency, (2, -min(when, bridge_when).toordinal(), base), units * bridge)
    return Rates(into, {into: Decimal(1)} | {currency: units for currency, (_, units) in best.items()})


def page(*, currency: str = "", after: str = "", limit: int = 100) -> tuple[RateView, ...]:
    """Rates, latest days first, from the one after `after` (a rate's own cursor) on. One query."""
    rows = models.ExchangeRate.objects.order_by("-day", "currency", "base")
    if currency:
        rows = rows.filter(currency=currency)
    if after:
        rows = rows.filter(_beyond(after))
    return tuple(_view(row) for row in rows[:limit])


def find(*, currency: str, base: str, day: date) -> RateView | None:
    """What was stated of a pair from a day on, if anything was. One query."""
    row = models.ExchangeRate.objects.filter(currency=currency, base=base, day=day).first()
    return None if row is None else _view(row)


def _view(row: models.ExchangeRate) -> RateView:
    return RateView(row.currency, row.base, row.day, row.rate.normalize(), row.source)


def _beyond(cursor: str) -> Q:
    day, currency, base = (*cursor.split(":"), "", "")[:3]
    last = parse_day(day)
    later = Q(currency__gt=currency) | Q(currency=currency, base__gt=base)
    return Q(day__lt=last) | Q(Q(day=last), later)


def _keep(
    best: dict[str, tuple[tuple[int, int, str], Decimal]],
    currency: str,
    rank: tuple[int, int, str],
    units: Decimal,
) -> None:
    if currency not in best or rank < best[currency][0]:
        best[currency] = (rank, units)


def _both_ways(stated: Sequence[Word]) -> list[Word]:
    """The last word on each pair, both ways round."""
    told = {(currency, base): when for currency, base, when, _ in stated}
    turned = [
        (base, currency, when, 1 / rate)
        for currency, base, when, rate in stated
        if (base, currency) not in told or told[base, currency] < when
    ]
    newer = {(base, currency) for base, currency, _, _ in turned}
    return [row for row in stated if (row[0], row[1]) not in newer] + turned


def keys_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What tells rates from each other: "EUR/USD 2026-01-31". One query where a base is left out."""
    home = reporting() if any(not row.get("base") for row in rows) else ""
    return [f"{row['currency']}/{row.get('base') or home} {row['day']}" for row in rows]


def stated(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Rates by what tells them from each other, as their fields say them. One query."""
    days = {date.fromisoformat(key[-10:]) for key in keys}
    rows = models.ExchangeRate.objects.filter(day__in=days)
    found = {str(row): row for row in rows}
    return {
        key: {"currency": row.currency, "base": row.base, "day": row.day, "rate": f"{row.rate.normalize():f}"}
        for key, row in found.items()
        if key in keys
    }
