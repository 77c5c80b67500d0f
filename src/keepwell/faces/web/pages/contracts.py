"""What the contracts of an account say: terms as they stand, and what changed when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.account_sections import Section
from keepwell.faces.web.pages.amendments import KINDS, AmendmentRow, address
from keepwell.faces.web.pages.record_columns import is_made
from keepwell.kernel import days, speech
from keepwell.kernel.moments import day_of, parse_day
from keepwell.kernel.money import Money
from keepwell.ledger.queries.contracts import ContractView
from keepwell.ledger.queries.invoices import OverdueInvoice
from keepwell.ledger.queries.movements import TermChange

NAMES = {
    "arr": "ARR",
    "currency": speech.later("Currency"),
    "product": speech.later("Product"),
    "products": speech.later("Covers"),
    "seats": speech.later("Seats"),
    "start_date": speech.later("From"),
    "end_date": speech.later("Until"),
    "notice_days": speech.later("Notice"),
    "auto_renew": speech.later("Renews by itself"),
    "term_months": speech.later("Term"),
}
ENDS = {"renewed": speech.later("renewed"), "not_renewed": speech.later("not renewed")}
NEVER = "–"
SOON_DAYS = 90
FULL_PERCENT = 90


@dataclass(frozen=True)
class ContractRow:
    """A contract in the table."""

    product: str
    key: str
    href: str
    covers: str
    arr: str
    seats: str
    limits: str
    start: str
    end: DayMark | None
    state: str
    terms: str
    deeds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Step:
    """One term that changed, from what to what; `before` is empty where it was not stated."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What became of a contract on a day; `known` says when that was learned, if later."""

    mark: DayMark
    contract: str
    title: str
    steps: tuple[Step, ...]
    known: str


@dataclass(frozen=True)
class MoneyFact:
    """A figure about what is signed and paid, and what it is to be seen against."""

    title: str
    figure: str
    more: str
    tone: str = ""


@dataclass(frozen=True)
class ContractsTab:
    """What is signed, and how it came to be so; until the lake was read `awaits` is where its changes are asked for."""

    head: AccountHead
    facts: tuple[MoneyFact, ...]
    contracts: tuple[ContractRow, ...]
    changes: tuple[Change, ...]
    awaits: str
    chart: str
    sections: tuple[Section, ...]
    new: str
    amendments: tuple[AmendmentRow, ...] = ()
    may_amend: bool = False


def facts(
    contracts: Sequence[ContractView],
    overdue: Sequence[OverdueInvoice],
    use: Mapping[str, float | None],
    *,
    today: date,
) -> tuple[MoneyFact, ...]:
    """When the next contract ends and until when notice can be given, how full the limits are, what is overdue."""
    running = [c for c in contracts if c.start_date <= today and (c.end_date is None or c.end_date > today)]
    return (_renewal(running, today), _seats(running, use), _overdue(overdue))


def _renewal(running: Sequence[ContractView], today: date) -> MoneyFact:
    ending = min((c for c in running if c.end_date), key=lambda c: c.end_date or today, default=None)
    if ending is None or ending.end_date is None:
        return MoneyFact(speech.told("Renewal"), "–", speech.told("nothing that runs has an end"))
    left = (ending.end_date - today).days
    said = words.day(ending.end_date, today=today, dated=True)
    more = f"{said}, {ending.product}" if ending.product else said
    if ending.notice_days is not None:
        last = ending.end_date - timedelta(days=ending.notice_days)
        gone = (
            speech.told("notice was possible until") if last < today else speech.told("notice possible until")
        )
        more += f"; {gone} {words.day(last, today=today, dated=True)}"
    return MoneyFact(
        speech.told("Renewal"), days.distance(left, "day"), more, "warn" if left <= SOON_DAYS else ""
    )


def _seats(running: Sequence[ContractView], use: Mapping[str, float | None]) -> MoneyFact:
    seats = sum(c.seats or 0 for c in running)
    share = use.get("seat_utilisation")
    if not seats or share is None:
        return MoneyFact(
            speech.told("Seats in use"),
            "–",
            speech.told("%(seats)s signed", seats=words.whole(seats))
            if seats
            else speech.told("no seats are signed"),
        )
    used = round(seats * share / 100)
    tone = "warn" if share >= FULL_PERCENT else ""
    return MoneyFact(
        speech.told("Seats in use"),
        words.percent(share),
        speech.told("about %(used)s of %(seats)s", used=words.whole(used), seats=words.whole(seats)),
        tone,
    )


def _overdue(overdue: Sequence[OverdueInvoice]) -> MoneyFact:
    if not overdue:
        return MoneyFact(
            speech.told("Overdue invoices"), speech.told("None"), speech.told("of those that are known")
        )
    sums: dict[str, Decimal] = {}
    for one in overdue:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + (one.amount or 0)
    owed = " + ".join(str(Money(amount, currency)) for currency, amount in sorted(sums.items()))
    longest = words.count(max(one.days for one in overdue), "day")
    return MoneyFact(
        speech.told("Overdue invoices"),
        words.whole(len(overdue)),
        speech.told("%(owed)s, the oldest by %(longest)s", owed=owed, longest=longest),
        "bad",
    )


def contract(
    row: ContractView,
    *,
    today: date,
    back: str,
    ended: str = "",
    amends: str = "",
    is_followed: bool = False,
) -> ContractRow:
    """A contract as a row; `ended` says how it ended or will, `amends` is the account where it may be amended, `is_followed`
    whether its renewal is signed.
    """
    over = row.end_date is not None and row.end_date <= today
    state = (
        speech.told("Begins")
        if row.start_date > today
        else speech.told("Ended")
        if over
        else speech.told("Active")
    )
    if ended:
        state = f"{state}, {ENDS[ended]}"
    notice = (
        speech.told("%(days)s notice", days=words.count(row.notice_days, "day"))
        if row.notice_days is not None
        else ""
    )
    term = words.count(row.term_months, "month") if row.term_months else ""
    renews = {True: speech.told("renews by itself"), False: speech.told("must be renewed"), None: ""}[
        row.auto_renew
    ]
    return ContractRow(
        product=row.product or speech.told("Contract"),
        key="" if is_made(row.key) else row.key,
        href=f"{reverse('record', args=('contracts', row.key))}?{urlencode({'back': back})}",
        covers=", ".join(row.products),
        arr=words.money(row.arr),
        seats=NEVER if row.seats is None else words.whole(row.seats),
        limits=_limits(row.limits),
        start=words.day(row.start_date, today=today, dated=True),
        end=DayMark.of(row.end_date, today=today, dated=True),
        state=state,
        terms=", ".join(filter(None, (term, renews, notice))),
        deeds=_deeds(row, amends, over=over, renews=not (ended or is_followed)) if amends else (),
    )


def followed(rows: Sequence[ContractView]) -> set[str]:
    """Contracts that another one of the same product follows: their renewal is signed."""
    return {
        row.key
        for row in rows
        if row.end_date is not None
        and any(other.product == row.product and other.start_date >= row.end_date for other in rows)
    }


def _deeds(row: ContractView, account: str, *, over: bool, renews: bool) -> tuple[tuple[str, str], ...]:
    """What may be agreed about it: the form leads from one to the others."""
    kinds = ["renewed"] if row.end_date is not None and renews else []
    kinds += [] if over else ["expanded"]
    return tuple((KINDS[kind], address(account, row.key, kind)) for kind in kinds)


def change(told: TermChange, *, today: date, products: Mapping[str, str]) -> Change:
    """A change of terms as an entry of the history."""
    mark = DayMark.of(day_of(told.at), today=today, dated=True)
    assert mark is not None
    late = day_of(told.known_at) > day_of(told.at)
    return Change(
        mark=mark,
        contract=products.get(told.contract)
        or (speech.told("Contract") if is_made(told.contract) else told.contract),
        title=speech.told("Began") if told.is_first else speech.told("Changed"),
        steps=tuple(_steps(told, today)),
        known=words.day(day_of(told.known_at), today=today, dated=True) if late else "",
    )


def _steps(told: TermChange, today: date) -> list[Step]:
    found = []
    for name, title in NAMES.items():
        if name in told.before or name in told.after:
            if name == "currency" and told.is_first:
                continue
            was, now = (
                _said(name, side.get(name), told.currency, today) for side in (told.before, told.after)
            )
            found.append(Step(title, "" if told.is_first else was, now))
    old, new = (dict(side.get("limits") or {}) for side in (told.before, told.after))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            before = "" if told.is_first else _amount(old.get(name))
            found.append(Step(words.spoken(name), before, _amount(new.get(name))))
    return found


def _said(name: str, value: Any, currency: str, today: date) -> str:
    if value is None:
        return NEVER
    if name == "arr":
        return str(Money(Decimal(value), currency))
    if name in ("start_date", "end_date"):
        return words.day(parse_day(value), today=today, dated=True)
    if name == "auto_renew":
        return "yes" if value else "no"
    if name == "products":
        return ", ".join(map(str, value))
    units = {"notice_days": "day", "term_months": "month"}
    return words.count(value, units[name]) if name in units else str(value)


def _limits(limits: Mapping[str, float]) -> str:
    return ", ".join(f"{words.spoken(name)} {_amount(amount)}" for name, amount in sorted(limits.items()))


def _amount(amount: float | None) -> str:
    return NEVER if amount is None else f"{amount:,.10g}"
