"""Renewals that were entered by hand, and contracts of sources that may tell the same."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from keepwell.access.scopes import Scope
from keepwell.kernel.money import Money
from keepwell.ledger import models
from keepwell.ledger.queries import accounts

NEAR_DAYS = 31  # a source may date it from the first of a month, or from the day of its signature
Fit = Literal["same", "perhaps", ""]


@dataclass(frozen=True)
class Renewal:
    """A renewal by hand that no source told yet, and the contract made for it; `stands`: nothing was agreed about it."""

    amendment: models.Amendment
    made: models.Contract
    stands: bool


@dataclass(frozen=True)
class PerhapsTold:
    """A contract of a source that may tell a renewal that was entered by hand."""

    key: str
    source: str
    arr: Money | None
    start_date: date


def waiting(*, account_ids: Collection[int]) -> list[Renewal]:
    """Those of some accounts, the oldest first. One query; three where there are any."""
    signed = models.Contract.objects.filter(account__in=account_ids)
    rows = models.Amendment.objects.filter(kind="renewed", taken_back_at=None, told_again=False)
    found = list(rows.filter(successor__in=signed.values("key")).order_by("pk"))
    if not found:
        return []
    keys = [row.successor for row in found]
    made = {row.key: row for row in models.Contract.objects.select_related("account").filter(key__in=keys)}
    later = models.Amendment.objects.filter(contract__in=keys, taken_back_at=None)
    busy = set(later.values_list("contract", flat=True))
    return [Renewal(row, made[row.successor], row.successor not in busy) for row in found]


def fits(renewal: Renewal, told: models.Contract) -> Fit:
    """Whether a contract tells the same renewal: surely, perhaps, or not.

    It is the same where account, currency, product and ARR are, and it begins and ends within a month of it; the renewed
    contract itself tells it by its new end. Where the product is not said or the ARR or end is another, a person knows.
    """
    made, amendment = renewal.made, renewal.amendment
    products = {made.product.strip().lower(), told.product.strip().lower()}
    prolonged = told.key == amendment.contract
    if (
        told.key == made.key
        or told.source == made.source
        or (told.account_id, told.currency) != (made.account_id, made.currency)
        or told.key in amendment.apart
        or len(products - {""}) > 1
        or not _overlap(made, told)
        or not (prolonged or abs((told.start_date - made.start_date).days) <= NEAR_DAYS)
    ):
        return ""
    is_sure = len(products) == 1 and told.arr is not None and told.arr == made.arr and _ends_near(made, told)
    return "same" if is_sure else "perhaps"


def _overlap(one: models.Contract, other: models.Contract) -> bool:
    return (one.end_date is None or other.start_date < one.end_date) and (
        other.end_date is None or one.start_date < other.end_date
    )


def _ends_near(one: models.Contract, other: models.Contract) -> bool:
    if one.end_date is None or other.end_date is None:
        return one.end_date == other.end_date
    return abs((one.end_date - other.end_date).days) <= NEAR_DAYS


def asked(*, account: str, seen_by: Scope) -> dict[int, tuple[PerhapsTold, ...]]:
    """By amendment of an account the contracts of which a person is to say whether they tell the same. Two queries, or five."""
    row = accounts.visible(seen_by=seen_by).filter(key=account).first()
    renewals = [] if row is None else waiting(account_ids=[row.pk])
    if not renewals:
        return {}
    signed = list(models.Contract.objects.filter(account=row).order_by("start_date", "key"))
    found = {
        one.amendment.pk: tuple(_perhaps(each) for each in signed if fits(one, each)) for one in renewals
    }
    return {pk: told for pk, told in found.items() if told}


def _perhaps(row: models.Contract) -> PerhapsTold:
    worth = None if row.arr is None else Money(row.arr, row.currency)
    return PerhapsTold(row.key, row.source, worth, row.start_date)
