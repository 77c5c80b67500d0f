"""Is a day's volume usual, against the same weekdays of its own past?"""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from keepwell.intake.formulas import counting

WEEK = 7
MOST_WEEKS, LEAST_WEEKS = 8, 3
# A quiet source may be told wrongly about one day in a thousand.
RATE = 0.001
_OUTLYING = 5
_MAD_TO_SIGMA = 1.4826


class Past(NamedTuple):
    """What earlier days teach about one day: the sum of so many same weekdays, and how much wider than Poisson they vary."""

    total: float
    weeks: int
    dispersion: float


def past(days: Sequence[int]) -> Past | None:
    """What the days before one teach about it: dense daily counts, the latest last; None with less than three weeks.

    At most eight weeks count. Within each weekday a count further than five robust standard deviations (median and MAD, or
    the Poisson width where that is wider) from the median is drawn in to that distance, so that an outage or a
    flood teaches nothing. The dispersion is Pearson's χ² over its degrees of freedom, all weekdays together, and at
    least 1 (McCullagh and Nelder, Generalized Linear Models, 2nd edition, section 6.2.3). No peeking: the day
    itself is not among them.
    """
    weeks = min(len(days) // WEEK, MOST_WEEKS)
    if weeks < LEAST_WEEKS:
        return None
    recent = days[-weeks * WEEK :]
    weekdays = [_drawn_in(recent[weekday::WEEK]) for weekday in range(WEEK)]
    squares = sum(_pearson(counts) for counts in weekdays)
    freedom = sum(weeks - 1 for counts in weekdays if any(counts))
    return Past(sum(weekdays[0]), weeks, max(1.0, squares / freedom) if freedom else 1.0)


def judge(count: int, known: Past, *, rate: float = RATE) -> str:
    """ "low", "high" or "usual"; a stationary Poisson day is called unusual at most at the rate."""
    scaled, total = count / known.dispersion, known.total / known.dispersion
    if counting.few(scaled, total=total, times=known.weeks) < rate / 2:
        return "low"
    return "high" if counting.many(scaled, total=total, times=known.weeks) < rate / 2 else "usual"


def usual(known: Past, *, rate: float = RATE) -> counting.Interval:
    """The counts that `judge` calls usual."""
    return counting.interval(total=known.total, times=known.weeks, dispersion=known.dispersion, rate=rate)


def _drawn_in(counts: Sequence[int]) -> list[float]:
    middle = median(counts)
    spread = _MAD_TO_SIGMA * median(abs(count - middle) for count in counts)
    reach = _OUTLYING * max(spread, (middle + 1) ** 0.5)
    return [min(max(count, middle - reach), middle + reach) for count in counts]


def _pearson(counts: Sequence[float]) -> float:
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / mean if mean else 0.0
