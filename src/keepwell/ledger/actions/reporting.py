"""ARR of accounts in the currency that sums are told in."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from keepwell.access.actions import settings
from keepwell.access.scopes import system
from keepwell.kernel.moments import start_of
from keepwell.kernel.money import Money
from keepwell.ledger import models
from keepwell.ledger.queries import rates
from keepwell.ledger.queries.rates import Rates

LEDGER = system(through="ledger")
STATED = ("arr_parts", "arr_reporting", "reporting_currency", "arr_unrated")


def settle(*, on: date) -> bool:
    """Before anybody chose, report in the currency of most contracts. Tells whether that was decided just now."""
    if rates.reporting():
        return False
    counted = models.Contract.objects.values("currency").annotate(rows=Count("pk"))
    most = counted.order_by("-rows", "currency").values_list("currency", flat=True).first()
    if most is None:
        return False
    settings.put(key=rates.REPORTING, value=most, by=LEDGER, at=start_of(on))
    return True


def parts(sums: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Decimal]]:
    """Sums of ARR by account and currency."""
    found: dict[int, dict[str, Decimal]] = {}
    for row in sums:
        if row["total"] is not None:
            found.setdefault(row["account"], {})[row["currency"]] = row["total"]
    return found


def figures(amounts: Mapping[str, Decimal], known: Rates) -> dict[str, Any]:
    """What an account's columns of reported ARR say, from its sums by currency."""
    total = known.total(Money(amount, currency) for currency, amount in amounts.items()) if amounts else None
    return {
        "arr_parts": {currency: str(amount) for currency, amount in sorted(amounts.items())},
        "arr_reporting": None if total is None else total.amount,
        "reporting_currency": known.into,
        "arr_unrated": list(known.missing(amounts)),
    }
