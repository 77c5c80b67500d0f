"""What triage changed: tickets that reach the PM and how content customers are, before and after. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, lgamma, log

WEEK = timedelta(days=7)
BEFORE_DAYS, SETTLING_DAYS, AFTER_WEEKS, CSAT_DAYS = 28, 14, 4, 90
LEAST_DAYS, LEAST_TICKETS, LEAST_ANSWERS = 5, 5, 5
CONTENT = 4.0  # of 5
Z = 0.025


@dataclass(frozen=True)
class Ticket:
    """One ticket; whether it `reached` the PM, None when nobody says."""

    opened_on: date
    reached: bool | None


@dataclass(frozen=True)
class Load:
    """Tickets a week that reach the PM; `why` says why it cannot be told: "", few_days, few_tickets, nobody_said, too_early.

    `low` and `high` bound the change (−0.7 is 70 % fewer) with 95 % confidence, taking tickets as independent.
    """

    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    why: str
    ready_on: date | None


@dataclass(frozen=True)
class Content:
    """The share of CSAT answers of 4 or 5, 0 to 1, None below five answers; with how many answers there were."""

    before: float | None
    before_answers: int
    after: float | None
    after_answers: int


@dataclass(frozen=True)
class Week:
    """Tickets of a week that reached the PM, and those of which nobody says; weeks count from the day that triage began."""

    begins: date
    is_before: bool
    reached: int
    unsaid: int


def load(tickets: Sequence[Ticket], *, began_on: date, today: date) -> Load:
    """The PM's load over up to four weeks before triage, against the last up to four whole weeks from the third on."""
    first = min((each.opened_on for each in tickets), default=began_on)
    since = max(first, began_on - timedelta(days=BEFORE_DAYS))
    days = max(0, (began_on - since).days)
    earlier = [each for each in tickets if since <= each.opened_on < began_on]
    had = sum(each.reached is True for each in earlier)
    why = (
        "few_days" if days < LEAST_DAYS
        else "nobody_said" if any(each.reached is None for each in earlier)
        else "few_tickets" if had < LEAST_TICKETS
        else ""
    )  # fmt: skip
    before = None if why else had * 7 / days
    weeks = min(AFTER_WEEKS, ((today - began_on).days + 1 - SETTLING_DAYS) // 7)
    if weeks < 1:
        ready = began_on + timedelta(days=SETTLING_DAYS + 7)
        return Load(before, None, None, None, None, why or "too_early", ready)
    until = began_on + WEEK * (((today - began_on).days + 1) // 7)
    later = sum(each.reached is True for each in tickets if until - WEEK * weeks <= each.opened_on < until)
    after = later / weeks
    if before is None:
        return Load(None, after, None, None, None, why, None)
    low, high = rate_ratio(later, weeks * 7.0, had, float(days))
    return Load(before, after, after / before - 1, low - 1, high - 1, "", None)


def content(answers: Sequence[tuple[date, float]], *, began_on: date, today: date) -> Content:
    """CSAT of the 90 days before triage, against that of the last 90 days from its third week on."""
    settled = max(began_on + timedelta(days=SETTLING_DAYS), today - timedelta(days=CSAT_DAYS - 1))
    earlier = [score for on, score in answers if began_on - timedelta(days=CSAT_DAYS) <= on < began_on]
    later = [score for on, score in answers if settled <= on <= today]
    return Content(_share(earlier), len(earlier), _share(later), len(later))


def weeks(tickets: Sequence[Ticket], *, began_on: date, today: date) -> tuple[Week, ...]:
    """Week by week, from up to four before triage began to the last whole one; at most 26 after."""
    first = min((each.opened_on for each in tickets), default=began_on)
    back = min(BEFORE_DAYS // 7, -(-max(0, (began_on - first).days) // 7))
    ahead = min(26, ((today - began_on).days + 1) // 7)
    found = []
    for number in range(-back, ahead):
        begins = began_on + WEEK * number
        mine = [each.reached for each in tickets if begins <= each.opened_on < begins + WEEK]
        found.append(Week(begins, number < 0, mine.count(True), mine.count(None)))
    return tuple(found)


def rate_ratio(hits: int, time: float, other: int, other_time: float) -> tuple[float, float]:
    """The ratio of two Poisson rates with 95 % confidence: exact, by the binomial given the sum.

    Przyborowski and Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 31 (1940).
    """
    both = hits + other
    if not both:
        return 0.0, float("inf")
    low = 0.0 if not hits else _bisect(lambda p: 1 - _below(hits - 1, both, p), Z, rises=True)
    high = 1.0 if hits == both else _bisect(lambda p: _below(hits, both, p), Z, rises=False)
    scale = other_time / time
    return low / (1 - low) * scale, float("inf") if high == 1.0 else high / (1 - high) * scale


def _share(scores: Sequence[float]) -> float | None:
    if len(scores) < LEAST_ANSWERS:
        return None
    return sum(score >= CONTENT for score in scores) / len(scores)


def _below(hits: int, of: int, p: float) -> float:
    """The chance of at most so many hits."""
    if p <= 0 or p >= 1:
        return 1.0 if p <= 0 else float(hits >= of)
    return sum(
        exp(lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(p) + (of - k) * log(1 - p))
        for k in range(hits + 1)
    )


def _bisect(chance: Callable[[float], float], target: float, *, rises: bool) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if (chance(middle) < target) == rises:
            low = middle
        else:
            high = middle
    return (low + high) / 2
