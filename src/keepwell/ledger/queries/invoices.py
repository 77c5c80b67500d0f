"""Reads of invoices: what is overdue on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import records


@dataclass(frozen=True)
class OverdueInvoice:
    """An invoice that was due before a day and not paid by then."""

    key: str
    account: str
    number: str
    due_date: date
    days: int
    amount: Decimal | None
    currency: str


def overdue(*, on: date, seen_by: Scope, account: str = "", limit: int = 1000) -> tuple[OverdueInvoice, ...]:
    """What was overdue on a day, the longest first. One query, two when an account is asked for."""
    asked = records.Asked(account=account)
    rows = records.chosen(models.Invoice, asked=asked, seen_by=seen_by).select_related("account")
    unpaid = Q(paid_date=None) & ~Q(state="paid") | Q(paid_date__gte=on)
    late = rows.filter(unpaid, due_date__lt=on, issued_date__lte=on).exclude(state="void")
    return tuple(
        OverdueInvoice(
            key=row.key,
            account=row.account.key,
            number=row.number,
            due_date=row.due_date,
            days=(on - row.due_date).days,
            amount=row.amount,
            currency=row.currency,
        )
        for row in late.order_by("due_date", "key")[:limit]
    )
