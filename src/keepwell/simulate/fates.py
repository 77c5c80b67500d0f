"""Who leaves, when and why; who only looks like it. Shares are met exactly, whom they strike is chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from keepwell.simulate.customers import Customer
from keepwell.simulate.span import Span, Stream, chance
from keepwell.simulate.truth import LEAVING_SHARE, SCARE_SHARE, SHARES, Cause, Scare, Truth

# Days between the onset and the end of the contract: each cause has its own delay.
LEAD_DAYS = {
    Cause.CHAMPION_LEFT: (90, 200),
    Cause.SILENT: (120, 240),
    Cause.SERVICE: (100, 200),
    Cause.BUDGET: (40, 90),
}
LATE_CAUSES = (Cause.SERVICE, Cause.CHAMPION_LEFT, Cause.SERVICE, Cause.SILENT)
LATE_ONSET_DAYS = (15, 21)
AHEAD_DAYS = 200


@dataclass(frozen=True)
class Fate:
    """The story of one customer in day indices; ``ends`` is the first day it is no customer any more."""

    cause: Cause | None = None
    scare: Scare | None = None
    onset: int | None = None
    ends: int | None = None
    late: bool = False
    depth: float = 0.0

    def truth(self, key: str, span: Span) -> Truth:
        """The same, in calendar days."""
        return Truth(
            account=key,
            cause=self.cause,
            scare=self.scare,
            onset=None if self.onset is None else span.day(self.onset),
            last_day=None if self.ends is None else span.day(self.ends - 1),
            late=self.late,
        )


def _quota(total: int, shares: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the shares that add up to the total (largest remainder)."""
    exact = np.array(shares) / sum(shares) * total
    counts = np.floor(exact).astype(int)
    for i in np.argsort(counts - exact, kind="stable")[: total - int(counts.sum())]:
        counts[i] += 1
    return [int(count) for count in counts]


def _candidates(customer: Customer, span: Span, least: int, most: int) -> list[int]:
    return [day for day in customer.renewals if least <= day <= span.days + most]


def _draw(rng: Generator, pool: list[Customer], count: int) -> list[Customer]:
    if not pool or not count:
        return []
    weights = np.array([customer.tier.leaving_weight for customer in pool])
    chosen = rng.choice(len(pool), size=min(count, len(pool)), replace=False, p=weights / weights.sum())
    return [pool[int(i)] for i in chosen]


def _leaver(rng: Generator, customer: Customer, span: Span, cause: Cause) -> Fate:
    depth = float(rng.uniform(0.6, 1.0))
    if cause is Cause.NEVER_ADOPTED:
        onset = customer.start + int(rng.integers(20, 50))
        return Fate(cause=cause, onset=onset, ends=customer.renewals[0], depth=depth)
    ends = int(rng.choice(_candidates(customer, span, 120, AHEAD_DAYS)))
    if cause is Cause.UNSEEN:
        return Fate(cause=cause, ends=ends)
    return Fate(cause=cause, onset=ends - int(rng.integers(*LEAD_DAYS[cause])), ends=ends, depth=depth)


def _may(customer: Customer, span: Span, cause: Cause) -> bool:
    if cause is Cause.NEVER_ADOPTED:
        return customer.start >= -60 and customer.renewals[0] <= span.days + AHEAD_DAYS
    return bool(_candidates(customer, span, 120, AHEAD_DAYS))


def _late(rng: Generator, customer: Customer, span: Span, turn: int) -> Fate:
    onset = span.days - int(rng.integers(*LATE_ONSET_DAYS))
    ends = _candidates(customer, span, span.days + 20, AHEAD_DAYS)[0]
    cause = LATE_CAUSES[turn % len(LATE_CAUSES)]
    return Fate(cause=cause, onset=onset, ends=ends, late=True, depth=1.0)


def _scared(rng: Generator, customer: Customer, span: Span, scare: Scare) -> Fate:
    depth = float(rng.uniform(0.6, 1.0))
    if scare is Scare.QUIET:
        return Fate(scare=scare, onset=customer.start, depth=depth)
    near = int(rng.choice(_candidates(customer, span, 120, AHEAD_DAYS)))
    return Fate(scare=scare, onset=near - int(rng.integers(60, 200)), depth=depth)


def late_count(accounts: int) -> int:
    """How many accounts fall in the last fortnight: five to ten in a book of a hundred and more."""
    return min(10, max(5, round(accounts / 30))) if accounts >= 100 else accounts // 20


def fates(seed: int, span: Span, customers: Sequence[Customer]) -> dict[int, Fate]:
    """The fate of every customer, by its number."""
    rng = chance(seed, Stream.STORY)
    told: dict[int, Fate] = {}

    def free(may: list[Customer]) -> list[Customer]:
        return [customer for customer in may if customer.number not in told]

    slow = [c for c in customers if c.tier.slug != "small" and c.start < span.days - 300]
    slow = [c for c in slow if _candidates(c, span, span.days + 20, AHEAD_DAYS)]
    for turn, customer in enumerate(_draw(rng, slow, late_count(len(customers)))):
        told[customer.number] = _late(rng, customer, span, turn)
    counts = _quota(round(LEAVING_SHARE * len(customers)), list(SHARES.values()))
    for cause, count in zip(SHARES, counts, strict=True):
        pool = free([customer for customer in customers if _may(customer, span, cause)])
        for customer in _draw(rng, pool, count):
            told[customer.number] = _leaver(rng, customer, span, cause)
    counts = _quota(round(SCARE_SHARE * len(customers)), [1.0] * len(Scare))
    for scare, count in zip(Scare, counts, strict=True):
        pool = free([customer for customer in customers if _may(customer, span, Cause.UNSEEN)])
        for customer in _draw(rng, pool, count):
            told[customer.number] = _scared(rng, customer, span, scare)
    return {customer.number: told.get(customer.number, Fate()) for customer in customers}


def staggered(customer: Customer, fate: Fate, span: Span) -> Customer:
    """A late account was middling before; its survey wave and review fall due days before the last day."""
    if not fate.late:
        return customer
    due = (span.days - 6 - customer.start) % 91
    return replace(customer, phase=due, attendance=0.65, diligence=0.7, warmth=-0.2)
