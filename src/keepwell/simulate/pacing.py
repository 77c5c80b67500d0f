"""How much each person of an account is expected to use the product each day, before chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from keepwell.simulate.customers import Customer
from keepwell.simulate.lives import Life
from keepwell.simulate.people import Person
from keepwell.simulate.span import Span

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_SEASONS = {"Retail": (300, 0.35), "Education": (300, 0.45), "Energy": (20, 0.2), "Construction": (170, 0.25)}


def _season(span: Span, customer: Customer, days: Ints) -> Floats:
    """Weekends, the year's end, summer, and the industry's own high season."""
    weekday = (span.first.weekday() + days) % 7
    year_day = (span.first.timetuple().tm_yday - 1 + days) % 365.25
    week = np.where(np.isin(weekday, customer.culture.weekend), 0.05, 1.0)
    summer = 1 - 0.18 * np.exp(-(((year_day - 217) / 22) ** 2))
    holidays = np.where((year_day >= 356) | (year_day < 3), 0.25, 1.0)
    peak, height = _SEASONS.get(customer.industry, (0, 0.0))
    industry = 1 + height * np.cos(2 * np.pi * (year_day - peak) / 365.25)
    return np.asarray(week * summer * holidays * industry, dtype=np.float64)


def _wobble(rng: Generator, count: int) -> Floats:
    """Week by week an account does more or less, and this lasts: a log-normal walk drawn back to 1."""
    weeks = count // 7 + 2
    steps = rng.normal(0.0, float(rng.uniform(0.08, 0.16)), weeks)
    level = np.zeros(weeks)
    for week in range(1, weeks):
        level[week] = 0.8 * level[week - 1] + steps[week]
    return np.asarray(np.exp(level)[np.arange(count) // 7], dtype=np.float64)


def _presence(people: Sequence[Person], days: Ints, weekday: Ints, holding: Floats) -> Floats:
    """Who is there, works that weekday and has not stopped: people × days of 0 and 1."""
    joined = np.array([person.joined for person in people])[:, None]
    left = np.array([10**6 if person.left is None else person.left for person in people])[:, None]
    off = np.array([-1 if person.day_off is None else person.day_off for person in people])[:, None]
    rank = np.array([person.rank for person in people])[:, None]
    there = (joined <= days) & (days < left) & (off != weekday) & (rank < holding)
    return np.asarray(there, dtype=np.float64)


@dataclass(frozen=True)
class Pace:
    """Days, and expected events as people × days."""

    days: Ints
    rates: Floats

    @property
    def total(self) -> float:
        """All events expected."""
        return float(self.rates.sum())


def pace(rng: Generator, life: Life) -> Pace:
    """The pace of one account from its start, or the first day, to its end."""
    days, people = life.days, life.people
    weekday = (life.span.first.weekday() + days) % 7
    starting = 0.25 + 0.75 * np.clip((days - life.customer.start) / 75, 0, 1)
    season = _season(life.span, life.customer, days)
    curve = season * starting * _wobble(rng, len(days)) * life.curves.activity[days]
    own = np.array([person.pace for person in people])[:, None]
    return Pace(days, own * curve * _presence(people, days, weekday, life.curves.people[days]))
