"""Money with its currency; amounts of different currencies never add up silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from keepwell.kernel import figures

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


@dataclass(frozen=True)
class Money:
    """An amount in one currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return self.said(figures.whole(self.amount))

    @property
    def short(self) -> str:
        """To three figures: "$14.2M"."""
        return self.said(figures.short(self.amount))

    @property
    def exact(self) -> str:
        """To the cent: "€1,234.56"."""
        return self.said(figures.exact(self.amount))

    def said(self, amount: str) -> str:
        """A figure with this currency, as the reader's language writes it."""
        return figures.priced(amount, SIGNS.get(self.currency, self.currency)).strip()


def totals(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum per currency, largest first."""
    sums: dict[str, Decimal] = {}
    for money in amounts:
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items(), key=lambda kv: -kv[1]))
