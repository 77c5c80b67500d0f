"""How often does a source send something, and is it overdue?"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

HOURS_A_WEEK = 168
MOST_WEEKS, LEAST_WEEKS = 12, 3
# Three weeks of days, the first and the last counted.
LEAST_HOURS = 20 * 24
_MAD_TO_SIGMA = 1.4826
_SLACK, _SIGMAS = 1.25, 3


class Cadence(NamedTuple):
    """The usual longest silence, and the silence from which on it is overdue; both in hours."""

    usual_hours: float
    limit_hours: float


def learn(hours: Sequence[int]) -> Cadence | None:
    """The cadence in a series of hours (ascending, distinct) in which something arrived; None with too little history.

    Of each of the last twelve weeks in which a silence ended, the longest counts: so nights and weekends belong to the
    cadence. Usual is their median, so that one outage teaches nothing. Overdue is a silence longer than a quarter more,
    or than three robust standard deviations (1.4826 MAD; Rousseeuw and Croux, JASA 88, 1993) more where silences
    vary, and one hour for the rounding of the hours. Three weeks are needed: a monthly feed is learned after three months.
    """
    if not hours or hours[-1] - hours[0] < LEAST_HOURS:
        return None
    since = hours[-1] - MOST_WEEKS * HOURS_A_WEEK
    longest: dict[int, int] = {}
    for before, hour in pairwise(hours):
        if hour > since:
            week = hour // HOURS_A_WEEK
            longest[week] = max(longest.get(week, 0), hour - before)
    if len(longest) < LEAST_WEEKS:
        return None
    usual = float(median(longest.values()))
    spread = _MAD_TO_SIGMA * median(abs(gap - usual) for gap in longest.values())
    return Cadence(usual, max(_SLACK * usual, usual + _SIGMAS * spread) + 1)
