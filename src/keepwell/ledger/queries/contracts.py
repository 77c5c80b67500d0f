"""Reads of contracts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel.money import Money
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class ContractView:
    """A contract and its terms; `end_date` None means open-ended."""

    key: str
    product: str
    products: tuple[str, ...]
    arr: Money | None
    seats: int | None
    limits: dict[str, float]
    start_date: date
    end_date: date | None
    auto_renew: bool | None
    notice_days: int | None
    term_months: int | None
    fields: dict[str, Any]


def of_account(*, account_id: int, seen_by: Scope) -> tuple[ContractView, ...]:
    """An account's contracts, latest first. One query."""
    rows = models.Contract.objects.filter(account__in=accounts.visible(seen_by=seen_by).filter(pk=account_id))
    return tuple(
        ContractView(
            key=row.key,
            product=row.product,
            products=tuple(row.products),
            arr=None if row.arr is None else Money(row.arr, row.currency),
            seats=row.seats,
            limits=row.limits,
            start_date=row.start_date,
            end_date=row.end_date,
            auto_renew=row.auto_renew,
            notice_days=row.notice_days,
            term_months=row.term_months,
            fields=row.fields,
        )
        for row in rows.order_by("-start_date", "key")
    )


def currencies() -> tuple[str, ...]:
    """The currencies that contracts are in, by code. One query."""
    rows = models.Contract.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return tuple(rows)


def terms_since(keys: Collection[str]) -> dict[str, date]:
    """From which day the present terms of contracts hold, of those that were changed. One query."""
    rows = models.Contract.objects.filter(key__in=keys).exclude(terms_since=None)
    return {key: since for key, since in rows.values_list("key", "terms_since") if since is not None}
