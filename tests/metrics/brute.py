"""The metrics once more, event by event in plain Python, sharing no code with the formulas."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from tests.metrics.told import CORE, Business, Contract, Told, Usage


class Knowledge:
    """What is known about one account at the end of a day; `everybody` for company-wide feeds."""

    def __init__(self, told: Told, account: int, day: date, known_by: datetime | None) -> None:
        def known(fact: Usage | Business | Contract) -> bool:
            return fact.at.date() <= day and (known_by is None or fact.known_at < known_by)

        self.day = day
        self.usage = [u for u in told.usage if known(u) and u.account_id == account]
        self.everybody = [b for b in told.business if known(b)]
        self.business = list({b.id: b for b in self.everybody if b.account_id == account}.values())
        self.contracts = [c for c in told.contracts if known(c) and c.account_id == account]

    def within(self, fact: Usage | Business, window_days: int) -> bool:
        return (self.day - fact.at.date()).days < window_days

    def named(self, name: str, window_days: int = 10**6) -> list[Business]:
        return [b for b in self.business if b.name == name and self.within(b, window_days)]


def accounts(told: Told, day: date, known_by: datetime | None) -> set[int]:
    """Whoever has any event by that day."""
    return {
        fact.account_id
        for fact in (*told.usage, *told.business)
        if fact.at.date() <= day and (known_by is None or fact.known_at < known_by)
    }


def active_people(k: Knowledge) -> float | None:
    if not any(u.person for u in k.usage):
        return None
    return len({u.person for u in k.usage if u.person and k.within(u, 28)})


def active_days(k: Knowledge) -> float | None:
    if not k.usage:
        return None
    return len({u.at.date() for u in k.usage if k.within(u, 28)})


def core_feature_adoption(k: Knowledge) -> float | None:
    core = CORE["core_feature_adoption"]["features"]
    if not k.usage:
        return None
    return 100 * sum(any(u.feature == f and k.within(u, 90) for u in k.usage) for f in core) / len(core)


def seat_utilisation(k: Knowledge) -> float | None:
    latest: dict[str, Contract] = {}
    for c in sorted(
        k.contracts,
        key=lambda c: (
            c.at,
            c.known_at,
            c.start_date,
            c.end_date or c.start_date,
            -1 if c.seats is None else c.seats,
        ),
    ):
        latest[c.contract] = c
    seats = 0
    for c in latest.values():
        if c.start_date <= k.day and (c.end_date is None or k.day < c.end_date):
            seats += c.seats or 0
    people = active_people(k)
    return None if people is None or not seats else 100 * people / seats


def escalations_per_month(k: Knowledge) -> float | None:
    if not any(b.name.startswith("ticket.") for b in k.everybody):
        return None
    return len(k.named("ticket.escalated", 90)) / 3


def latest_nps(k: Knowledge) -> float | None:
    last: dict[str, float] = {}
    answers = [b for b in k.named("survey.answered", 365) if b.feature == "nps" and b.value is not None]
    for b in sorted(answers, key=lambda b: (b.at, b.known_at, b.id)):
        assert b.value is not None
        last[f"person {b.person}" if b.person else f"answer {b.id}"] = b.value
    if not last:
        return None
    points = [100 if value >= 9 else -100 if value <= 6 else 0 for value in last.values()]
    return sum(points) / len(points)


def _since(k: Knowledge, name: str) -> float | None:
    days = [b.at.date() for b in k.named(name)]
    return (k.day - max(days)) / timedelta(days=1) if days else None


def executive_attendance(k: Knowledge) -> float | None:
    held = [b.value for b in k.named("review.held", 365) if b.value is not None]
    return 100 * sum(held) / len(held) if held else None


METRICS: dict[str, Callable[[Knowledge], float | None]] = {
    "active_people": active_people,
    "active_days": active_days,
    "core_feature_adoption": core_feature_adoption,
    "seat_utilisation": seat_utilisation,
    "escalations_per_month": escalations_per_month,
    "latest_nps": latest_nps,
    "days_since_touchpoint": lambda k: _since(k, "touchpoint.held"),
    "executive_attendance": executive_attendance,
    "days_since_plan_confirmed": lambda k: _since(k, "plan.confirmed"),
}


def evaluated(told: Told, days: list[date], known_by: datetime | None) -> dict[Any, float | None]:
    """Value by (account, day, metric), for every account known by that day."""
    return {
        (account, day, slug): formula(Knowledge(told, account, day, known_by))
        for day in days
        for account in accounts(told, day, known_by)
        for slug, formula in METRICS.items()
    }
