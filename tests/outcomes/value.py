"""A value model of Willow's first outcome: active people, hours they save, weeks, the price of an hour."""

from datetime import date
from typing import Any

from keepwell.outcomes import value_document
from keepwell.outcomes.actions import value_models
from tests.outcomes.plans import make
from tests.world import NOW, TESTS

AGREED = {"agreed_by": "dora", "agreed_on": "2026-01-10", "evidence": "Mail of 10 January"}
MODEL: dict[str, Any] = {
    "title": "Hours saved on reports",
    "kind": "time_saved",
    "objective": "reports-without-hands",
    "basis": "People who report by themselves, compared with the baseline agreed.",
    "notes": "Their controller doubts the hours.",
    "inputs": [
        {"title": "Sites", "slug": "sites", "unit": "sites", "low": 8, "likely": 9, "high": 10, "change": "rise",
         "baseline_low": 4, "baseline_likely": 5, "baseline_high": 5, **AGREED},
        {"title": "Hours a site and week", "slug": "hours", "unit": "hours", "low": 2, "likely": 3, "high": 4, **AGREED},
        {"title": "Weeks in a quarter", "slug": "weeks", "source": "fixed", "unit": "weeks", "likely": 13},
        {"title": "Cost of an hour", "slug": "cost", "currency": "EUR", "low": 50, "likely": 60, "high": 80, **AGREED},
    ],
}  # fmt: skip
# 3 to 6 sites more (likely 4), times 2 to 4 hours, 13 weeks, 50 to 80 EUR
RANGE = (3 * 2 * 13 * 50.0, 4 * 3 * 13 * 60.0, 6 * 4 * 13 * 80.0)
LATER = date(2026, 4, 20)


def model(*, plan: bool = True, account: str = "willow", **other: Any) -> None:
    """Write the model, and the plan that it hangs on."""
    if plan:
        make(account=account)
    value_models.save(account=account, doc=value_document.read({**MODEL, **other}), by=TESTS, at=NOW)
