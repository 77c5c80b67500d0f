"""The metrics once more, event by event in plain Python, sharing no code with the formulas."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.metrics import catalogue, declaring
from tests.metrics.told import CORE, Business, Contract, Told, Usage, unit

Fact = Usage | Business
FEATURES = CORE["core_feature_adoption"]["features"]


class Knowledge:
    """What is known about one account at the end of a day; `everybody` for company-wide feeds."""

    def __init__(self, told: Told, account: int, day: date, known_by: datetime | None) -> None:
        def known(fact: Usage | Business | Contract) -> bool:
            in_time = known_by is None or fact.known_at < known_by
            return fact.at.date() <= day and in_time and not _taken_back(fact, known_by)

        self.day = day
        self.usage = [u for u in told.usage if known(u) and u.account_id == account]
        self.everybody = [b for b in told.business if known(b)]
        self.business = list({b.id: b for b in self.everybody if b.account_id == account}.values())
        self.contracts = [c for c in told.contracts if known(c) and c.account_id == account]

    def chosen(self, events: Any, ago: int = 0) -> list[Fact]:
        """The events that a selection means, up to so many days before."""
        every: Sequence[Fact] = self.business if events.get("kind") == "fact" else self.usage
        return [fact for fact in every if self.back(fact) >= ago and _meant(fact, events)]

    def back(self, fact: Fact) -> int:
        """How many days before the asked one."""
        return (self.day - fact.at.date()).days

    def within(self, events: Any, days: int | None, ago: int) -> list[Fact]:
        """Those of a window."""
        return [f for f in self.chosen(events, ago) if days is None or self.back(f) < ago + days]

    def began(self, ago: int) -> date | None:
        """The first day of anything."""
        days = [fact.at.date() for fact in (*self.usage, *self.business) if self.back(fact) >= ago]
        return min(days, default=None)

    def speaks(self, events: Any, ago: int, *, named: bool = False) -> bool:
        """Whether silence means none."""
        if events.get("kind") == "fact":
            families = tuple(name.split(".")[0] + "." for name in events["names"])
            return any(b.name.startswith(families) and self.back(b) >= ago for b in self.everybody)
        return any((u.person or not named) and self.back(u) >= ago for u in self.usage)


def _taken_back(fact: Usage | Business | Contract, known_by: datetime | None) -> bool:
    gone = getattr(fact, "gone_at", None)
    return gone is not None and (known_by is None or gone < known_by)


def _meant(fact: Fact, events: Any) -> bool:
    if events.get("names") and fact.name not in events["names"]:
        return False
    if events.get("core") and fact.feature not in FEATURES:
        return False
    return "where" not in events or _fulfils(fact, events["where"]) is True


def _fulfils(fact: Fact, condition: Any) -> bool | None:
    if "all" in condition:
        found = [_fulfils(fact, part) for part in condition["all"]]
        return False if False in found else None if None in found else True
    subject = condition["of"]
    value = (
        getattr(fact, "props", {}).get(subject[6:])
        if subject.startswith("props.")
        else getattr(fact, subject)
    )
    ((operator, given),) = [pair for pair in condition.items() if pair[0] != "of"]
    if operator == "known":
        return (value is not None) is given
    if value is None:
        return None
    tests = {
        "is": lambda: value == given,
        "in": lambda: value in given,
        "not_in": lambda: value not in given,
        "at_least": lambda: value >= given,
    }
    return bool(tests[operator]())


def accounts(told: Told, day: date, known_by: datetime | None) -> set[int]:
    """Whoever has any event by that day."""
    return {
        fact.account_id
        for fact in (*told.usage, *told.business)
        if fact.at.date() <= day
        and (known_by is None or fact.known_at < known_by)
        and not _taken_back(fact, known_by)
    }


def value(k: Knowledge, m: Any, ago: int = 0) -> float | None:
    """What a measure, as it is written down, gives."""
    take = m["take"]
    if take in ("ratio", "less", "change"):
        return _branch(k, m, ago)
    found = TAKES[take](k, {"events": {}, "days": None} | m, ago + m.get("ago", 0))
    return None if found is None else float(found)


def _branch(k: Knowledge, m: Any, ago: int) -> float | None:
    of = value(k, m["of"], ago)
    if m["take"] == "change":
        other = value(k, m["of"], ago + m["days"])
    else:
        other = value(k, m["to"] if m["take"] == "ratio" else m["less"], ago)
    if of is None or other is None:
        return None
    if m["take"] == "less":
        return of - other
    if other <= 0:
        return None
    return 100 * (of - other) / other if m["take"] == "change" else of * m.get("times", 1) / other


def _count(k: Knowledge, m: Any, ago: int) -> float | None:
    if not k.speaks(m["events"], ago):
        return None
    found = len(k.within(m["events"], m["days"], ago))
    return found * m["per_days"] / m["days"] if "per_days" in m else found


def _distinct(k: Knowledge, m: Any, ago: int) -> float | None:
    take = m["take"]
    if not k.speaks(m["events"], ago, named=take in ("people", "person_days")):
        return None
    things = {
        "people": lambda f: f.person,
        "features": lambda f: f.feature,
        "days": lambda f: f.at.date(),
        "person_days": lambda f: (f.person, f.at.date()) if f.person else "",
    }
    return len({things[take](fact) for fact in k.within(m["events"], m["days"], ago)} - {""})


def _amount(k: Knowledge, m: Any, ago: int) -> float | None:
    told = [f.value for f in k.within(m["events"], m["days"], ago) if f.value is not None]
    total = sum(told) * m.get("times", 1)
    if m["take"] == "sum":
        return total if k.speaks(m["events"], ago) else None
    return total / len(told) if told else None


def _by_time(facts: Iterable[Fact]) -> list[Any]:
    return sorted(facts, key=lambda f: (f.at, f.known_at, getattr(f, "id", "")))


def _last(k: Knowledge, m: Any, ago: int) -> float | None:
    told = [f for f in k.within(m["events"], m["days"], ago) if f.value is not None]
    return _by_time(told)[-1].value if told else None


def _net_promoter(k: Knowledge, m: Any, ago: int) -> float | None:
    last: dict[str, float] = {}
    for b in _by_time(f for f in k.within(m["events"], m["days"], ago) if f.value is not None):
        last[f"person {b.person}" if b.person else f"answer {b.id}"] = b.value
    points = [100 if score >= 9 else -100 if score <= 6 else 0 for score in last.values()]
    return sum(points) / len(points) if points else None


def _since(k: Knowledge, m: Any, ago: int) -> float | None:
    return min((k.back(f) - ago for f in k.chosen(m["events"], ago)), default=None)


def _first(k: Knowledge, m: Any, ago: int) -> float | None:
    first = min((f.at.date() for f in k.chosen(m["events"], ago)), default=None)
    began = k.began(ago)
    return None if first is None or began is None else (first - began) / timedelta(days=1)


def _tenure(k: Knowledge, m: Any, ago: int) -> float | None:
    began = k.began(ago)
    return None if began is None else (k.day - began).days - ago


def _streak(k: Knowledge, m: Any, ago: int) -> float | None:
    if not k.speaks(m["events"], ago):
        return None
    used = {(k.back(f) - ago) // m["step_days"] for f in k.within(m["events"], m["days"], ago)}
    return next(n for n in range(10**6) if n not in used)


def _open(k: Knowledge, m: Any, ago: int) -> float | None:
    if not k.speaks(m["opened"], ago):
        return None
    closed = {f.props.get(m["key"]) for f in k.chosen(m["closed"], ago)}  # type: ignore[union-attr]
    things: dict[str, list[Any]] = {}
    for fact in _by_time(k.chosen(m["opened"], ago)):
        if (key := fact.props.get(m["key"])) is not None and key not in closed:
            things.setdefault(key, []).append(fact)
    if m["take"] == "oldest_open":
        return max((k.back(f) - ago for told in things.values() for f in told), default=0)
    if m["take"] == "open":
        return len(things)
    today = k.day - timedelta(days=ago)
    due = [told[-1].props.get("due_date") for told in things.values()]
    days = [date.fromisoformat(day) for day in due if day and re.fullmatch(r"\d{4}-\d\d-\d\d", day)]
    return sum(day < today for day in days)


def _standing(k: Knowledge, m: Any, ago: int) -> float | None:
    last = {f.person: f for f in _by_time(f for f in k.chosen(m["events"], ago) if f.person)}
    return sum(_fulfils(f, m["where"]) is True for f in last.values()) if last else None


def _core_share(k: Knowledge, m: Any, ago: int) -> float | None:
    if not k.speaks({}, ago):
        return None
    used = {f.feature for f in k.within({}, m["days"], ago)}
    return 100 * len(used & set(FEATURES)) / len(FEATURES)


def _terms(k: Knowledge, m: Any, ago: int) -> float | None:
    day = k.day - timedelta(days=ago)
    latest: dict[str, Contract] = {}
    told = [c for c in k.contracts if c.at.date() <= day]
    for c in sorted(told, key=_order):
        latest[c.contract] = c
    active = [c for c in latest.values() if c.start_date <= day and (c.end_date is None or day < c.end_date)]
    if m["take"] == "seats":
        return sum(c.seats or 0 for c in active) or None
    if m["take"] == "arr":
        priced = [c for c in active if c.arr is not None]
        units = [unit(c.currency, day) for c in priced]
        return (
            sum((c.arr or 0) * (u or 0) for c, u in zip(priced, units, strict=True))
            if all(units) and units
            else None
        )
    return min(((c.end_date - day).days for c in active if c.end_date), default=None)


def _order(c: Contract) -> Any:
    bought = -1 if c.seats is None else c.seats
    return (c.at, c.known_at, c.start_date, c.end_date or c.start_date, bought)


TAKES: dict[str, Any] = {
    "count": _count,
    **dict.fromkeys(("people", "features", "days", "person_days"), _distinct),
    **dict.fromkeys(("sum", "mean"), _amount),
    "last": _last,
    "net_promoter": _net_promoter,
    "since": _since,
    "first": _first,
    "tenure": _tenure,
    "streak": _streak,
    **dict.fromkeys(("open", "oldest_open", "overdue"), _open),
    "standing": _standing,
    "core_share": _core_share,
    **dict.fromkeys(("seats", "arr", "contract_days_left"), _terms),
}


def evaluated(
    told: Told, days: list[date], known_by: datetime | None, metrics: Sequence[catalogue.Metric]
) -> dict[Any, float | None]:
    """Value by (account, day, metric), for every account known by that day."""
    return {
        (account, day, metric.slug): value(
            Knowledge(told, account, day, known_by), declaring.written(metric.measure)
        )
        for day in days
        for account in accounts(told, day, known_by)
        for metric in metrics
    }
