"""The days of a world: day 0 is the first of its history, seconds count from that midnight, UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

import numpy as np
from numpy.random import Generator

DAY_SECONDS = 86_400


class Stream(IntEnum):
    """One independent stream of chance for each subject, so that a change in one leaves the others alone."""

    BOOK = 0
    CUSTOMER = 1
    PEOPLE = 2
    CONTRACTS = 3
    USAGE = 4
    TICKETS = 5
    ANSWERS = 6
    TOUCHPOINTS = 7
    PLANS = 8
    STORY = 9


def chance(seed: int, stream: Stream, number: int = 0) -> Generator:
    """The random stream of one subject of one account."""
    return np.random.default_rng([seed, int(stream), number])


@dataclass(frozen=True)
class Span:
    """The history of a world: ``days`` days that end with ``last``."""

    last: date
    days: int

    @property
    def first(self) -> date:
        """Day 0."""
        return self.last - timedelta(days=self.days - 1)

    def day(self, index: int) -> date:
        """The calendar day of an index, which may lie before or after the history."""
        return self.first + timedelta(days=index)

    def index(self, day: date) -> int:
        """The index of a calendar day."""
        return (day - self.first).days

    def weekday(self, index: int) -> int:
        """Monday is 0."""
        return (self.first.weekday() + index) % 7

    def moment(self, seconds: float) -> datetime:
        """The UTC moment that many seconds after the first midnight."""
        return datetime.combine(self.first, datetime.min.time(), tzinfo=UTC) + timedelta(seconds=int(seconds))

    def years_after(self, index: int, years: int) -> int:
        """The index of the same calendar day some years later (29 February counts as the 28th)."""
        day = self.day(index)
        if (day.month, day.day) == (2, 29):
            day = day.replace(day=28)
        return self.index(day.replace(year=day.year + years))


def working_moment(rng: Generator, day: float, utc_offset_hours: float) -> int:
    """A second within the working hours of that place on a day."""
    hour = float(np.clip(rng.normal(13.0, 2.6), 7.5, 19.5)) - utc_offset_hours
    return int(day * DAY_SECONDS + np.clip(hour, 0.1, 23.4) * 3600 + rng.integers(0, 1500))
