"""What went against a customer, from its facts: escalations, heavy months of tickets, bad answers, lost champions. Pure.

The limits are those of the field: an NPS of 6 or less is a detractor's, a CSAT of 2 of 5 is dissatisfied, a CES of 3 of 7 says
that it was hard. A month is heavy with tickets from `HEAVY` on, when it has twice as many as the account's median month.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from keepwell.kernel.moments import DAY, day_of

BAD = {"nps": 6, "csat": 2, "ces": 3}
HEAVY = 6
KINDS = (
    "escalation", "tickets", "survey", "champion", "milestone", "step", "cadence", "incident", "noted",
)  # fmt: skip
NAMES = (
    "ticket.opened", "ticket.escalated", "survey.answered", "person.left", "stance.changed", "milestone.planned",
    "milestone.moved", "milestone.done", "incident.opened", "touchpoint.held", "touchpoint.declined", "review.held",
)  # fmt: skip


@dataclass(frozen=True)
class Derived:
    """A friction that follows from facts: its kind, the day, a figure, the person, and the key of the row behind it."""

    kind: str
    on: date
    value: float | None = None
    feature: str = ""
    person: str = ""
    key: str = ""


def derived(facts: Iterable[dict[str, Any]], *, day: date) -> tuple[Derived, ...]:
    """From the facts of one account in their order until the end of a day; the earliest first."""
    rows = list(facts)
    found = [one for row in rows if (one := _of(row)) is not None]
    found += [*_heavy(rows), *_champions(rows), *_overdue(rows, day)]
    return tuple(sorted(found, key=lambda one: (one.on, one.kind, one.key)))


def _of(row: dict[str, Any]) -> Derived | None:
    on, name, value = day_of(row["at"]), row["name"], row["value"]
    told: dict[str, Any] = {"value": value, "feature": row["feature"] or "", "person": row["person"] or ""}
    if name == "ticket.escalated":
        return Derived("escalation", on, **told, key=_key(row))
    if name == "survey.answered" and value is not None and value <= BAD.get(row["feature"], -1):
        return Derived("survey", on, **told, key=_key(row))
    if name in ("milestone.moved", "milestone.done") and value is not None and value > 0:
        title = str(json.loads(row["props"] or "{}").get("title") or "")
        return Derived("milestone", on, value, title, key=_key(row))
    if name == "incident.opened":
        return Derived("incident", on, **told, key=_key(row))
    return None


def _heavy(rows: Sequence[dict[str, Any]]) -> list[Derived]:
    """Months with many tickets, dated on the day of the last ticket of the month."""
    opened = [day_of(row["at"]) for row in rows if row["name"] == "ticket.opened"]
    if not opened:
        return []
    months = Counter((on.year, on.month) for on in opened)
    first, last = opened[0], max(day_of(row["at"]) for row in rows)
    whole = max(1, (last.year - first.year) * 12 + last.month - first.month + 1)
    usual = median([*months.values(), *[0] * (whole - len(months))])
    return [
        Derived("tickets", max(on for on in opened if (on.year, on.month) == month), value=float(count))
        for month, count in months.items()
        if count >= HEAVY and count >= 2 * usual
    ]


def _overdue(rows: Sequence[dict[str, Any]], day: date) -> list[Derived]:
    """Milestones that were due before the day and are not done, dated on the day after they were due."""
    due: dict[str, tuple[str, str]] = {}
    for row in rows:
        if row["name"] in ("milestone.planned", "milestone.moved"):
            said = json.loads(row["props"] or "{}")
            due[_key(row)] = (str(said.get("due_date") or ""), str(said.get("title") or ""))
        elif row["name"] == "milestone.done":
            due.pop(_key(row), None)
    dated = [(key, date.fromisoformat(on[:10]), title) for key, (on, title) in due.items() if on]
    return [
        Derived("milestone", on + DAY, float((day - on).days), title, key=key)
        for key, on, title in dated
        if on < day
    ]


def _champions(rows: Sequence[dict[str, Any]]) -> list[Derived]:
    """Champions who left: by the last stance until then, else by the first that was told of them."""
    stances = [(row["person"], row["at"], row["feature"]) for row in rows if row["name"] == "stance.changed"]
    found = []
    for row in rows:
        if row["name"] != "person.left":
            continue
        told = [(at, stance) for person, at, stance in stances if person == row["person"]]
        before = [stance for at, stance in told if at <= row["at"]]
        if (before[-1:] or [stance for _, stance in told][:1]) == ["champion"]:
            found.append(Derived("champion", day_of(row["at"]), person=row["person"]))
    return found


def _key(row: dict[str, Any]) -> str:
    said = json.loads(row["props"] or "{}")
    return str(
        next((said[name] for name in ("key", "ticket", "milestone", "incident") if said.get(name)), "")
    )
