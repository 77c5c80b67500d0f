"""An invented customer base: made from a seed and a last day, the same bytes each time."""

from dataclasses import dataclass
from datetime import date

from keepwell.simulate import fates, pacing, usage
from keepwell.simulate.answers import Answer, answers
from keepwell.simulate.contracts import Contract, contracts
from keepwell.simulate.customers import Customer, book
from keepwell.simulate.lives import Life, curves
from keepwell.simulate.people import Person, people
from keepwell.simulate.plans import Confirmation, confirmations
from keepwell.simulate.span import Span, Stream
from keepwell.simulate.tickets import Ticket, tickets
from keepwell.simulate.touchpoints import Touchpoint, touchpoints
from keepwell.simulate.truth import Truth

HISTORY_DAYS = 730
EVENTS_PER_ACCOUNT = 1150


@dataclass(frozen=True)
class World:
    """Everything that ever happens to the invented book; ``truths`` is for those who judge the product.

    ``ends`` holds, per customer, the first day it is none any more, or None.
    """

    seed: int
    span: Span
    customers: tuple[Customer, ...]
    ends: tuple[int | None, ...]
    people: tuple[Person, ...]
    contracts: tuple[Contract, ...]
    tickets: tuple[Ticket, ...]
    answers: tuple[Answer, ...]
    touchpoints: tuple[Touchpoint, ...]
    confirmations: tuple[Confirmation, ...]
    usage: usage.Usage
    truths: tuple[Truth, ...]


def _lives(seed: int, span: Span, accounts: int) -> tuple[Life, ...]:
    customers = book(seed, span, accounts)
    told = fates.fates(seed, span, customers)
    found = []
    for customer in customers:
        fate = told[customer.number]
        due = fates.staggered(customer, fate, span)
        staff = people(seed, span, due, fate)
        found.append(Life(seed, span, due, fate, staff, curves(seed, span, due, fate)))
    return tuple(found)


def _usage(lives: tuple[Life, ...], events: int) -> usage.Usage:
    """All usage, scaled so that about ``events`` happen."""
    chances = [life.chance(Stream.USAGE) for life in lives]
    paces = [pacing.pace(rng, life) for rng, life in zip(chances, lives, strict=True)]
    scale = events / max(1.0, sum(pace.total for pace in paces) * usage.KEPT_SHARE)
    parts = []
    offset = 0
    for rng, life, pace in zip(chances, lives, paces, strict=True):
        parts.append((usage.draw(rng, life, pace, scale), offset))
        offset += len(life.people)
    return usage.joined(parts)


def make(
    *, seed: int, last_day: date, accounts: int = 300, events: int | None = None, days: int = HISTORY_DAYS
) -> World:
    """Invent a book with about ``events`` usage events in the ``days`` that end with ``last_day``."""
    span = Span(last=last_day, days=days)
    lives = _lives(seed, span, accounts)
    asked = [tickets(life) for life in lives]
    return World(
        seed=seed,
        span=span,
        customers=tuple(life.customer for life in lives),
        ends=tuple(life.fate.ends for life in lives),
        people=tuple(person for life in lives for person in life.people),
        contracts=tuple(contract for life in lives for contract in contracts(life)),
        tickets=tuple(ticket for some in asked for ticket in some),
        answers=tuple(a for life, some in zip(lives, asked, strict=True) for a in answers(life, some)),
        touchpoints=tuple(touch for life in lives for touch in touchpoints(life)),
        confirmations=tuple(said for life in lives for said in confirmations(life)),
        usage=_usage(lives, events or EVENTS_PER_ACCOUNT * accounts),
        truths=tuple(life.fate.truth(life.customer.key, span) for life in lives),
    )
