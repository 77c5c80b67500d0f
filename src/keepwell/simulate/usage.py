"""Usage of the product: who used which feature when, drawn day by day from each account's curves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from keepwell.simulate.catalogue import FEATURES, Rhythm
from keepwell.simulate.customers import Customer
from keepwell.simulate.lives import Life
from keepwell.simulate.pacing import Ints, Pace
from keepwell.simulate.span import DAY_SECONDS, Span

Floats = npt.NDArray[np.float64]
_WEIGHTS = np.array([feature.weight for feature in FEATURES])
_IS_CORE = np.array([feature.core for feature in FEATURES])
# Of the uses drawn, three in four are kept in a book of any size; the rest meets an unused feature.
KEPT_SHARE = 0.75
_HOME = next(i for i, feature in enumerate(FEATURES) if feature.slug == "home")


@dataclass(frozen=True)
class Usage:
    """Events as columns, in order of ``at`` (seconds of the span); ``person`` indexes the world's people."""

    number: Ints
    at: Ints
    arrived: Ints
    person: Ints
    feature: Ints

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Usage":
        """The chosen events, in order of arrival."""
        places = np.flatnonzero(chosen)
        places = places[np.argsort(self.arrived[places], kind="stable")]
        return self.take(places)

    def take(self, places: Ints | slice) -> "Usage":
        """The events at some places, in the order given."""
        columns = (self.number, self.at, self.arrived, self.person, self.feature)
        return Usage(*(column[places] for column in columns))

    def between(self, since: int, until: int) -> "Usage":
        """The events that arrive from ``since`` to before ``until``."""
        return self.where((self.arrived >= since) & (self.arrived < until))


def _adoption(rng: Generator, customer: Customer) -> tuple[Ints, Floats]:
    """The day each feature is taken up (never = far away), and its rank in holding on when use narrows."""
    share = np.where(_IS_CORE, rng.beta(7.0, 2.2), rng.beta(3.0, 2.5))
    taken = rng.random(len(FEATURES)) < share
    taken[_HOME] = True
    later = np.where(rng.random(len(FEATURES)) < 0.8, 0, 200) + rng.integers(0, 75, len(FEATURES))
    first = customer.start + later
    first[_HOME] = customer.start
    rank = rng.random(len(FEATURES))
    rank[_HOME] = 0.0
    return np.where(taken, first, 10**6), rank


def _in_rhythm(rng: Generator, span: Span, day: Ints, feature: Ints) -> npt.NDArray[np.bool_]:
    """Drops most uses of a feature with a rhythm that fall outside it."""
    rhythm = np.array([list(Rhythm).index(f.rhythm) for f in FEATURES])[feature]
    monday = (span.first.weekday() + day) % 7 == 0
    of_month = np.array([span.day(int(d)).day for d in range(span.days)])[day]
    fits = np.select([rhythm == 1, rhythm == 2], [monday, (of_month >= 25) | (of_month <= 4)], default=True)
    return np.asarray(fits | (rng.random(len(day)) < 0.3), dtype=bool)


def _clock(rng: Generator, customer: Customer, day: Ints) -> Ints:
    """Seconds of events: mornings and afternoons of the place, within the UTC day."""
    morning = rng.random(len(day)) < 0.55
    hour = np.where(morning, rng.normal(10.2, 1.3, len(day)), rng.normal(15.0, 1.6, len(day)))
    hour = np.clip(hour - customer.culture.utc_offset_hours, 0.05, 23.6)
    return np.asarray(day * DAY_SECONDS + hour * 3600 + rng.random(len(day)) * 600, dtype=np.int64)


def _arrival(rng: Generator, at: Ints, offline: npt.NDArray[np.bool_]) -> Ints:
    """Devices that are offline deliver days later; everything else within seconds."""
    delay = rng.integers(1, 20, len(at))
    kept = offline & (rng.random(len(at)) < 0.5) | (rng.random(len(at)) < 0.004)
    days = np.clip(rng.lognormal(0.7, 0.7, len(at)), 0.3, 9.0)
    return np.asarray(at + np.where(kept, (days * DAY_SECONDS).astype(np.int64), delay), dtype=np.int64)


def draw(rng: Generator, life: Life, pace: Pace, scale: float) -> Usage:
    """The events of one account; a third of the uses that find their feature unused ends at home."""
    counts = rng.poisson(pace.rates * scale).ravel()
    cell = np.repeat(np.arange(len(counts)), counts)
    width = max(1, len(pace.days))
    person, day = cell // width, pace.days[cell % width]
    shares = np.cumsum(_WEIGHTS) / _WEIGHTS.sum()
    feature = np.searchsorted(shares, rng.random(len(cell)), side="right")
    first, rank = _adoption(rng, life.customer)
    used = (first[feature] <= day) & (rank[feature] < life.curves.breadth[day])
    fits = used & _in_rhythm(rng, life.span, day, feature)
    feature = np.where(fits, feature, _HOME)
    kept = fits | (rng.random(len(cell)) < 0.35)
    person, day, feature = person[kept], day[kept], feature[kept]
    at = _clock(rng, life.customer, day)
    offline = np.array([someone.offline for someone in life.people])[person]
    return Usage(np.arange(len(at)), at, _arrival(rng, at, offline), person, feature)


def joined(parts: Sequence[tuple[Usage, int]]) -> Usage:
    """All accounts' events in order of time, numbered; each part's people are shifted by its offset."""
    at = np.concatenate([part.at for part, _ in parts])
    order = np.argsort(at, kind="stable")
    return Usage(
        number=np.arange(len(at)),
        at=at[order],
        arrived=np.concatenate([part.arrived for part, _ in parts])[order],
        person=np.concatenate([part.person + offset for part, offset in parts])[order],
        feature=np.concatenate([part.feature for part, _ in parts])[order],
    )
