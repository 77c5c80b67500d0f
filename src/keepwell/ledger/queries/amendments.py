"""Reads of amendments: what was agreed anew about contracts, and what one that is planned would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl
from django.db.models import F

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, NotFound
from keepwell.kernel.moments import start_of
from keepwell.kernel.money import Money
from keepwell.ledger import amending, models
from keepwell.ledger.amending import Given, Planned
from keepwell.ledger.formulas import movements
from keepwell.ledger.queries import accounts

ENDS = ("renewed", "not_renewed")
CONTRACT: dict[str, Any] = {
    "account_id": pl.Int64, "contract": pl.String, "at": pl.Datetime("us", "UTC"), "known_at": pl.Datetime("us", "UTC"),
    "arr": pl.Float64, "currency": pl.String, "start_date": pl.Date, "end_date": pl.Date,
}  # fmt: skip
DEPARTURE = {name: CONTRACT[name] for name in ("account_id", "at", "known_at")}


@dataclass(frozen=True)
class AmendmentView:
    """A contract was renewed, expanded, reduced or not renewed from a day on; `after` is its ARR from then."""

    id: int
    account: str
    name: str
    contract: str
    product: str
    kind: str
    on: date
    before: Money | None
    after: Money | None
    reason: str
    preventable: bool | None
    note: str
    successor: str
    signed_at: datetime
    at: datetime
    by: str
    taken_back_at: datetime | None
    told_again: bool

    @property
    def change(self) -> Money | None:
        """By how much its ARR moves; None where one side is not known."""
        if self.before is None or self.after is None:
            return None
        return Money(self.after.amount - self.before.amount, self.after.currency)


@dataclass(frozen=True)
class Amendable:
    """A contract as somebody amends it; `months` is for how long it was bound each time."""

    account: str
    name: str
    key: str
    product: str
    arr: Money | None
    currency: str
    seats: int | None
    start_date: date
    end_date: date | None
    months: int


@dataclass(frozen=True)
class Effect:
    """What an amendment does on its day: the movement of the account's ARR in its currency (`kind` empty: none)."""

    on: date
    until: date | None
    kind: str
    amount: Money
    before: Money
    after: Money


def of_book(
    *, seen_by: Scope, account: str = "", taken_back: bool = False, after: int = 0, limit: int | None = None
) -> tuple[AmendmentView, ...]:
    """Amendments of what one may see, or of one account, the latest first; `after` is the number of the last one seen.

    Three queries.
    """
    seen = accounts.visible(seen_by=seen_by)
    if account:
        seen = seen.filter(key=account)
        if not seen.exists():
            raise NotFound('There is no account "%(account)s".', account=account)
    signed = models.Contract.objects.filter(account__in=seen)
    rows = models.Amendment.objects.filter(contract__in=signed.values("key")).select_related("by")
    if not taken_back:
        rows = rows.filter(taken_back_at=None)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[:limit])
    named = signed.filter(key__in={row.contract for row in found}).select_related("account")
    contracts = {row.key: row for row in named}
    return tuple(_view(row, contracts[row.contract]) for row in found)


def find(*, amendment: int, seen_by: Scope) -> AmendmentView:
    """One of them, also when it was taken back. Two queries."""
    row = models.Amendment.objects.select_related("by").filter(pk=amendment).first()
    seen = accounts.visible(seen_by=seen_by)
    rows = models.Contract.objects.select_related("account").filter(account__in=seen)
    contract = None if row is None else rows.filter(key=row.contract).first()
    if row is None or contract is None:
        raise NotFound("There is no amendment %(number)s.", number=amendment)
    return _view(row, contract)


def ended(keys: Sequence[str]) -> dict[str, str]:
    """Of contracts, those that were renewed or are not, and which. One query."""
    rows = models.Amendment.objects.filter(contract__in=keys, kind__in=ENDS, taken_back_at=None)
    rows = rows.exclude(successor=F("contract"))  # a source prolonged it: it can be renewed again
    return dict(rows.values_list("contract", "kind"))


def amendable(*, account: str, key: str, seen_by: Scope) -> Amendable:
    """A contract of an account, to be amended. One query."""
    row = contract(account=account, key=key, seen_by=seen_by)
    return Amendable(
        account=row.account.key,
        name=row.account.name or row.account.key,
        key=row.key,
        product=row.product,
        arr=None if row.arr is None else Money(row.arr, row.currency),
        currency=row.currency,
        seats=row.seats,
        start_date=row.start_date,
        end_date=row.end_date,
        months=amending.term(row),
    )


def contract(*, account: str, key: str, seen_by: Scope, locked: bool = False) -> models.Contract:
    """A contract of an account that one may see. One query."""
    rows = models.Contract.objects.select_related("account").filter(
        account__in=accounts.visible(seen_by=seen_by)
    )
    row = (rows.select_for_update(of=("self",)) if locked else rows).filter(key=key, account__key=account)
    if (found := row.first()) is None:
        raise NotFound('There is no contract "%(key)s".', key=key[:200])
    return found


def planned(given: Given, *, contract: models.Contract, today: date) -> Planned:
    """What an amendment would write; refused where it makes no sense. One query."""
    said = ended([contract.key]).get(contract.key) if given.kind in ENDS else None
    if said == "renewed":
        raise Conflict("This contract was renewed already. Take that back first.")
    if said is not None:
        raise Conflict("It was said that this contract is not renewed. Take that back first.")
    return amending.plan(given, contract=contract, today=today)


def effect(*, account: str, given: Given, seen_by: Scope, today: date) -> Effect:
    """What an amendment would do to the account's ARR on its day, by the ledger's own formula. Three queries."""
    row = contract(account=account, key=given.contract, seen_by=seen_by)
    said = planned(given, contract=row, today=today)
    signed = list(models.Contract.objects.filter(account_id=row.account_id))
    return _effect(said, row, signed)


def _effect(said: Planned, row: models.Contract, signed: Sequence[models.Contract]) -> Effect:
    told = [_told(each, start_of(each.start_date), {}) for each in signed]
    if said.terms:
        # The end is stated from the beginning, so that the contract ends once.
        since = start_of(said.effective or row.start_date)
        told = [one for one in told if one["contract"] != row.key or since > start_of(row.start_date)]
        told.append(_told(row, since, said.terms))
    if said.more:
        told.append(_told(row, start_of(said.on), {**said.more, "contract": f"{row.key}~"}))
    left = row.account.left_at
    gone = [] if left is None else [{"account_id": row.account_id, "at": left, "known_at": left}]
    moved = _movements(told, gone)
    mine = [one for one in moved if one["currency"] == said.currency]
    before = sum((_exact(one["amount"]) for one in mine if one["day"] < said.on), Decimal(0))
    there = next((one for one in mine if one["day"] == said.on), None)
    amount = Decimal(0) if there is None else _exact(there["amount"])
    return Effect(
        on=said.on,
        until=said.until,
        kind="" if there is None else there["kind"],
        amount=Money(amount, said.currency),
        before=Money(before, said.currency),
        after=Money(before + amount, said.currency),
    )


def _told(row: models.Contract, at: datetime, terms: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        "contract": row.key, "arr": row.arr, "currency": row.currency, "start_date": row.start_date,
        "end_date": row.end_date, **terms,
    }  # fmt: skip
    arr = said["arr"]
    return {
        **{name: said[name] for name in ("contract", "currency", "start_date", "end_date")},
        "account_id": row.account_id, "at": at, "known_at": at, "arr": None if arr is None else float(arr),
    }  # fmt: skip


def _movements(told: list[dict[str, Any]], gone: list[dict[str, Any]]) -> list[dict[str, Any]]:
    signed = nw.from_native(pl.DataFrame(told, schema=CONTRACT).lazy())
    left = nw.from_native(pl.DataFrame(gone, schema=DEPARTURE).lazy())
    found = movements.movements(movements.steps(signed, left)).collect("polars").to_native()
    return pl.DataFrame(found).to_dicts()


def _exact(amount: float) -> Decimal:
    return round(Decimal(amount), 2)


def _view(row: models.Amendment, contract: models.Contract) -> AmendmentView:
    def money(amount: Decimal | None) -> Money | None:
        return None if amount is None else Money(amount, row.currency)

    return AmendmentView(
        id=row.pk,
        account=contract.account.key,
        name=contract.account.name or contract.account.key,
        contract=row.contract,
        product=contract.product,
        kind=row.kind,
        on=row.on,
        before=money(row.before),
        after=money(row.after),
        reason=row.reason,
        preventable=row.preventable,
        note=row.note,
        successor=row.successor,
        signed_at=row.signed_at,
        at=row.at,
        by="" if row.by is None else row.by.name or row.by.email,
        taken_back_at=row.taken_back_at,
        told_again=row.told_again,
    )
