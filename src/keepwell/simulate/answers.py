"""Survey answers: quarterly NPS, CSAT after tickets, CES after onboarding; most people do not answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from keepwell.simulate.lives import Life
from keepwell.simulate.span import DAY_SECONDS, Stream
from keepwell.simulate.tickets import Ticket
from keepwell.simulate.words import comment

WAVE_DAYS = 91
ANSWERING = {"enterprise": 0.14, "mid": 0.22, "small": 0.30}


@dataclass(frozen=True)
class Answer:
    """One answer; ``at`` in seconds of the span."""

    key: str
    account: str
    person: str
    kind: str
    score: int
    comment: str
    at: int


@dataclass(frozen=True, order=True)
class _Said:
    at: int
    person: str
    kind: str
    score: int
    comment: str


def _score(rng: Generator, middle: float, low: int, high: int) -> int:
    return int(np.clip(round(middle + float(rng.normal(0, 0.11 * (high - low)))), low, high))


def _keenness(life: Life, day: int) -> float:
    """Those who drift away answer less, those who are upset answer more."""
    using = float(np.clip(life.curves.activity[day], 0.35, 1.0))
    return using + 0.25 * max(0.0, -float(life.curves.mood[day]))


def _nps(rng: Generator, life: Life) -> Iterator[_Said]:
    first = life.customer.start + life.customer.phase
    for day in range(first, life.end, WAVE_DAYS):
        if day < max(0, life.customer.start + 45):
            continue
        willing = ANSWERING[life.customer.tier.slug] * _keenness(life, day)
        for person in life.present(day):
            if float(rng.random()) < (0.6 if person.champion is not None else willing):
                middle = 8.9 + life.customer.warmth + person.temper + float(life.curves.mood[day])
                score = _score(rng, middle, 0, 10)
                at = life.moment(rng, day + int(rng.integers(0, 4)))
                yield _Said(at, person.key, "nps", score, comment(rng, score / 10))


def _csat(rng: Generator, life: Life, tickets: Sequence[Ticket]) -> Iterator[_Said]:
    for ticket in tickets:
        if float(rng.random()) < 0.35:
            day = min(life.span.days - 1, ticket.resolved // DAY_SECONDS)
            upset = 1.0 if ticket.escalated is not None else 0.0
            middle = 4.6 + 0.25 * life.customer.warmth + 0.35 * float(life.curves.mood[day]) - upset
            score = _score(rng, middle, 1, 5)
            at = ticket.resolved + int(rng.integers(600, 50_000))
            yield _Said(at, ticket.person, "csat", score, comment(rng, score / 5))


def _ces(rng: Generator, life: Life) -> Iterator[_Said]:
    day = life.customer.start + 80
    if 0 <= day < life.end:
        for person in life.present(day)[:6]:
            score = _score(rng, 5.6 + 0.4 * life.customer.warmth, 1, 7)
            yield _Said(life.moment(rng, day), person.key, "ces", score, "")


def answers(life: Life, tickets: Sequence[Ticket]) -> tuple[Answer, ...]:
    """Everything the people of an account answer while it is a customer."""
    rng = life.chance(Stream.ANSWERS)
    said = [*_nps(rng, life), *_csat(rng, life, tickets), *_ces(rng, life)]
    within = sorted(one for one in said if 0 <= one.at < life.end * DAY_SECONDS)
    number, key = life.customer.number, life.customer.key
    return tuple(
        Answer(f"S-{number}-{n}", key, one.person, one.kind, one.score, one.comment, one.at)
        for n, one in enumerate(within, start=1)
    )
