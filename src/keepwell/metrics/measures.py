"""The ways to measure an account: small declarations that the formulas know how to evaluate."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class DistinctPeople:
    """How many named people used the product in the window."""

    window_days: int


@dataclass(frozen=True)
class ActiveDays:
    """On how many days of the window anybody used the product."""

    window_days: int


@dataclass(frozen=True)
class FeatureShare:
    """The share of the declared features (setting `features`) that were used in the window, in percent."""

    window_days: int


@dataclass(frozen=True)
class Utilisation:
    """Named people of the window against the seats of the contracts that are active on the day, in percent.
    Named people of the window against the seats of the contracts that are active on the day, in percent.
    """

    window_days: int


@dataclass(frozen=True)
class MonthlyRate:
    """How many events of one name fell into the window, per 30 days.

    Silence means zero only once the company's feed speaks at all: before any account's first event of a
    name in `feed` the rate is unknown.
    """

    name: str
    window_days: int
    feed: tuple[str, ...]


@dataclass(frozen=True)
class NetPromoter:
    """Promoters (9, 10) less detractors (0 to 6) in percent, over each person's last NPS answer in the
    window.
    """

    window_days: int


@dataclass(frozen=True)
class DaysSince:
    """Whole days from the last event of one name to the day asked."""

    window_days: ClassVar[None] = None
    name: str


@dataclass(frozen=True)
class MeanValue:
    """The mean value of the events of one name in the window, times a scale."""

    name: str
    scale: float
    window_days: int


Measure = (
    DistinctPeople
    | ActiveDays
    | FeatureShare
    | Utilisation
    | MonthlyRate
    | NetPromoter
    | DaysSince
    | MeanValue
)
