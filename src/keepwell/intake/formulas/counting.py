"""Is a count more or less than its past lets one expect? An exact test, and the interval it gives."""

from collections.abc import Callable
from math import exp, lgamma, log
from typing import NamedTuple

_STEPS = 300
_TINY = 1e-300


class Interval(NamedTuple):
    """The counts that would surprise nobody, both ends included, and the mean expected."""

    low: int
    mean: float
    high: int


def few(count: float, *, total: float, times: int) -> float:
    """The probability of at most `count` when `times` such counts before came to `total`.

    If all of them are Poisson of one mean, then, given their sum, the new one is binomial with 1 / (times + 1): an exact test
    whatever the mean (Przyborowski and Wilenski, Biometrika 31, 1940, p. 313). Counts need not be whole, so that
    overdispersed ones can be divided by their dispersion first (quasi-likelihood). 0 to 1; 1 means: not few at all.
    """
    return _beta(times / (times + 1), total, count + 1)


def many(count: float, *, total: float, times: int) -> float:
    """The probability of at least `count`; see `few`."""
    return _beta(1 / (times + 1), count, total + 1)


def interval(*, total: float, times: int, dispersion: float, rate: float) -> Interval:
    """The counts that `few` and `many` find likelier than half the rate each, for counts with a dispersion ≥ 1."""
    least, scaled, mean = rate / 2, total / dispersion, total / times
    low = _first(lambda count: few(count / dispersion, total=scaled, times=times) >= least)
    above = _first(lambda count: many(count / dispersion, total=scaled, times=times) < least)
    return Interval(low, mean, max(low, above - 1))


def _first(fits: Callable[[int], bool]) -> int:
    """The least whole number ≥ 0 that fits, if all above it do."""
    if fits(0):
        return 0
    above = 1
    while not fits(above):
        above *= 2
    below = above // 2
    while above - below > 1:
        middle = (above + below) // 2
        below, above = (below, middle) if fits(middle) else (middle, above)
    return above


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction.

    Press et al., Numerical Recipes, 3rd edition, section 6.4. At the edge a = 0 it is 1.
    """
    if a <= 0:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(x, a, b) / a)
    return max(0.0, 1 - front * _fraction(1 - x, b, a) / b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return value


def _away(value: float) -> float:
    """The value, kept away from zero."""
    return value if abs(value) > _TINY else _TINY
