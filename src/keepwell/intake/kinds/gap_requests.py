"""Who asked for what the product lacks."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import (
    Field,
    ImportKind,
    account_field,
    in_order,
    key_field,
    person_field,
    prose,
)
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import gap_requests

GAP_REQUESTS = ImportKind(
    "gap_requests",
    "Gap requests",
    "One row for each account that asked for a gap to be closed.",
    (
        key_field("gap_request_id", "request_id", "vote_id", help="Your id of the request."),
        Field(
            "gap",
            "Gap",
            "The key of the product gap.",
            parsers.key,
            required=True,
            aliases=("gap_id", "feature_id", "idea_id"),
            longest=200,
        ),
        account_field(),
        person_field("Who asked."),
        Field(
            "asked_at",
            "Asked",
            "When.",
            parsers.moment,
            required=True,
            aliases=("requested_at", "created_at", "date"),
        ),
        prose("note", "Note", "In their words.", aliases=("comment", "text", "description")),
        Field(
            "told_at",
            "Told back",
            "When they heard that it is there.",
            parsers.moment,
            aliases=("notified_at",),
            empty=None,
        ),
    ),
    check=in_order("asked_at", "told_at"),
    store=Store(models.GapRequest, gap_requests.upsert, ("key", "note")),
    one="gap request",
    tab="service",
    events=("gap.requested", "gap.told"),
)
