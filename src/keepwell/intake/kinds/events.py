"""Events: product usage, or any business fact of the catalogue."""

from keepwell.intake import names, parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, person_field

EVENTS = ImportKind(
    "events",
    "Events",
    "One row for each thing that happened. A name of the catalogue (account.churned …) is a business fact, "
    "any other is usage.",
    (
        Field(
            "id",
            "Id",
            "Your id of the event. Without one, rows that are alike count as several events, and the same "
            "file again adds none.",
            parsers.key,
            aliases=("id", "event_id", "message_id", "usage_id", "uuid"),
            suffixes=("_event_id",),
            longest=200,
        ),
        account_field(required=False),
        Field(
            "contract",
            "Contract",
            "The key of a contract, when the row names no account.",
            parsers.key,
            aliases=("contract_id", "subscription_id", "engagement_id"),
            longest=200,
        ),
        person_field("Who did it."),
        Field(
            "name",
            "Name",
            "What happened, as in report.exported.",
            names.checked,
            required=True,
            aliases=("event", "event_name", "name", "action", "event_type", "feature_name"),
            longest=200,
        ),
        Field(
            "feature",
            "Feature",
            "What of the product was used; the name when left out.",
            aliases=("feature", "module", "area", "feature_key", "product_feature", "feature_name"),
            longest=200,
        ),
        Field(
            "at",
            "At",
            "When it happened.",
            parsers.moment,
            required=True,
            aliases=("at", "timestamp", "occurred_at", "time", "date", "datetime", "created_at"),
            suffixes=("_date", "_at", "_time", "_timestamp"),
        ),
        Field(
            "value",
            "Value",
            "The one number of the event.",
            parsers.number,
            aliases=("value", "amount", "count", "usage_count", "quantity"),
        ),
    ),
    one_of=("account", "contract", "person"),
)
