"""The area under the ROC curve, its uncertainty, and differences of two."""

from dataclasses import dataclass
from math import erfc, exp, isnan, log, sqrt

import numpy as np
import numpy.typing as npt

from keepwell.health.formulas.proving import shares
from keepwell.health.formulas.proving.arrays import Z95, Bools, Floats, Ints


@dataclass(frozen=True)
class Area:
    """An AUC with its 95 % interval by account, and the standard errors by account and, naively, by row."""

    auc: float
    low: float
    high: float
    error: float
    naive_error: float


def auc(risk: Floats, left: Bools) -> float:
    """The chance that a row that leads to departure has a higher risk than one that does not; ties count half.

    0.5 is no better than a coin, 1 is perfect, 0 is perfectly wrong. NaN when one of the two kinds is missing.
    J. A. Hanley and B. J. McNeil, "The Meaning and Use of the Area under a ROC Curve", Radiology 143 (1982), 29-36.
    """
    above, _ = placements(risk, left)
    return float(above.mean()) if above.size and above.size < left.size else float("nan")


def placements(risk: Floats, left: Bools) -> tuple[Floats, Floats]:
    """For each row that leads to departure the share of others below it; for each other the share of those above it.

    E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), 837-845: their V10 and V01.
    """
    yes, no = risk[left], risk[~left]
    if not yes.size or not no.size:
        return np.zeros(yes.size), np.zeros(no.size)
    by_no, by_yes = np.sort(no), np.sort(yes)
    above = (np.searchsorted(by_no, yes, "left") + np.searchsorted(by_no, yes, "right")) / (2 * no.size)
    below = 1 - (np.searchsorted(by_yes, no, "left") + np.searchsorted(by_yes, no, "right")) / (2 * yes.size)
    return above, below


def delong_error(risk: Floats, left: Bools) -> float:
    """The standard error as if every row were an account of its own (DeLong 1988): too small where accounts repeat."""
    above, below = placements(risk, left)
    if above.size < 2 or below.size < 2:
        return float("nan")
    return float(np.sqrt(above.var(ddof=1) / above.size + below.var(ddof=1) / below.size))


def clustered_error(risk: Floats, left: Bools, accounts: Ints) -> float:
    """The standard error when rows of one account go together.

    N. A. Obuchowski, "Nonparametric Analysis of Clustered ROC Curve Data", Biometrics 53 (1997), 567-578.
    """
    above, below = placements(risk, left)
    if above.size < 2 or below.size < 2:
        return float("nan")
    area = float(above.mean())
    _, group = np.unique(accounts, return_inverse=True)
    size = int(group.max()) + 1
    yes = np.bincount(group[left], above - area, size)
    no = np.bincount(group[~left], below - area, size)
    with_yes = int((np.bincount(group[left], minlength=size) > 0).sum())
    with_no = int((np.bincount(group[~left], minlength=size) > 0).sum())
    if with_yes < 2 or with_no < 2:
        return float("nan")
    variance = (
        with_yes / (with_yes - 1) * float((yes**2).sum()) / above.size**2
        + with_no / (with_no - 1) * float((no**2).sum()) / below.size**2
        + 2 * size / (size - 1) * float((yes * no).sum()) / (above.size * below.size)
    )
    return sqrt(max(variance, 0.0))


def p_value(area: float, error: float) -> float:
    """How often chance alone would lie as far from 0.5, both ways; 1 where nothing can be said."""
    if not error > 0:
        return 1.0
    return erfc(abs(area - 0.5) / error / sqrt(2))


def measured(risk: Floats, left: Bools, accounts: Ints) -> Area:
    """AUC with its interval by account, on the scale of log-odds: it stays within 0 and 1 and holds where AUCs are high.

    M. S. Pepe, "The Statistical Evaluation of Medical Tests" (2003), section 5.2. Where all pairs are in one order there is no
    error to go by; then the interval is that of a share of the accounts that left (Wilson).
    """
    found, error = auc(risk, left), clustered_error(risk, left, accounts)
    low, high = _around(found, error, np.unique(accounts[left]).size)
    return Area(found, low, high, error, delong_error(risk, left))


def _around(area: float, error: float, leavers: int) -> tuple[float, float]:
    if isnan(area):
        return area, area
    if not error > 0:
        return shares.wilson(area, leavers)
    odds, reach = log(area / (1 - area)), Z95 * error / (area * (1 - area))
    return 1 / (1 + exp(reach - odds)), 1 / (1 + exp(-reach - odds))


class Resampled:
    """AUCs over draws of accounts with replacement, the same draws for every risk, so that differences are paired.

    B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13 (percentile interval); whole accounts
    are drawn: C. A. Field and A. H. Welsh, JRSS B 69 (2007), 369-390. The draws hang on `seed` alone: same rows, same result.
    """

    def __init__(self, accounts: Ints, left: Bools, *, draws: int = 400, seed: int = 1) -> None:
        self.left = left
        _, self.group = np.unique(accounts, return_inverse=True)
        size = int(self.group.max()) + 1 if self.group.size else 0
        random = np.random.default_rng(seed)
        self.counts = [
            np.bincount(random.integers(0, size, size), minlength=size).astype(float) for _ in range(draws)
        ]

    def areas(self, risk: Floats, among: Bools) -> Floats:
        """The AUC of each draw, over the rows `among`."""
        values, place = np.unique(risk[among], return_inverse=True)
        group, left = self.group[among], self.left[among]
        found = [_weighted(place, counts[group], left, values.size) for counts in self.counts]
        return np.array(found)

    def area(self, risk: Floats, among: Bools) -> Area:
        """AUC and interval over the rows `among`."""
        return measured(risk[among], self.left[among], self.group[among].astype(np.int64))

    def difference(self, one: Floats, other: Floats, among: Bools) -> tuple[float, float, float]:
        """By how much the AUC of one is above the other's on the same rows, with its 95 % interval."""
        drawn = self.areas(one, among) - self.areas(other, among)
        left = self.left[among]
        return auc(one[among], left) - auc(other[among], left), *interval(drawn)


def interval(drawn: Floats) -> tuple[float, float]:
    """The middle 95 % of what was drawn; draws without both kinds of rows say nothing."""
    told = drawn[~np.isnan(drawn)]
    if not told.size:
        return float("nan"), float("nan")
    low, high = np.quantile(told, [0.025, 0.975])
    return float(low), float(high)


def _weighted(place: npt.NDArray[np.intp], weight: Floats, left: Bools, size: int) -> float:
    yes = np.bincount(place[left], weight[left], size)
    no = np.bincount(place[~left], weight[~left], size)
    pairs = yes.sum() * no.sum()
    if not pairs:
        return float("nan")
    return float((yes * (np.cumsum(no) - no / 2)).sum() / pairs)
