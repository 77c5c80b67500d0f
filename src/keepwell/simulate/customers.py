"""The accounts of the invented book: who they are, what they pay, and when their contracts come up."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from keepwell.simulate.names import companies
from keepwell.simulate.names.cultures import Culture, all_cultures
from keepwell.simulate.span import Span, Stream, chance

OLDEST_DAYS = 4 * 365
YOUNGEST_DAYS = 30


@dataclass(frozen=True)
class Tier:
    """A size of customer: its share of the book, and the log-normal that its yearly price is drawn from."""

    slug: str
    share: float
    median_arr: float
    spread: float
    least_arr: float
    most_arr: float
    leaving_weight: float


TIERS = (
    Tier("enterprise", 0.15, 190_000, 0.55, 100_000, 2_000_000, 0.6),
    Tier("mid", 0.35, 45_000, 0.40, 20_000, 99_000, 1.0),
    Tier("small", 0.50, 10_500, 0.35, 5_000, 19_900, 1.2),
)


@dataclass(frozen=True)
class Customer:
    """One account. Days are indices of the span; ``renewals`` are the days on which a term ends.

    ``warmth`` shifts what its people answer, ``attendance`` and ``diligence`` are its ordinary chances that
    an executive comes to a review and that the plan is confirmed; ``phase`` (days) staggers surveys and
    reviews.
    """

    number: int
    key: str
    name: str
    domain: str
    culture: Culture
    country: str
    industry: str
    tier: Tier
    arr: int
    seats: int
    start: int
    renewals: tuple[int, ...]
    warmth: float
    attendance: float
    diligence: float
    phase: int

    @property
    def currency(self) -> str:
        """What it pays in."""
        return self.culture.currency


def _price(rng: Generator, tier: Tier) -> int:
    arr = float(np.exp(rng.normal(np.log(tier.median_arr), tier.spread)))
    return int(round(float(np.clip(arr, tier.least_arr, tier.most_arr)) / 100.0) * 100)


def _renewals(rng: Generator, span: Span, start: int, tier: Tier) -> tuple[int, ...]:
    years = 2 if tier.slug == "enterprise" and rng.random() < 0.2 else 1
    ends = []
    end = span.years_after(start, years)
    while end < span.days + 400:
        ends.append(end)
        end = span.years_after(start, years * (len(ends) + 1))
    return tuple(ends) or (end,)


def _tiers(rng: Generator, accounts: int) -> list[Tier]:
    """Tiers in their exact shares, shuffled."""
    edges = np.cumsum([tier.share for tier in TIERS])[:-1] * accounts
    drawn = np.searchsorted(edges, rng.permutation(accounts), side="right")
    return [TIERS[int(i)] for i in drawn]


def _customer(rng: Generator, span: Span, number: int, tier: Tier, taken: set[str]) -> Customer:
    cultures = all_cultures()
    weights = np.array([culture.weight for culture in cultures])
    culture = cultures[int(rng.choice(len(cultures), p=weights / weights.sum()))]
    industry = companies.INDUSTRIES[int(rng.integers(len(companies.INDUSTRIES)))]
    name, label = companies.company(rng, culture, industry, taken)
    start = span.days - int(rng.integers(YOUNGEST_DAYS, OLDEST_DAYS))
    arr = _price(rng, tier)
    return Customer(
        number=number,
        key=f"FH-{number:04d}",
        name=name,
        domain=f"{label}.example",
        culture=culture,
        country=culture.countries[int(rng.integers(len(culture.countries)))],
        industry=industry,
        tier=tier,
        arr=arr,
        seats=max(3, round(0.06 * arr**0.5 * float(rng.uniform(0.8, 1.25)))),
        start=start,
        renewals=_renewals(rng, span, start, tier),
        warmth=float(rng.normal(0.0, 0.7)),
        attendance=float(rng.beta(12.0, 1.3)),
        diligence=float(rng.beta(10.0, 1.2)),
        phase=int(rng.integers(0, 91)),
    )


def book(seed: int, span: Span, accounts: int) -> tuple[Customer, ...]:
    """The whole invented book."""
    taken: set[str] = set()
    tiers = _tiers(chance(seed, Stream.BOOK), accounts)
    return tuple(
        _customer(chance(seed, Stream.CUSTOMER, number), span, number, tier, taken)
        for number, tier in enumerate(tiers, start=1001)
    )
