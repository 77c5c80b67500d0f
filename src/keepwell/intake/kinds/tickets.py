"""Tickets of a help desk."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, in_order, key_field, person_field
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import tickets


def _check(row: Mapping[str, Any]) -> str | None:
    return _ESCALATED(row) or _RESOLVED(row)


_ESCALATED = in_order("opened_at", "escalated_at")
_RESOLVED = in_order("opened_at", "resolved_at")

TICKETS = ImportKind(
    "tickets",
    "Tickets",
    "One row a ticket; import again to tell of its resolution.",
    (
        key_field("ticket_id", "case_id", "issue_id", help="Your id of the ticket."),
        account_field(),
        person_field("Who asked."),
        Field("subject", "Subject", "What it is about.", aliases=("title", "summary"), empty="", longest=500),
        Field(
            "kind",
            "Kind",
            "Defect, question, training request …",
            aliases=("type", "category"),
            empty="",
            longest=63,
        ),
        Field(
            "severity", "Severity", "How bad it is.", aliases=("priority", "urgency"), empty="", longest=30
        ),
        Field(
            "escalated",
            "Escalated",
            "Yes or no.",
            parsers.truth,
            aliases=("escalation_flag", "is_escalated", "escalation"),
            empty=False,
        ),
        Field(
            "opened_at",
            "Opened",
            "When it was opened.",
            parsers.moment,
            required=True,
            aliases=("submitted_at", "created_at", "opened", "open_date"),
        ),
        Field("escalated_at", "Escalated at", "When; its opening when left out.", parsers.moment, empty=None),
        Field(
            "resolved_at",
            "Resolved",
            "When it was resolved; empty while it is open.",
            parsers.moment,
            aliases=("closed_at", "solved_at", "resolved", "close_date"),
            empty=None,
        ),
        Field(
            "first_contact_resolution",
            "Resolved at first contact",
            "Yes or no.",
            parsers.truth,
            aliases=("fcr", "first_contact_resolved", "resolved_on_first_contact"),
            empty=None,
        ),
        Field(
            "assignee",
            "Assignee",
            "Who of ours works on it.",
            aliases=("assigned_to", "agent", "agent_name"),
            empty="",
            longest=254,
        ),
    ),
    check=_check,
    store=Store(models.Ticket, tickets.upsert, ("key", "subject", "kind")),
    tab="service",
    events=("ticket.opened", "ticket.escalated", "ticket.resolved"),
)
