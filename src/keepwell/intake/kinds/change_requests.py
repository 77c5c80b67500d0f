"""Change requests."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import (
    Field,
    ImportKind,
    account_field,
    in_order,
    key_field,
    person_field,
    prose,
    words,
)
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import change_requests

CHANGE_REQUESTS = ImportKind(
    "change_requests",
    "Change requests",
    "One row a change that the customer asked for, with what was said to it.",
    (
        key_field("change_request_id", "change_id", "request_id", help="Your id of the request."),
        account_field(),
        words(
            "title", "Title", "What is to be changed.", required=True, aliases=("subject", "summary", "name")
        ),
        person_field(
            "Who of the customer's asked.",
            slug="asked_by",
            title="Asked by",
            aliases=("requested_by", "requester_id"),
        ),
        Field(
            "asked_at",
            "Asked",
            "When.",
            parsers.moment,
            required=True,
            aliases=("requested_at", "created_at", "raised_at", "date"),
        ),
        Field(
            "hours",
            "Hours",
            "The work that it takes.",
            parsers.number,
            aliases=("effort", "estimate_hours"),
            empty=None,
        ),
        Field(
            "amount",
            "Amount",
            "What it costs the customer.",
            parsers.amount,
            aliases=("price", "cost", "value"),
            empty=None,
        ),
        Field("currency", "Currency", "Code of the amount; USD when left out.", parsers.currency),
        Field(
            "in_scope",
            "In scope",
            "Whether it was part of what was agreed; no is scope creep.",
            parsers.truth,
            aliases=("within_scope",),
            empty=None,
        ),
        Field(
            "verdict",
            "Verdict",
            "Open, accepted, rejected or deferred.",
            parsers.one_of("open", "accepted", "rejected", "deferred"),
            aliases=("status", "decision", "state"),
        ),
        Field(
            "decided_at",
            "Decided",
            "When.",
            parsers.moment,
            aliases=("decided_on", "resolved_at"),
            empty=None,
        ),
        prose("reason", "Reason", "Why it was decided so."),
    ),
    check=in_order("asked_at", "decided_at"),
    store=Store(models.ChangeRequest, change_requests.upsert, ("key", "title")),
    one="change request",
    tab="delivery",
    events=("change.requested", "change.decided"),
)
