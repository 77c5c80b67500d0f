"""What becomes of a contract that is renewed, expanded, reduced or not renewed: what is asked, checked, and what to write."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from keepwell.kernel.errors import Conflict, Invalid
from keepwell.kernel.moments import within_reach
from keepwell.kernel.money import Money
from keepwell.ledger import models

KINDS = ("renewed", "expanded", "reduced", "not_renewed")
LOST = (
    "little_use", "no_value", "price", "product_gap", "service", "champion_left", "competitor", "budget", "merged",
    "closed", "other",
)  # fmt: skip
REASONS: Mapping[str, tuple[str, ...]] = {
    "renewed": ("value_seen", "rescued", "better_terms", "runs_on", "other"),
    "expanded": ("new_use", "more_people", "new_module", "higher_usage", "other"),
    "reduced": LOST,
    "not_renewed": LOST,
}
MOST_MONTHS = 120
MOST = Decimal(10) ** 13
LONGEST = 2000
COPIED = ("product", "products", "currency", "seats", "limits", "auto_renew", "notice_days", "term_months")


@dataclass(frozen=True)
class Given:
    """What somebody tells. `amount` is the new ARR of a renewal, else by how much it goes up or down; `seats` likewise.

    `on` is the day from which it holds (a renewal begins where the contract ends); `months` for how long it is renewed.
    """

    kind: str
    contract: str
    reason: str
    amount: Decimal | None = None
    on: date | None = None
    months: int | None = None
    seats: int | None = None
    products: tuple[str, ...] = ()
    preventable: bool | None = None
    signed_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Planned:
    """What is to be written: `terms` of the contract itself from `on`, and the terms of a contract `more` that is made."""

    kind: str
    on: date
    before: Decimal | None
    after: Decimal | None
    currency: str
    terms: Mapping[str, Any]
    more: Mapping[str, Any]
    effective: date | None = None

    @property
    def until(self) -> date | None:
        """When what is agreed ends."""
        end: date | None = (self.more or self.terms).get("end_date")
        return end


def plan(given: Given, *, contract: models.Contract, today: date) -> Planned:
    """Check what was told against the contract as it stands, and say what follows."""
    if given.kind not in KINDS:
        raise Invalid('"%(kind)s" is none of: %(kinds)s.', kind=given.kind[:40], kinds=", ".join(KINDS))
    if given.reason not in REASONS[given.kind]:
        raise Invalid("Say why: choose a reason.")
    if len(given.note) > LONGEST:
        raise Invalid("Say it in at most %(most)s characters.", most=LONGEST)
    if given.signed_on is not None and within_reach(given.signed_on) > today:
        raise Invalid("%(day)s is still to come. Name the day on which it was agreed.", day=given.signed_on)
    if given.seats is not None and not 0 <= given.seats < 10**9:
        raise Invalid("Seats are a whole number, zero or more.")
    return _PLANS[given.kind](given, contract, today)


def _renewed(given: Given, contract: models.Contract, today: date) -> Planned:
    del today
    start = contract.end_date
    if start is None:
        raise Invalid("This contract has no end, so it runs on: expand or reduce it instead.")
    if given.on not in (None, start):
        raise Invalid("A renewal begins on %(day)s, when the contract ends.", day=start)
    months = given.months
    if months is None or not 1 <= months <= MOST_MONTHS:
        raise Invalid("Say for how many months it is renewed, from 1 to %(most)s.", most=MOST_MONTHS)
    amount = _amount(given.amount, zero=True)
    more = {name: getattr(contract, name) for name in COPIED} | {
        "arr": amount,
        "start_date": start,
        "end_date": within_reach(later(start, months)),
        "term_months": months,
        "seats": contract.seats if given.seats is None else given.seats,
        "products": list(dict.fromkeys((*contract.products, *given.products))),
    }
    return Planned("renewed", start, contract.arr, amount, contract.currency, {}, more)


def _expanded(given: Given, contract: models.Contract, today: date) -> Planned:
    amount, on = _amount(given.amount), _day(given, contract, today)
    products = list(dict.fromkeys((*contract.products, *given.products)))
    if on > today:
        more = {name: getattr(contract, name) for name in COPIED} | {
            "product": (given.products or (contract.product,))[0],
            "products": list(given.products),
            "arr": amount,
            "seats": given.seats,
            "limits": {},
            "start_date": on,
            "end_date": contract.end_date,
        }
        return Planned("expanded", on, Decimal(0), amount, contract.currency, {}, more)
    before = _known(contract)
    terms: dict[str, Any] = {"arr": before + amount}
    if given.seats:
        terms["seats"] = (contract.seats or 0) + given.seats
    if products != contract.products:
        terms["products"] = products
    return Planned("expanded", on, before, before + amount, contract.currency, terms, {}, on)


def _reduced(given: Given, contract: models.Contract, today: date) -> Planned:
    amount, on = _amount(given.amount), _day(given, contract, today)
    if on > today:
        raise Invalid("%(day)s is still to come. Enter it on the day, or with the renewal.", day=on)
    before = _known(contract)
    if amount >= before:
        raise Invalid(
            "%(amount)s is all that it is worth or more (%(arr)s). If nothing is left, it is not renewed.",
            amount=Money(amount, contract.currency), arr=Money(before, contract.currency),
        )  # fmt: skip
    terms: dict[str, Any] = {"arr": before - amount}
    if given.seats:
        if contract.seats is None or given.seats > contract.seats:
            raise Invalid("There are no %(seats)s seats to give back.", seats=given.seats)
        terms["seats"] = contract.seats - given.seats
    gone = set(given.products)
    if unknown := gone - set(contract.products):
        raise Invalid('The contract does not cover "%(name)s".', name=sorted(unknown)[0])
    if gone:
        terms["products"] = [name for name in contract.products if name not in gone]
    return Planned("reduced", on, before, before - amount, contract.currency, terms, {}, on)


def _not_renewed(given: Given, contract: models.Contract, today: date) -> Planned:
    del today
    on = given.on or contract.end_date
    if on is None:
        raise Invalid("This contract has no end. Name the day on which it ends.")
    if within_reach(on) <= contract.start_date:
        raise Invalid("%(day)s is not after its start on %(start)s.", day=on, start=contract.start_date)
    terms = {"end_date": on, "auto_renew": False}
    changed = {name: said for name, said in terms.items() if getattr(contract, name) != said}
    return Planned("not_renewed", on, contract.arr, Decimal(0), contract.currency, changed, {})


_PLANS = {"renewed": _renewed, "expanded": _expanded, "reduced": _reduced, "not_renewed": _not_renewed}


def _amount(amount: Decimal | None, *, zero: bool = False) -> Decimal:
    if amount is None or not amount.is_finite() or amount >= MOST or amount < 0 or (amount == 0 and not zero):
        raise Invalid("Name the amount a year, as a positive number.")
    return round(amount, 2)


def _known(contract: models.Contract) -> Decimal:
    if contract.arr is None:
        raise Invalid("Nobody said what this contract is worth. Enter its ARR in the contract first.")
    return contract.arr


def _day(given: Given, contract: models.Contract, today: date) -> date:
    on = within_reach(given.on or today)
    ended = contract.end_date is not None and on >= contract.end_date
    if on < contract.start_date or ended:
        raise Invalid(
            "On %(day)s this contract does not run: it runs from %(start)s until %(end)s.",
            day=on, start=contract.start_date, end=contract.end_date or "–",
        )  # fmt: skip
    if contract.terms_since is not None and on < contract.terms_since:
        raise Conflict(
            "Its terms were changed from %(since)s on. Name that day or a later one.",
            since=contract.terms_since,
        )
    return on


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def term(contract: models.Contract) -> int:
    """For how many months it was bound: as told, or from its start to its end; a year where neither is known."""
    if contract.term_months:
        return contract.term_months
    if contract.end_date is None:
        return 12
    days = (contract.end_date - contract.start_date).days
    return min(max(round(days / 30.4375), 1), MOST_MONTHS)
