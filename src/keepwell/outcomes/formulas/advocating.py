"""Whom one may ask to speak for us, with the reasons for and against, and how long an account rests. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Reason = Literal["green", "promoter", "champion", "outcome", "value", "rested", "spoke", "renews"]
Bar = Literal["health", "never", "rests", "later", "incident", "waits", "gave"]

# Health is what a proof holds to account, an NPS of 9 or 10 is a promoter's; the weights only order those who may be asked.
WEIGHTS: dict[Reason, int] = {
    "green": 30, "promoter": 30, "champion": 20, "value": 20, "outcome": 15, "rested": 10, "spoke": 5, "renews": -15,
}  # fmt: skip
# What fits a kind of ask weighs more where one looks for that kind: a case study lives by figures, a stage by a champion.
FIT: dict[str, dict[Reason, int]] = {
    "reference": {"champion": 10, "outcome": 10},
    "case_study": {"value": 20, "outcome": 15},
    "review": {"promoter": 20},
    "speaking": {"champion": 20},
    "referral": {"promoter": 20},
}
REST_DAYS, LONG_DAYS, RENEWS_DAYS = 180, 365, 60
PROMOTER = 9.0


@dataclass(frozen=True)
class Asking:
    """What was asked of one person, and what was answered ("": nothing yet); `again_on` is when they want to be asked."""

    on: date
    answer: str
    again_on: date | None
    came: bool
    kind: str = ""


@dataclass(frozen=True)
class Candidate:
    """What is known of a person and of the account on a day; `nps` is the person's last answer, None where there is none.

    `value_on` is when a value of the account was confirmed last.
    """

    band: str
    stance: str
    nps: float | None
    outcomes: int
    incidents: int
    renewal: date | None
    asked: tuple[Asking, ...]
    account_asked_on: date | None
    value_on: date | None = None


def bars(one: Candidate, *, day: date, rest_days: int, kind: str = "") -> tuple[Bar, ...]:
    """What speaks against asking now, whatever speaks for it; of a kind also that they gave just that within the year."""
    found: list[Bar] = [] if one.band == "green" else ["health"]
    if any(asked.answer == "never" for asked in one.asked):
        found.append("never")
    if one.account_asked_on is not None and day < one.account_asked_on + timedelta(days=rest_days):
        found.append("rests")
    if any(asked.again_on is not None and day < asked.again_on for asked in one.asked):
        found.append("later")
    if any(not asked.answer for asked in one.asked):
        found.append("waits")
    if one.incidents:
        found.append("incident")
    if kind and any(
        asked.came and asked.kind == kind and day < asked.on + timedelta(days=LONG_DAYS)
        for asked in one.asked
    ):
        found.append("gave")
    return tuple(found)


def reasons(one: Candidate, *, day: date) -> tuple[Reason, ...]:
    """What speaks for asking, and a renewal that is near, which speaks against."""
    told: dict[Reason, bool] = {
        "green": one.band == "green",
        "promoter": one.nps is not None and one.nps >= PROMOTER,
        "champion": one.stance == "champion",
        "outcome": one.outcomes > 0,
        "value": one.value_on is not None and one.value_on <= day < one.value_on + timedelta(days=LONG_DAYS),
        "rested": one.account_asked_on is None or day >= one.account_asked_on + timedelta(days=LONG_DAYS),
        "spoke": any(asked.came for asked in one.asked),
        "renews": one.renewal is not None and day <= one.renewal < day + timedelta(days=RENEWS_DAYS),
    }
    return tuple(reason for reason, holds in told.items() if holds)


def is_liked(found: tuple[Reason, ...]) -> bool:
    """Whether the person is known to like us."""
    return "promoter" in found or "champion" in found


def is_suggested(found: tuple[Reason, ...]) -> bool:
    """Whether enough speaks for it: a healthy account, and a person who is known to like us."""
    return "green" in found and is_liked(found)


def points(found: tuple[Reason, ...], *, kind: str = "") -> int:
    """The order of those who may be asked, perhaps for a kind; more is better."""
    fit = FIT.get(kind, {})
    return sum(WEIGHTS[reason] + fit.get(reason, 0) for reason in found)
