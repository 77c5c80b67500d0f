"""How long it takes until something happens, where some have not come there yet: the Kaplan-Meier estimate. Pure.

E. L. Kaplan, P. Meier: Nonparametric estimation from incomplete observations, J. Am. Stat. Assoc. 53 (1958) 457-481. The
interval of the median is that of R. Brookmeyer, J. Crowley: A confidence interval for the median survival time, Biometrics 38
(1982) 29-41, on the log-log scale, with Greenwood's variance.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

LEAST = 5
Z = 1.959963984540054


@dataclass(frozen=True)
class Step:
    """After `days`, this share has not come there yet; `low` and `high` hold it with 95 %."""

    days: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """`median` days with the interval that holds it with 95 %; None where the curve or its bound does not fall to a half.

    `came` of `all` have come there; the others count as long as they were looked at. With fewer than `LEAST` who came no
    median is told.
    """

    all: int
    came: int
    median: int | None
    low: int | None
    high: int | None
    steps: tuple[Step, ...]

    @property
    def is_thin(self) -> bool:
        """Whether too few came there."""
        return self.came < LEAST

    def share_by(self, days: int) -> float | None:
        """The share that came there within so many days; None where nobody was looked at so long."""
        if not self.steps and not self.all:
            return None
        left = [step.share for step in self.steps if step.days <= days]
        return 1 - (left[-1] if left else 1.0)


def estimate(spans: Iterable[tuple[int, bool]]) -> Estimate:
    """Of spans in days, each with whether it came there at its end (else it was looked at for so long)."""
    told = sorted((max(0, days), came) for days, came in spans)
    came = sum(one for _, one in told)
    steps = _steps(told)
    if came < LEAST:
        return Estimate(len(told), came, None, None, None, steps)
    return Estimate(
        len(told),
        came,
        next((step.days for step in steps if step.share <= 0.5), None),
        next((step.days for step in steps if step.low <= 0.5), None),
        next((step.days for step in steps if step.high <= 0.5), None),
        steps,
    )


def _steps(told: Sequence[tuple[int, bool]]) -> tuple[Step, ...]:
    found: list[Step] = []
    share, variance, at = 1.0, 0.0, 0
    for days in sorted({days for days, came in told if came}):
        while at < len(told) and told[at][0] < days:
            at += 1
        there = len(told) - at
        came = sum(1 for on, one in told if on == days and one)
        share *= 1 - came / there
        if share > 0:
            variance += came / (there * (there - came))
            wide = Z * sqrt(variance) / abs(log(share)) if share < 1 else 0.0
            low, high = share ** exp(wide), share ** exp(-wide)
        else:
            low, high = 0.0, found[-1].high if found else 1.0
        found.append(Step(days, share, low, high))
    return tuple(found)
