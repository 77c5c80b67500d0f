"""Money with its currency; amounts of different currencies never add up silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


@dataclass(frozen=True)
class Money:
    """An amount in one currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        whole = f"{self.amount:,.0f}"
        sign = SIGNS.get(self.currency)
        return f"{sign}{whole}" if sign else f"{self.currency} {whole}".strip()


def totals(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum per currency, largest first."""
    sums: dict[str, Decimal] = {}
    for money in amounts:
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items(), key=lambda kv: -kv[1]))
