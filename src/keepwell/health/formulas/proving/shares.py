"""Shares with intervals that count accounts, and what a band meant."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from keepwell.health.formulas.proving.arrays import Z95, Bools, Ints


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval; `rows` it was counted over, `accounts` they belong to."""

    share: float
    low: float
    high: float
    rows: int
    accounts: int


def wilson(share: float, size: float) -> tuple[float, float]:
    """The 95 % interval of a share of `size` independent ones.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), 209-212.
    """
    if size <= 0:
        return 0.0, 1.0
    squared = Z95**2
    middle = (share + squared / (2 * size)) / (1 + squared / size)
    reach = Z95 * sqrt(share * (1 - share) / size + squared / (4 * size**2)) / (1 + squared / size)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share_of(hit: Bools, accounts: Ints) -> Share:
    """The share of rows that were hit, its interval widened by how alike an account's rows are.

    The rows count as many as would have the variance seen between accounts: L. Kish, "Survey Sampling" (1965), chapter 5;
    E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998), 193-201 (Wilson over effective sizes).
    """
    if not hit.size:
        return Share(float("nan"), 0.0, 1.0, 0, 0)
    share = float(hit.mean())
    _, group = np.unique(accounts, return_inverse=True)
    size = int(group.max()) + 1
    low, high = wilson(share, _effective(hit, group, size, share))
    return Share(share, low, high, int(hit.size), size)


def _effective(hit: Bools, group: Ints, size: int, share: float) -> float:
    if size < 2 or share in (0.0, 1.0):
        return float(size)
    residual = np.bincount(group, hit - share, size)
    variance = size / (size - 1) * float((residual**2).sum()) / hit.size**2
    if variance <= 0:
        return float(hit.size)
    return min(float(hit.size), share * (1 - share) / variance)
