"""One row of every kind, a change of it, and what makes it wrong: the registry's test plan."""

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """A row of a kind, what may change of it, a field with a value that is refused, rows that must stand before."""

    row: Row
    change: Row
    wrong: Row
    before: tuple[tuple[str, Row], ...] = ()
    fields: Row = field(default_factory=lambda: {"colour": 'Grün, "leaf"\nand more'})


DORA: tuple[str, Row] = ("people", {"key": "dora", "name": "Dora", "account": "elm"})

EXAMPLES: dict[str, Example] = {
    "accounts": Example(
        {
            "key": "oak",
            "name": "Oak",
            "industry": "Timber",
            "country": "DE",
            "tier": "high",
            "phase": "growth",
            "since": "2026-01-05",
            "owner": "ada@fernhill.test",
            "tags": ["old", "tall"],
            "arr": "1200.50",
            "currency": "EUR",
            "renewal_date": "2027-01-05",
        },
        {"arr": 1300},
        {"since": "31/02/2026"},
    ),
    "people": Example(
        {
            "key": "emil",
            "name": "Emil",
            "email": "emil@elm.test",
            "account": "elm",
            "role": "executive",
            "title": "CFO",
            "stance": "champion",
            "status": "active",
        },
        {"stance": "sceptic"},
        {"stance": "furious"},
    ),
    "contracts": Example(
        {
            "key": "c1",
            "account": "elm",
            "product": "Suite",
            "products": ["Suite", "Vault"],
            "limits": {"api_calls": 100000.0, "storage_gb": 0.5},
            "term_months": 24,
            "arr": "2400.00",
            "currency": "USD",
            "seats": 10,
            "start_date": "2026-01-01",
            "end_date": "2026-12-31",
            "signed_at": "2025-12-20T10:00:00Z",
            "auto_renew": True,
            "notice_days": 30,
        },
        {"seats": 40},
        {"end_date": "2025-01-01"},
    ),
    "tickets": Example(
        {
            "key": "t1",
            "account": "elm",
            "person": "dora",
            "subject": 'Export, "fails"',
            "kind": "defect",
            "severity": "high",
            "escalated": True,
            "opened_at": "2026-06-01T09:00:00Z",
            "escalated_at": "2026-06-02T09:00:00.250000Z",
        },
        {"resolved_at": "2026-06-03T09:00:00Z"},
        {"resolved_at": "2026-05-01"},
        (DORA,),
    ),
    "surveys": Example(
        {
            "key": "s1",
            "account": "elm",
            "person": "dora",
            "kind": "nps",
            "score": 9.5,
            "comment": "Line one\nline two; with, signs",
            "answered_at": "2026-06-01T09:00:00Z",
        },
        {"score": 3},
        {"score": 11},
        (DORA,),
    ),
    "touchpoints": Example(
        {
            "key": "p1",
            "account": "elm",
            "kind": "review",
            "subject": "Quarter",
            "held_at": "2026-06-01T09:00:00Z",
            "minutes": 45.5,
            "declined": False,
            "executive_attended": True,
            "notes": "Went well.",
        },
        {"executive_attended": False},
        {"held_at": "soon"},
    ),
}
