"""Support tickets: how many, how grave, whether they escalate, and when they are resolved."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from keepwell.simulate.lives import Life
from keepwell.simulate.span import Stream
from keepwell.simulate.words import SUBJECTS, pick

MONTHLY = {"enterprise": 1.8, "mid": 0.8, "small": 0.3}
SEVERITIES = ("low", "normal", "high", "critical")
KINDS = ("defect", "question", "training_request", "product_gap")


@dataclass(frozen=True)
class Ticket:
    """One ticket; moments are seconds of the span."""

    key: str
    account: str
    person: str
    subject: str
    kind: str
    severity: str
    first_contact: bool
    opened: int
    escalated: int | None
    resolved: int


def _ticket(rng: Generator, life: Life, number: int, day: int) -> Ticket:
    present = life.present(day) or list(life.people)
    opened = life.moment(rng, day)
    escalates = float(rng.random()) < float(life.curves.escalating[day])
    grave = (0.05, 0.25, 0.45, 0.25) if escalates else (0.32, 0.52, 0.13, 0.03)
    kind = KINDS[int(rng.choice(4, p=(0.6, 0.15, 0.05, 0.2) if escalates else (0.35, 0.35, 0.12, 0.18)))]
    escalated = opened + int(rng.uniform(3, 60) * 3600) if escalates else None
    hours = float(np.clip(rng.lognormal(np.log(20), 1.0), 0.3, 900)) * (2.5 if escalates else 1.0)
    return Ticket(
        key=f"T-{life.customer.number}-{number}",
        account=life.customer.key,
        person=present[int(rng.integers(len(present)))].key,
        subject=pick(rng, SUBJECTS[kind]),
        kind=kind,
        severity=SEVERITIES[int(rng.choice(4, p=grave))],
        first_contact=not escalates and bool(rng.random() < 0.62),
        opened=opened,
        escalated=escalated,
        resolved=max(opened + int(hours * 3600), (escalated or opened) + 1800),
    )


def tickets(life: Life) -> tuple[Ticket, ...]:
    """Every ticket an account opens within the span."""
    rng, days = life.chance(Stream.TICKETS), life.days
    weekday = (life.span.first.weekday() + days) % 7
    starting = 1 + 0.8 * np.exp(-np.clip(days - life.customer.start, 0, None) / 60)
    rate = MONTHLY[life.customer.tier.slug] / 21 * starting * life.curves.tickets[days]
    opened = np.repeat(days, rng.poisson(np.where(weekday < 5, rate, rate * 0.1)))
    return tuple(_ticket(rng, life, number, int(day)) for number, day in enumerate(opened, start=1))
