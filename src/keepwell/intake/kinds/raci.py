"""Who is responsible, accountable, consulted, informed."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import (
    Field,
    ImportKind,
    account_field,
    colleague_field,
    in_order,
    key_field,
    person_field,
    words,
)
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import raci


def _check(row: Mapping[str, Any]) -> str | None:
    if bool(row.get("person")) == bool(row.get("colleague")):
        return (
            "a row names either a person of the customer's or a colleague. Give one of person and colleague."
        )
    return _ORDER(row)


_ORDER = in_order("since", "until")

RACI = ImportKind(
    "raci",
    "RACI",
    "One row for what one person is to one activity. A change holds from its day on; the ledger keeps each.",
    (
        key_field("raci_id", help="Your id of the row."),
        account_field(),
        words("activity", "Activity", "What is done.", required=True, aliases=("task", "deliverable")),
        person_field("Who of the customer's."),
        colleague_field(
            "colleague",
            "Colleague",
            "Or who of ours, by e-mail address.",
            aliases=("colleague_email", "our_user"),
        ),
        Field(
            "letter",
            "Letter",
            "Responsible, accountable, consulted or informed; the first letter will do.",
            parsers.initial_of("responsible", "accountable", "consulted", "informed"),
            required=True,
            aliases=("raci", "role"),
        ),
        Field(
            "since",
            "Since",
            "From when it is so; the import when left out.",
            parsers.moment,
            aliases=("valid_from", "assigned_at"),
            empty=None,
        ),
        Field(
            "until",
            "Until",
            "When it ended; empty while it holds.",
            parsers.moment,
            aliases=("valid_until",),
            empty=None,
        ),
    ),
    one_of=("person", "colleague"),
    check=_check,
    store=Store(models.Raci, raci.upsert, ("key", "activity")),
    one="line of the RACI matrix",
    tab="delivery",
    events=("raci.assigned", "raci.ended"),
)
