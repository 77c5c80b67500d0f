"""How a story shows: what each cause of leaving, and each false alarm, does to an account day by day.

Each signature is a set of curves over the days of the world. ``since`` is the day minus the onset, so the
curves rest at their quiet values where it is negative. Causes differ in what moves, in which order, how soon.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from keepwell.simulate.truth import Cause, Scare

Curve = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Signature:
    """Curves over days: multipliers of usage and tickets, and shifts of everything people say and do.

    ``activity`` multiplies usage, ``breadth`` is the share of adopted features still in use, ``people`` the
    share of people still using the product, ``tickets`` multiplies new tickets, ``escalating`` is the share
    that escalates, ``mood`` shifts answers on the 0–10 scale, ``attending`` and ``confirming`` multiply the
    chance that an executive attends and that the plan is confirmed, ``declining`` is the chance that an
    invitation is declined.
    """

    activity: Curve
    breadth: Curve
    people: Curve
    tickets: Curve
    escalating: Curve
    mood: Curve
    attending: Curve
    confirming: Curve
    declining: Curve


def _rise(since: Curve, delay: float, span: float) -> Curve:
    """0 until ``delay`` days after the onset, then a smooth rise to 1 within ``span`` days."""
    x = np.clip((since - delay) / span, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def _signature(since: Curve, **moved: Curve) -> Signature:
    one = np.ones_like(since)
    quiet = {
        "activity": one,
        "breadth": one,
        "people": one,
        "tickets": one,
        "escalating": one * 0.06,
        "mood": one * 0.0,
        "attending": one,
        "confirming": one,
        "declining": one * 0.06,
    }
    return Signature(**(quiet | moved))


def quiet(since: Curve) -> Signature:
    """Nothing happens: the signature of accounts that stay, and of those that leave for no visible cause."""
    return _signature(since)


def _never_adopted(since: Curve, depth: float, rng: Generator) -> Signature:
    stall = _rise(since, 0, 45)
    return _signature(
        since,
        activity=1 - (0.45 + 0.35 * depth) * stall,
        breadth=np.full_like(since, 0.55 - 0.35 * depth),
        tickets=1 - 0.4 * stall,
        mood=-1.2 * depth * stall,
        attending=1 - 0.5 * depth * stall,
        confirming=1 - 0.6 * depth * stall,
    )


def _champion_left(since: Curve, depth: float, rng: Generator) -> Signature:
    gone = _rise(since, 0, 7)
    return _signature(
        since,
        activity=1 - 0.75 * depth * _rise(since, 15, 75),
        breadth=1 - 0.4 * depth * _rise(since, 30, 60),
        mood=-1.5 * depth * _rise(since, 20, 60),
        attending=1 - 0.85 * gone,
        confirming=1 - 0.9 * depth * gone,
        declining=0.06 + 0.45 * gone,
    )


def _silent(since: Curve, depth: float, rng: Generator) -> Signature:
    fading = _rise(since, 0, float(rng.uniform(110, 170)))
    return _signature(
        since,
        activity=1 - 0.85 * depth * fading,
        breadth=1 - 0.65 * depth * fading,
        tickets=1 - 0.7 * depth * fading,
        mood=-0.6 * fading,
        attending=1 - 0.6 * depth * _rise(since, 45, 60),
        confirming=1 - 0.7 * depth * _rise(since, 30, 60),
    )


def _service(since: Curve, depth: float, rng: Generator) -> Signature:
    trouble = _rise(since, 0, 20)
    return _signature(
        since,
        activity=1 - 0.45 * depth * _rise(since, 45, 90),
        tickets=1 + 7.0 * depth * trouble,
        escalating=0.06 + 0.55 * depth * trouble,
        mood=-4.5 * depth * _rise(since, 7, 30),
        confirming=1 - 0.4 * depth * _rise(since, 30, 60),
        declining=0.06 + 0.2 * _rise(since, 60, 30),
    )


def _budget(since: Curve, depth: float, rng: Generator) -> Signature:
    cut = _rise(since, 0, 10)
    return _signature(
        since,
        people=1 - 0.6 * depth * cut,
        activity=1 - 0.15 * depth * cut,
        attending=1 - 0.8 * depth * cut,
        confirming=1 - 0.8 * depth * cut,
    )


def _dip(since: Curve, depth: float, rng: Generator) -> Signature:
    back = float(rng.uniform(50, 90))
    dip = _rise(since, 0, 30) - _rise(since, back, 30)
    return _signature(
        since,
        activity=1 - 0.8 * depth * dip,
        breadth=1 - 0.4 * depth * dip,
        attending=1 - 0.6 * depth * dip,
        confirming=1 - 0.6 * dip,
    )


def _loud(since: Curve, depth: float, rng: Generator) -> Signature:
    noise = _rise(since, 0, 15) - _rise(since, float(rng.uniform(60, 110)), 30)
    return _signature(
        since,
        tickets=1 + 6.0 * depth * noise,
        escalating=0.06 + 0.45 * depth * noise,
        mood=-3.0 * depth * noise,
    )


def _content_with_little(since: Curve, depth: float, rng: Generator) -> Signature:
    few = np.full_like(since, 1 - 0.65 * depth)
    return _signature(since, activity=few, breadth=few + 0.2, attending=few + 0.2, confirming=few)


def _succession(since: Curve, depth: float, rng: Generator) -> Signature:
    gap = _rise(since, 0, 7) - _rise(since, float(rng.uniform(35, 60)), 30)
    return _signature(
        since,
        activity=1 - 0.45 * depth * gap,
        attending=1 - 0.8 * gap,
        confirming=1 - 0.8 * gap,
        declining=0.06 + 0.4 * gap,
    )


_OF_CAUSE = {
    Cause.NEVER_ADOPTED: _never_adopted,
    Cause.CHAMPION_LEFT: _champion_left,
    Cause.SILENT: _silent,
    Cause.SERVICE: _service,
    Cause.BUDGET: _budget,
}
_OF_SCARE = {
    Scare.DIP: _dip,
    Scare.LOUD: _loud,
    Scare.QUIET: _content_with_little,
    Scare.SUCCESSION: _succession,
}


_LOUDNESS = {Cause.SERVICE: 1.0, Cause.CHAMPION_LEFT: 0.6, Cause.SILENT: 0.4}


def _collapse(since: Curve, cause: Cause) -> Signature:
    """The late stories: the same causes, but hard and within days, so that the fall is seen as it happens."""
    fall, loud = _rise(since, 0, 6), _LOUDNESS[cause]
    return _signature(
        since,
        activity=1 - 0.93 * fall,
        breadth=1 - 0.6 * fall,
        people=1 - 0.6 * fall,
        tickets=1 + 35.0 * loud * fall,
        escalating=0.06 + 0.8 * loud * fall,
        mood=-7.0 * fall,
        attending=1 - fall,
        confirming=1 - fall,
        declining=0.06 + 0.7 * fall,
    )


def signature(
    *, since: Curve, cause: Cause | None, scare: Scare | None, late: bool, depth: float, rng: Generator
) -> Signature:
    """The curves of one account; ``depth`` 0..1 says how plainly its story shows."""
    if cause is not None and late:
        return _collapse(since, cause)
    if cause is not None and cause in _OF_CAUSE:
        return _OF_CAUSE[cause](since, depth, rng)
    if scare is not None:
        return _OF_SCARE[scare](since, depth, rng)
    return quiet(since)
