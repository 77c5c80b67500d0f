"""Integrations of a customer with our product."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, key_field, prose, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import integrations

INTEGRATIONS = ImportKind(
    "integrations",
    "Integrations",
    "One row an integration. Another state holds from its day on; the ledger keeps each.",
    (
        key_field("integration_id", "connection_id", help="Your id of the integration."),
        account_field(),
        words(
            "name",
            "Name",
            "What is connected.",
            required=True,
            longest=200,
            aliases=("integration", "system", "app"),
        ),
        Field(
            "state",
            "State",
            "Planned, connected or failing.",
            parsers.one_of("planned", "connected", "failing"),
            required=True,
            aliases=("status",),
        ),
        Field(
            "since",
            "Since",
            "From when it is so; the import when left out.",
            parsers.moment,
            aliases=("state_since", "changed_at", "connected_at"),
            empty=None,
        ),
        prose("detail", "Detail", "What is wrong, or what is missing.", aliases=("error", "message")),
    ),
    store=Store(models.Integration, integrations.upsert, ("key", "name", "detail")),
    tab="delivery",
    events=("integration.changed",),
)
