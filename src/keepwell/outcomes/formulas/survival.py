"""How long it takes until something happens, where some have not come there yet: the Kaplan-Meier estimate. Pure.

E. L. Kaplan, P. Meier: Nonparametric estimation from incomplete observations, J. Am. Stat. Assoc. 53 (1958) 457-481. The
interval of the median is that of R. Brookmeyer, J. Crowley: A confidence interval for the median survival time, Biometrics 38
(1982) 29-41, on the log-log scale, with Greenwood's variance.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
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
    return counted(Counter(spans))


def counted(spans: Mapping[tuple[int, bool], int]) -> Estimate:
    """The same, where it is known how many there are of each."""
    came: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for (days, is_there), count in spans.items():
        (came if is_there else ended)[max(0, days)] += count
    steps = _steps(came, ended)
    if came.total() < LEAST:
        return Estimate(sum(spans.values()), came.total(), None, None, None, steps)
    return Estimate(
        sum(spans.values()),
        came.total(),
        next((step.days for step in steps if step.share <= 0.5), None),
        next((step.days for step in steps if step.low <= 0.5), None),
        next((step.days for step in steps if step.high <= 0.5), None),
        steps,
    )


def _steps(came: Counter[int], ended: Counter[int]) -> tuple[Step, ...]:
    found: list[Step] = []
    share, variance, there = 1.0, 0.0, came.total() + ended.total()
    for days in sorted(came | ended):
        here, gone = came[days], came[days] + ended[days]
        if not here:
            there -= gone
            continue
        share *= 1 - here / there
        if share > 0:
            variance += here / (there * (there - here))
            wide = Z * sqrt(variance) / abs(log(share)) if share < 1 else 0.0
            low, high = share ** exp(wide), share ** exp(-wide)
        else:
            low, high = 0.0, found[-1].high if found else 1.0
        found.append(Step(days, share, low, high))
        there -= gone
    return tuple(found)
