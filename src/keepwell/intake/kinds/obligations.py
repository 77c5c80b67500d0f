"""Obligations."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import (
    Field,
    ImportKind,
    account_field,
    colleague_field,
    key_field,
    prose,
    words,
)
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import obligations

OBLIGATIONS = ImportKind(
    "obligations",
    "Obligations",
    "One row a duty by law or contract. A later evidence is one more; the ledger keeps each.",
    (
        key_field("obligation_id", help="Your id of the obligation."),
        account_field(),
        words("title", "Title", "What is owed.", required=True, aliases=("obligation", "name")),
        Field(
            "kind",
            "Kind",
            "Regulatory or contractual.",
            parsers.one_of("regulatory", "contractual"),
            aliases=("type",),
        ),
        colleague_field("owner", "Owner", "E-mail address of who answers for it.", aliases=("owner_email",)),
        Field(
            "due_date",
            "Due",
            "The day by which it must be evidenced.",
            parsers.day,
            aliases=("due", "due_on", "deadline"),
            empty=None,
        ),
        prose(
            "evidence",
            "Evidence",
            "What shows that it is met, or where that stands.",
            aliases=("evidence_url", "proof"),
        ),
        Field(
            "evidenced_at",
            "Last evidenced",
            "When.",
            parsers.moment,
            aliases=("evidenced_on", "evidence_date"),
            empty=None,
        ),
        Field(
            "renew_days",
            "Renewed every",
            "Days after which it needs fresh evidence; empty for never.",
            parsers.Within(1, 36500),
            aliases=("renewal_days", "interval_days"),
            empty=None,
        ),
    ),
    store=Store(models.Obligation, obligations.upsert, ("key", "title", "evidence")),
    tab="delivery",
    events=("obligation.evidenced",),
)
