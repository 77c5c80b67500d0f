"""Movements of ARR, and what was changed in each contract, straight from the ledger."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.moments import start_of
from keepwell.kernel.money import Money
from keepwell.ledger import frames
from keepwell.ledger.formulas import movements as formula
from keepwell.ledger.queries import accounts

CONTRACT_EVENTS = ("contract.signed", "contract.changed")
TERMS = (
    "arr", "currency", "product", "products", "seats", "limits", "start_date", "end_date", "notice_days",
    "auto_renew", "term_months",
)  # fmt: skip


@dataclass(frozen=True)
class MovementView:
    """A step of an account's ARR in one currency on a day; `contracts` are the keys of those that moved."""

    account: str
    name: str
    kind: str
    day: date
    amount: Money
    known_at: datetime
    contracts: tuple[str, ...]

    @property
    def cursor(self) -> str:
        """Where it stands in the list."""
        return f"{self.day}:{self.amount.currency}:{self.account}"


@dataclass(frozen=True)
class TermChange:
    """One event of a contract's life: what it said before and says now, of whatever differs; at first all of it."""

    contract: str
    at: datetime
    known_at: datetime
    currency: str
    is_first: bool
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Level:
    """The ARR of one account in one currency from a day on, and the movement that made it so."""

    day: date
    kind: str
    amount: Money
    arr: Money


def of_book(
    *,
    seen_by: Scope,
    until: date,
    since: date | None = None,
    account: str = "",
    only: Collection[str] | None = None,
    known_by: datetime | None = None,
    after: str = "",
    limit: int | None = None,
) -> tuple[MovementView, ...]:
    """Movements with since ≤ day < until by day, of one account, of some only or of all that may be seen, as known before a
    moment.

    From the one after the cursor `after` on. Reads the contracts' events of the accounts; three queries.
    """
    names = accounts.keys_by_id(seen_by=seen_by)
    if account:
        names = {pk: told for pk, told in names.items() if told[0] == account}
        if not names:
            raise errors.NotFound('There is no account "%(account)s".', account=account)
    if only is not None:
        names = {pk: told for pk, told in names.items() if told[0] in only}
    everybody = seen_by.everything and not account and only is None
    rows = _rows(None if everybody else names, until, known_by)
    views = (_view(row, names[row["account_id"]]) for row in rows if row["account_id"] in names)
    found = sorted((view for view in views if since is None or view.day >= since), key=_place)
    if after:
        found = [view for view in found if _place(view) > _at(after)]
    return tuple(found if limit is None else found[:limit])


def levels(
    *, account_id: int, seen_by: Scope, until: date, known_by: datetime | None = None
) -> tuple[Level, ...]:
    """The ARR of one account wherever it steps before a day, by currency: what its movements add up to."""
    if not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        return ()
    sums: dict[str, Decimal] = {}
    found = []
    for row in sorted(_rows({account_id}, until, known_by), key=lambda row: row["day"]):
        currency, amount = row["currency"], _exact(row["amount"])
        sums[currency] = sums.get(currency, Decimal(0)) + amount
        found.append(Level(row["day"], row["kind"], Money(amount, currency), Money(sums[currency], currency)))
    return tuple(found)


def changes(
    *, account_id: int, seen_by: Scope, until: datetime, known_by: datetime | None = None
) -> tuple[TermChange, ...]:
    """What each contract of an account said and when, latest first. Reads one account's share of the lake."""
    if not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        return ()
    events = frames.events(until=until, known_by=known_by, accounts=[account_id], names=CONTRACT_EVENTS)
    rows = (
        events.select("at", "known_at", "value", "props").sort("at", "known_at").collect("polars").to_native()
    )
    last: dict[str, dict[str, Any]] = {}
    found = []
    for row in rows.iter_rows(named=True):
        told = json.loads(row["props"]) | {"arr": row["value"]}
        key = str(told.get("contract"))
        terms = {name: told[name] for name in TERMS if told.get(name) not in (None, "", [], {})}
        found.append(_change(key, row, last.get(key), terms))
        last[key] = terms
    return tuple(reversed([change for change in found if change.is_first or change.before != change.after]))


def _change(
    key: str, row: Mapping[str, Any], before: dict[str, Any] | None, terms: dict[str, Any]
) -> TermChange:
    was = before or {}
    names = [name for name in TERMS if was.get(name) != terms.get(name)]
    return TermChange(
        contract=key,
        at=row["at"],
        known_at=row["known_at"],
        currency=str(terms.get("currency", "")),
        is_first=before is None,
        before={name: was[name] for name in names if name in was},
        after={name: terms[name] for name in names if name in terms},
    )


def _rows(
    account_ids: Collection[int] | None, until: date, known_by: datetime | None
) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"until": start_of(until), "known_by": known_by, "accounts": account_ids}
    contracts = frames.contracts(**asked)
    departures = frames.events(**asked, names=("account.churned",)).select("account_id", "at", "known_at")
    steps = formula.steps(contracts, departures).collect("polars")
    by_contract = pl.DataFrame(steps.to_native()).group_by("account_id", "currency", "day")
    keys = {row[:3]: row[3] for row in by_contract.agg(pl.col("contract").unique().sort()).iter_rows()}
    moved = formula.movements(steps.lazy()).collect("polars").to_native()
    return [
        row | {"contracts": tuple(keys[row["account_id"], row["currency"], row["day"]])}
        for row in pl.DataFrame(moved).filter(pl.col("day") < until).iter_rows(named=True)
    ]


def _view(row: Mapping[str, Any], told: tuple[str, str]) -> MovementView:
    return MovementView(
        account=told[0],
        name=told[1] or told[0],
        kind=row["kind"],
        day=row["day"],
        amount=Money(_exact(row["amount"]), row["currency"]),
        known_at=row["known_at"],
        contracts=row["contracts"],
    )


def _exact(amount: float) -> Decimal:
    return round(Decimal(amount), 2)


def _place(view: MovementView) -> tuple[str, str, str]:
    return view.day.isoformat(), view.amount.currency, view.account


def _at(cursor: str) -> tuple[str, str, str]:
    day, currency, account = (*cursor.split(":", 2), "", "")[:3]
    return day, currency, account
