"""One row of every kind, a change of it, and what makes it wrong: the registry's test plan."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """A row of a kind, what may change of it, a field with a value that is refused, rows that must stand before.

    `apart` is what else differs in one row of many, where the key alone does not make another row.
    """

    row: Row
    change: Row
    wrong: Row
    before: tuple[tuple[str, Row], ...] = ()
    apart: Callable[[int], Row] = lambda _: {}
    fields: Row = field(default_factory=lambda: {"colour": 'Grün, "leaf"\nand more'})


DORA: tuple[str, Row] = ("people", {"key": "dora", "name": "Dora", "account": "elm"})
COURSE: tuple[str, Row] = ("courses", {"key": "co0", "title": "First steps"})
GAP: tuple[str, Row] = ("gaps", {"key": "g0", "title": "Search"})

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
            "domains": ["elm.test"],
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
            "roles": ["executive", "IT"],
            "title": "CFO",
            "stance": "champion",
            "influence": 5,
            "reports_to": None,
            "status": "active",
            "status_since": "2026-01-05",
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
            "first_contact_resolution": False,
            "assignee": "Ben",
        },
        {"resolved_at": "2026-06-03T09:00:00Z"},
        {"resolved_at": "2026-05-01"},
        (DORA,),
    ),
    "notes": Example(
        {
            "key": "n1",
            "account": "elm",
            "text": "They asked for a longer term. @ben, please call.",
            "author": "ada@fernhill.test",
            "written_at": "2026-06-01T09:00:00Z",
            "visibility": "shared",
            "pinned": True,
        },
        {"text": "They asked for two more years."},
        {"visibility": "loud"},
    ),
    "sentiments": Example(
        {
            "key": "f1",
            "account": "elm",
            "score": 4,
            "words": "Their new owner likes us",
            "given_by": "ada@fernhill.test",
            "given_at": "2026-06-01T09:00:00Z",
        },
        {"score": 2},
        {"score": 6},
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
            "place": "on_site",
            "initiative": "proactive",
            "visibility": "shared",
            "invited": ["dora", "emil"],
            "attended": ["dora"],
            "declined_by": ["emil"],
            "outcomes": ["Faster close", "Fewer errors"],
            "next_step": "Emil sends the figures.",
            "transcript": "Hello.\nHello!",
        },
        {"executive_attended": False},
        {"held_at": "soon"},
    ),
    "sprints": Example(
        {
            "key": "sp1",
            "account": "elm",
            "name": "Sprint 1",
            "start_date": "2026-05-04",
            "end_date": "2026-05-17",
            "goal": "Log in\nand out",
            "planned_points": 21.0,
            "done_points": 18.5,
            "state": "done",
        },
        {"done_points": 20.0},
        {"end_date": "2026-01-01"},
    ),
    "milestones": Example(
        {
            "key": "m1",
            "account": "elm",
            "title": "Go-live",
            "phase": "build",
            "outcome": "Faster close",
            "owner": "ben@fernhill.test",
            "planned_at": "2026-03-01T00:00:00Z",
            "due_date": "2026-05-01",
            "done_date": "2026-05-08",
        },
        {"due_date": "2026-05-05"},
        {"due_date": "May"},
    ),
    "criteria": Example(
        {
            "key": "k1",
            "account": "elm",
            "milestone": "m0",
            "text": "Exports in under a second",
            "agreed_at": "2026-03-01T00:00:00Z",
            "confirmed_at": "2026-04-01T00:00:00Z",
            "confirmed_by": "dora",
        },
        {"confirmed_at": "2026-05-01T00:00:00Z"},
        {"milestone": "nothing"},
        (DORA, ("milestones", {"key": "m0", "account": "elm", "title": "Beta"})),
    ),
    "change_requests": Example(
        {
            "key": "cr1",
            "account": "elm",
            "title": "Dark mode",
            "asked_by": "dora",
            "asked_at": "2026-04-01T00:00:00Z",
            "hours": 40.0,
            "amount": "4800.00",
            "currency": "EUR",
            "in_scope": False,
            "verdict": "accepted",
            "decided_at": "2026-04-03T00:00:00Z",
            "reason": "Paid for.",
        },
        {"verdict": "deferred"},
        {"decided_at": "2026-01-01"},
        (DORA,),
    ),
    "risks": Example(
        {
            "key": "r1",
            "account": "elm",
            "title": "The vendor's API ends",
            "likelihood": 4,
            "impact": 5,
            "mitigation": "A second vendor",
            "owner": "ben@fernhill.test",
            "state": "closed",
            "raised_at": "2026-03-01T00:00:00Z",
            "closed_at": "2026-04-01T00:00:00Z",
        },
        {"impact": 3},
        {"likelihood": 6},
    ),
    "raci": Example(
        {
            "key": "ra1",
            "account": "elm",
            "activity": "Cutover",
            "person": "dora",
            "colleague": "",
            "letter": "accountable",
            "since": "2026-03-01T00:00:00Z",
            "until": "2026-07-01T00:00:00Z",
        },
        {"letter": "informed", "since": "2026-04-01T00:00:00Z"},
        {"colleague": "ada@fernhill.test"},
        (DORA,),
    ),
    "obligations": Example(
        {
            "key": "o1",
            "account": "elm",
            "title": "Penetration test",
            "kind": "regulatory",
            "owner": "ben@fernhill.test",
            "due_date": "2026-07-01",
            "evidence": "https://elm.test/report",
            "evidenced_at": "2026-01-01T00:00:00Z",
            "renew_days": 365,
        },
        {"evidenced_at": "2026-06-01T00:00:00Z"},
        {"renew_days": 0},
    ),
    "integrations": Example(
        {
            "key": "i1",
            "account": "elm",
            "name": "Ledger sync",
            "state": "connected",
            "since": "2026-02-01T00:00:00Z",
            "detail": "Nightly",
        },
        {"detail": "Hourly"},
        {"state": "melted"},
    ),
    "invoices": Example(
        {
            "key": "in1",
            "account": "elm",
            "number": "2026-001",
            "issued_date": "2026-04-01",
            "due_date": "2026-05-01",
            "paid_date": "2026-05-09",
            "amount": "1234.56",
            "currency": "EUR",
            "state": "paid",
        },
        {"paid_date": "2026-05-10"},
        {"due_date": "2026-03-01"},
    ),
    "courses": Example(
        {
            "key": "co1",
            "title": "Exports",
            "audience": "customer",
            "description": "All about them.",
            "minutes": 45.0,
            "valid_days": 365,
            "offered_at": "2026-01-01T00:00:00Z",
        },
        {"audience": "csm"},
        {"valid_days": -1},
    ),
    "course_sessions": Example(
        {
            "key": "se1",
            "course": "co0",
            "held_at": "2026-05-01T09:00:00Z",
            "minutes": 60.0,
            "trainer": "ada@fernhill.test",
            "place": "https://fernhill.test/room",
        },
        {"minutes": 90.0},
        {"course": "nothing"},
        (COURSE,),
    ),
    "enrolments": Example(
        {
            "key": "en1",
            "course": "co0",
            "account": "elm",
            "person": "dora",
            "colleague": "",
            "enrolled_at": "2026-04-01T00:00:00Z",
            "started_at": "2026-04-02T00:00:00Z",
            "completed_at": "2026-04-09T00:00:00Z",
            "score": 87.5,
            "certified_until": "2027-04-09",
        },
        {"score": 90.0},
        {"completed_at": "2026-01-01"},
        (DORA, COURSE),
    ),
    "gaps": Example(
        {
            "key": "g1",
            "title": "Legal search",
            "description": "In recordings",
            "status": "shipped",
            "merged_into": "g0",
            "shipped_at": "2026-05-01T00:00:00Z",
            "since": "2026-05-01T00:00:00Z",
        },
        {"status": "planned", "since": "2026-06-01T00:00:00Z"},
        {"merged_into": "g1"},
        (GAP,),
    ),
    "ownerships": Example(
        {
            "key": "ow1",
            "account": "elm",
            "role": "tech_lead",
            "user": "ben@fernhill.test",
            "since": "2026-01-05",
            "until": "2026-05-01",
        },
        {"user": "ada@fernhill.test"},
        {"until": "2026-01-04"},
        apart=lambda number: {
            "since": str(date(2025, 1, 1) + timedelta(days=2 * number)),
            "until": str(date(2025, 1, 2) + timedelta(days=2 * number)),
        },
    ),
    "gap_requests": Example(
        {
            "key": "gr1",
            "gap": "g0",
            "account": "elm",
            "person": "dora",
            "asked_at": "2026-04-01T00:00:00Z",
            "note": "Please",
            "told_at": "2026-05-02T00:00:00Z",
        },
        {"note": "Thanks"},
        {"gap": "nothing"},
        (DORA, GAP),
    ),
}
