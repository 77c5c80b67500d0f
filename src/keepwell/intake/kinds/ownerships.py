"""Owners: who of ours looks after an account, in which role, from when until when."""

from collections.abc import Mapping
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, in_order, key_field
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import owners, removals
from keepwell.ledger.queries import records

# What people call the roles.
CALLED = {
    "customer_success_manager": "csm",
    "project_manager": "pm",
    "technical_lead": "tech_lead",
    "account_manager": "sales",
    "am": "sales",
    "executive_sponsor": "executive",
    "sponsor": "executive",
}


def _identify(row: Mapping[str, Any]) -> str:
    return owners.key_of(row["account"], row["role"], row["since"])


OWNERSHIPS = ImportKind(
    "ownerships",
    "Owners",
    "One row for each time somebody of yours has a role in an account. Who had it before keeps the days until then.",
    (
        key_field(
            "ownership_id",
            "assignment_id",
            help="Your id of the row; account, role and since when left out.",
            required=False,
        ),
        account_field(),
        Field(
            "role",
            "Role",
            f"One of {', '.join(ROLES)}; account manager is sales, executive sponsor is executive.",
            parsers.one_of(*ROLES, called=CALLED),
            required=True,
            aliases=("owner_role", "relationship"),
        ),
        Field(
            "user",
            "Person",
            "E-mail address of somebody of yours; they must be able to sign in.",
            parsers.email,
            required=True,
            aliases=("email", "user_email", "owner", "owner_email", "colleague"),
            longest=254,
            as_form="colleague",
        ),
        Field(
            "since",
            "Since",
            "The first day.",
            parsers.day,
            required=True,
            aliases=("start_date", "valid_from", "assigned_on"),
        ),
        Field(
            "until",
            "Until",
            "The first day it no longer holds; empty until the next one begins.",
            parsers.day,
            aliases=("end_date", "valid_until"),
            empty=None,
        ),
    ),
    check=in_order("since", "until"),
    identify=_identify,
    store=Store(
        models.Ownership,
        owners.upsert,
        ("key", "user__email", "user__name"),
        records.read_owners,
        removals.remove_owners,
    ),
    one="owner",
    creating="accounts.assign",
)
