"""A plan of Willow's: two outcomes, one measured and one read by hand; steps with owners on both sides."""

from datetime import date, datetime
from typing import Any

from keepwell.ledger.actions import people
from keepwell.outcomes import document
from keepwell.outcomes.actions import plans
from tests.world import NOW, TESTS

PLAN: dict[str, Any] = {
    "vision": "Every site reports by itself.",
    "cadence": "monthly",
    "notes": "They compare us with a rival.",
    "objectives": [
        {
            "title": "Reports without hands",
            "why": "Two days a week for two people.",
            "target_date": "2026-12-01",
            "indicators": [
                {"title": "Active people", "metric": "active_people", "baseline": 1, "target": 10,
                 "target_date": "2026-12-01", "trigger": 1},
            ],
        },
        {
            "title": "Lower cost of storage",
            "target_date": "2026-11-01",
            "indicators": [
                {"title": "Cost a month", "unit": "EUR", "better": "down", "baseline": 900, "target": 500,
                 "trigger": 1000, "notes": "Their finance sends it."},
            ],
        },
    ],
    "steps": [
        {"title": "Kickoff", "slug": "kickoff", "due_date": "2026-06-01", "ours": "ada@fernhill.test", "theirs": "dora"},
        {"title": "Roll-out", "slug": "roll-out", "due_date": "2026-09-01", "after": ["kickoff"],
         "objective": "reports-without-hands", "notes": "Their IT is slow."},
    ],
}  # fmt: skip


def with_people(at: datetime = NOW) -> None:
    """Dora champions us at Willow, Emil pays."""
    rows = [
        {"key": "dora", "name": "Dora Klein", "account": "willow", "stance": "champion"},
        {"key": "emil", "name": "Emil Gross", "account": "willow", "roles": ["executive"]},
    ]
    people.upsert(rows=rows, source="tests", by=TESTS, at=at, vouched=True)


def make(*, account: str = "willow", at: datetime = NOW, **other: Any) -> None:
    """Write the plan."""
    if account == "willow":
        with_people(at)
    plans.save(account=account, doc=document.read({**PLAN, **other}), by=TESTS, at=at)


DAY = date(2026, 6, 15)
