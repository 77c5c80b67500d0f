"""Accounts: one row a customer, with its contract when the file holds the terms."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, key_field
from keepwell.intake.kinds.stores import Store
from keepwell.kernel import speech
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, removals
from keepwell.ledger.queries import records


def _check(row: Mapping[str, Any]) -> str | None:
    if row.get("arr") is not None and not (row.get("since") or row.get("renewal_date")):
        return speech.english(
            "arr without since or renewal_date: a contract needs a day. Give one of the two."
        )
    if row.get("since") and row.get("renewal_date") and row["renewal_date"] <= row["since"]:
        return speech.english(
            "renewal_date %(row)s is not after since %(row2)s.", row=row["renewal_date"], row2=row["since"]
        )
    return None


ACCOUNTS = ImportKind(
    "accounts",
    "Accounts",
    "One row a customer. Import these first: all other files name accounts by their key.",
    (
        key_field(
            "account_id",
            "account_key",
            "company_id",
            "customer_id",
            "organization_id",
            "account",
            help="Your id of the account.",
            longest=190,  # the contract that a row may tell is keyed "account:KEY"
        ),
        Field(
            "name",
            "Name",
            "What people call it.",
            aliases=(
                "account_name",
                "company_name",
                "customer_name",
                "organisation_name",
                "organization_name",
                "company",
                "customer",
                "account",
            ),
            longest=300,
        ),
        Field(
            "industry",
            "Industry",
            "Its line of business.",
            aliases=("sector", "vertical"),
            empty="",
            longest=100,
        ),
        Field("country", "Country", "Where it is.", aliases=("country_code",), empty="", longest=100),
        Field(
            "tier",
            "Tier",
            "Your class of service.",
            aliases=("plan_tier", "plan", "segment"),
            empty="",
            longest=63,
        ),
        Field(
            "phase",
            "Phase",
            "Where it stands in its life.",
            aliases=("lifecycle", "stage"),
            empty="",
            longest=63,
        ),
        Field(
            "since",
            "Customer since",
            "The day it became a customer.",
            parsers.day,
            aliases=(
                "signup_date",
                "customer_since",
                "signed_up",
                "signed_up_at",
                "created_at",
                "created",
                "start_date",
            ),
            empty=None,
        ),
        Field(
            "owner",
            "Owner",
            "E-mail address of the CSM who looks after it; they must be able to sign in.",
            aliases=("owner_email", "csm", "csm_email", "account_owner"),
            longest=254,
            as_form="colleague",
            cleared="",
        ),
        Field(
            "domains",
            "E-mail domains",
            "Domains of its people's addresses, between commas; no free mail. People are placed by them.",
            parsers.domains,
            aliases=("email_domains", "email_domain"),
            empty=[],
        ),
        Field("tags", "Tags", "Words between commas.", parsers.tags, aliases=("labels",), empty=[]),
        Field(
            "arr",
            "ARR",
            "Yearly revenue, when the account has one contract and no file of contracts tells it.",
            parsers.amount,
            aliases=("arr_amount", "annual_recurring_revenue"),
        ),
        Field(
            "currency",
            "Currency",
            "Code of the ARR; USD when left out.",
            parsers.currency,
            aliases=("arr_currency",),
        ),
        Field(
            "renewal_date",
            "Renewal date",
            "The day that one contract ends.",
            parsers.day,
            aliases=("renewal", "renews_on", "contract_end"),
        ),
    ),
    check=_check,
    store=Store(
        models.Account,
        accounts.upsert,
        ("key", "name"),
        records.read_accounts,
        removals.remove_accounts,
    ),
    events=("account.created",),
    creating="data.import",
    together=("since", "arr", "currency", "renewal_date"),
)
