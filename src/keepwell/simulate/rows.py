"""What Fernhill's other systems export: rows of the CSV kinds, with what was known at a moment and not more.

Each function gives the rows that appeared or changed from ``since`` to before ``until`` (seconds of the
span), as they stood at ``until``: a ticket still open then has no resolution, a contract not yet signed is
not there.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from keepwell.simulate.catalogue import PRODUCT
from keepwell.simulate.contracts import Change, Contract
from keepwell.simulate.customers import Customer
from keepwell.simulate.people import Person
from keepwell.simulate.span import DAY_SECONDS
from keepwell.simulate.world import World

Cell = str | int | None
ALWAYS = -(10**12)


@dataclass(frozen=True)
class Export:
    """A file of one kind: which field each column fills (None = one that nobody asked for), and its rows."""

    kind: str
    source: str
    columns: dict[str, str | None]
    rows: Callable[[World, int, int], Iterator[tuple[Cell, ...]]]

    @property
    def mapping(self) -> dict[str, str]:
        """Which column fills which field."""
        return {field: column for column, field in self.columns.items() if field is not None}

    def text(self, rows: Iterable[tuple[Cell, ...]]) -> str:
        """The rows as CSV with a header."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(rows)
        return out.getvalue()


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _moment(world: World, seconds: int | None) -> str | None:
    return None if seconds is None else world.span.moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(world: World, index: int) -> str:
    return world.span.day(index).isoformat()


def _within(since: int, until: int, *moments: int | None) -> bool:
    return any(moment is not None and since <= moment < until for moment in moments)


def _phase(customer: Customer, ends: int | None, day: int) -> str:
    if ends is not None and day >= ends:
        return "former"
    if any(0 <= renewal - day <= 90 for renewal in customer.renewals):
        return "renewal"
    age = day - customer.start
    return "onboarding" if age < 90 else "adoption" if age < 365 else "growth"


def accounts(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """Accounts that came, left, or moved to another phase."""
    before, now = (since - 1) // DAY_SECONDS, (until - 1) // DAY_SECONDS
    for customer, ends in zip(world.customers, world.ends, strict=True):
        born = customer.start * DAY_SECONDS
        phase = _phase(customer, ends, now)
        if born >= until or (born < since and phase == _phase(customer, ends, before)):
            continue
        yield (
            customer.key,
            customer.name,
            customer.industry,
            customer.country,
            customer.tier.slug,
            phase,
            _day(world, customer.start),
        )


def _stance(person: Person, day: int) -> str:
    if person.champion is not None and person.champion <= day:
        return "champion"
    return "supporter" if person.temper > 0.6 else "sceptic" if person.temper < -1.2 else "neutral"


def people(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """People who joined, left, or became champion."""
    day = (until - 1) // DAY_SECONDS
    for person in world.people:
        days = (person.joined, person.left, person.champion, person.line_since)
        moments = [None if one is None else one * DAY_SECONDS for one in days]
        if person.joined * DAY_SECONDS >= until or not _within(since, until, *moments):
            continue
        left = person.left is not None and person.left <= day
        stance = _stance(person, day)
        status = "left" if left else "active"
        told = (person.key, person.name, person.email, person.account, person.role, person.title)
        line = person.line_since
        boss = person.boss if line is not None and line * DAY_SECONDS < until else ""
        yield *told, stance, person.influence, boss, status


def _contract(world: World, contract: Contract, change: Change, currency: str) -> tuple[Cell, ...]:
    start, end = _day(world, contract.start), _day(world, contract.end)
    signed = _moment(world, contract.changes[0].at)
    return contract.key, contract.account, PRODUCT, change.arr, currency, change.seats, start, end, signed


def contracts(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """Contracts signed, at the terms they were signed on."""
    currency = {customer.key: customer.currency for customer in world.customers}
    for contract in world.contracts:
        if _within(since, until, contract.changes[0].at):
            yield _contract(world, contract, contract.changes[0], currency[contract.account])


def amended(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """Contracts whose terms changed, at their terms at the end."""
    currency = {customer.key: customer.currency for customer in world.customers}
    for contract in world.contracts:
        changes = [change for change in contract.changes[1:] if since <= change.at < until]
        if changes:
            yield _contract(world, contract, changes[-1], currency[contract.account])


def tickets(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """Tickets opened, escalated or resolved."""
    for one in world.tickets:
        if not _within(since, until, one.opened, one.escalated, one.resolved):
            continue
        escalated = one.escalated if one.escalated is not None and one.escalated < until else None
        resolved = one.resolved if one.resolved < until else None
        yield (
            one.key,
            one.account,
            one.person,
            one.subject,
            one.kind,
            one.severity,
            _yes(escalated is not None),
            _moment(world, one.opened),
            _moment(world, escalated),
            _moment(world, resolved),
            None if resolved is None else _yes(one.first_contact),
        )


def surveys(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """Answers given."""
    for one in world.answers:
        if _within(since, until, one.at):
            at = _moment(world, one.at)
            yield one.key, one.account, one.person, one.kind, one.score, one.comment, at


def touchpoints(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """Touchpoints written down."""
    for one in world.touchpoints:
        if not _within(since, until, one.logged):
            continue
        yield (
            one.key,
            one.account,
            one.kind,
            one.subject,
            _moment(world, one.at),
            one.minutes,
            _yes(one.declined),
            _yes(one.executive) if one.kind == "review" else None,
            "proactive" if one.proactive else "reactive",
            ", ".join(() if one.declined else one.people),
            ", ".join(one.people if one.declined else ()),
        )


def departures(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """Accounts whose last contract ran out."""
    for customer, ends in zip(world.customers, world.ends, strict=True):
        if ends is not None and _within(since, until, ends * DAY_SECONDS):
            yield (
                f"left-{customer.number}",
                customer.key,
                "account.churned",
                _moment(world, ends * DAY_SECONDS),
            )


_CONTRACT_COLUMNS: dict[str, str | None] = {
    "contract_id": "key",
    "account_id": "account",
    "product": "product",
    "arr": "arr",
    "currency": "currency",
    "seats": "seats",
    "start_date": "start_date",
    "end_date": "end_date",
    "signed_at": "signed_at",
}
ACCOUNTS = Export(
    "accounts",
    "crm",
    {
        "account_id": "key",
        "name": "name",
        "industry": "industry",
        "country": "country",
        "tier": "tier",
        "phase": "phase",
        "customer_since": "since",
    },
    accounts,
)
PEOPLE = Export(
    "people",
    "crm",
    {
        "user_id": "key",
        "name": "name",
        "email": "email",
        "account_id": "account",
        "role": "roles",
        "title": "title",
        "stance": "stance",
        "influence": "influence",
        "manager_id": "reports_to",
        "status": "status",
    },
    people,
)
CONTRACTS = Export("contracts", "billing", _CONTRACT_COLUMNS, contracts)
AMENDED = Export("contracts", "billing", _CONTRACT_COLUMNS, amended)
TICKETS = Export(
    "tickets",
    "help-desk",
    {
        "ticket_id": "key",
        "account_id": "account",
        "requester_id": "person",
        "subject": "subject",
        "type": "kind",
        "priority": "severity",
        "escalated": "escalated",
        "opened_at": "opened_at",
        "escalated_at": "escalated_at",
        "resolved_at": "resolved_at",
        "first_contact_resolution": "first_contact_resolution",
    },
    tickets,
)
SURVEYS = Export(
    "surveys",
    "surveys",
    {
        "response_id": "key",
        "account_id": "account",
        "respondent_id": "person",
        "survey": "kind",
        "score": "score",
        "comment": "comment",
        "answered_at": "answered_at",
    },
    surveys,
)
TOUCHPOINTS = Export(
    "touchpoints",
    "crm",
    {
        "activity_id": "key",
        "account_id": "account",
        "type": "kind",
        "subject": "subject",
        "held_at": "held_at",
        "minutes": "minutes",
        "declined": "declined",
        "executive_attended": "executive_attended",
        "initiative": "initiative",
        "attendees": "attended",
        "decliners": "declined_by",
    },
    touchpoints,
)
DEPARTURES = Export(
    "events", "billing", {"event_id": "id", "account_id": "account", "event": "name", "at": "at"}, departures
)
# In the order in which they must be read: a row may name only what an earlier file made known.
EXPORTS = (ACCOUNTS, PEOPLE, CONTRACTS, TICKETS, SURVEYS, TOUCHPOINTS, DEPARTURES)
