"""Contracts: one a term, signed before it starts, changed in between, not renewed when the account leaves."""

from dataclasses import dataclass

from numpy.random import Generator

from keepwell.simulate.lives import Life
from keepwell.simulate.span import DAY_SECONDS, Stream
from keepwell.simulate.truth import Cause


@dataclass(frozen=True)
class Change:
    """What a contract is worth from a moment on (seconds of the span)."""

    at: int
    arr: int
    seats: int


@dataclass(frozen=True)
class Contract:
    """One term; the first change is its signing, ``end`` the first day it does not cover."""

    key: str
    account: str
    start: int
    end: int
    changes: tuple[Change, ...]


def _scaled(at: int, last: Change, factor: float) -> Change:
    arr = int(round(last.arr * factor / 100) * 100)
    return Change(at=at, arr=max(1000, arr), seats=max(2, round(last.seats * factor)))


def _renewed(rng: Generator, at: int, last: Change) -> Change:
    """Most renew as they are with an uplift; some grow, a few shrink."""
    draw = float(rng.random())
    if draw < 0.30:
        return _scaled(at, last, float(rng.uniform(1.08, 1.40)))
    if draw < 0.38:
        return _scaled(at, last, float(rng.uniform(0.70, 0.92)))
    return Change(at=at, arr=int(round(last.arr * 1.03 / 100) * 100), seats=last.seats)


def _midterm(rng: Generator, life: Life, start: int, end: int, last: Change) -> list[Change]:
    """Some grow within the term; some whose budget is cut give back seats."""
    fate, changes = life.fate, []
    if rng.random() < 0.16:
        at = life.moment(rng, int(rng.integers(start + 60, end - 60)))
        changes.append(_scaled(at, last, float(rng.uniform(1.10, 1.45))))
    if fate.cause is Cause.BUDGET and fate.ends == end and fate.onset is not None and rng.random() < 0.4:
        at = life.moment(rng, fate.onset + int(rng.integers(2, 20)))
        changes = [change for change in changes if change.at < at]
        changes.append(_scaled(at, changes[-1] if changes else last, float(rng.uniform(0.6, 0.85))))
    return changes


def contracts(life: Life) -> tuple[Contract, ...]:
    """Every term that was signed by the end of the span, from the account's first."""
    rng, customer, ends = life.chance(Stream.CONTRACTS), life.customer, life.fate.ends
    found: list[Contract] = []
    start = customer.start
    last = Change(life.moment(rng, start - 7), customer.arr, customer.seats)
    for turn, end in enumerate(customer.renewals, start=1):
        if ends is not None and start >= ends:
            break
        if turn > 1:
            last = _renewed(rng, life.moment(rng, start - int(rng.integers(3, 45))), last)
        changes = (last, *_midterm(rng, life, start, end, last))
        if last.at >= life.span.days * DAY_SECONDS:
            break
        found.append(Contract(f"C-{customer.number}-{turn}", customer.key, start, end, changes))
        last, start = changes[-1], end
    return tuple(found)
