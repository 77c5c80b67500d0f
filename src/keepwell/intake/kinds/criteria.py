"""Acceptance criteria."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, key_field, person_field, prose
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import criteria

CRITERIA = ImportKind(
    "criteria",
    "Acceptance criteria",
    "One row a criterion. A later confirmation is one more; the ledger keeps each.",
    (
        key_field("criterion_id", help="Your id of the criterion."),
        account_field(),
        Field(
            "milestone",
            "Milestone",
            "The key of the milestone that it belongs to.",
            parsers.key,
            aliases=("milestone_id",),
            longest=200,
            cleared=None,
        ),
        prose(
            "text",
            "Criterion",
            "What must hold.",
            required=True,
            aliases=("criterion", "description", "title"),
        ),
        Field(
            "agreed_at",
            "Agreed",
            "When it was agreed with the customer.",
            parsers.moment,
            aliases=("agreed_on", "accepted_at"),
            empty=None,
        ),
        Field(
            "confirmed_at",
            "Last confirmed",
            "When the customer confirmed it last.",
            parsers.moment,
            aliases=("last_confirmed_at", "confirmed_on"),
            empty=None,
        ),
        person_field(
            "Who of the customer's confirmed it.",
            slug="confirmed_by",
            title="Confirmed by",
            aliases=("confirmed_by_id",),
        ),
    ),
    store=Store(models.AcceptanceCriterion, criteria.upsert, ("key", "text")),
    one="acceptance criterion",
    tab="delivery",
    events=("criterion.agreed", "criterion.confirmed"),
)
