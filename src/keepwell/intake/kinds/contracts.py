"""Contracts and subscriptions."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, key_field
from keepwell.intake.kinds.stores import Store
from keepwell.kernel import speech
from keepwell.ledger import models
from keepwell.ledger.actions import contracts, removals


def _check(row: Mapping[str, Any]) -> str | None:
    if row.get("end_date") and row["end_date"] < row["start_date"]:
        return speech.english(
            "end_date %(row)s is before start_date %(row2)s.", row=row["end_date"], row2=row["start_date"]
        )
    return None


CONTRACTS = ImportKind(
    "contracts",
    "Contracts",
    "One row a contract or subscription.",
    (
        key_field("contract_id", "subscription_id", "engagement_id", help="Your id of the contract."),
        account_field(),
        Field(
            "product",
            "Product",
            "What was bought.",
            aliases=("product_name", "plan_tier", "plan"),
            empty="",
            longest=200,
        ),
        Field(
            "products",
            "Products",
            "All that it covers, between commas.",
            parsers.tags,
            aliases=("product_list", "line_items"),
            empty=[],
        ),
        Field(
            "arr",
            "ARR",
            "Yearly revenue.",
            parsers.amount,
            aliases=("arr_amount", "annual_recurring_revenue", "annual_value"),
            empty=None,
        ),
        Field(
            "currency",
            "Currency",
            "Code of the ARR; USD when left out.",
            parsers.currency,
            aliases=("arr_currency",),
        ),
        Field(
            "seats",
            "Seats",
            "Bought seats.",
            parsers.whole,
            aliases=("licenses", "licences", "quantity"),
            empty=None,
        ),
        Field(
            "limits",
            "Usage limits",
            "Amounts by what they limit, as in api_calls=100000; storage_gb=50.",
            parsers.limits,
            aliases=("usage_limits", "quotas"),
            empty={},
        ),
        Field(
            "start_date",
            "Start",
            "The first day.",
            parsers.day,
            required=True,
            aliases=("start", "starts_on", "starts_at", "begin_date"),
        ),
        Field(
            "end_date",
            "End",
            "The first day it no longer holds; empty when open-ended.",
            parsers.day,
            aliases=("end", "ends_on", "ends_at", "renewal_date"),
            empty=None,
        ),
        Field(
            "signed_at", "Signed", "When it was signed; its start when left out.", parsers.moment, empty=None
        ),
        Field(
            "auto_renew",
            "Renews by itself",
            "Yes or no.",
            parsers.truth,
            aliases=("auto_renew_flag",),
            empty=None,
        ),
        Field(
            "notice_days", "Notice", "Days of notice.", parsers.whole, aliases=("notice_period",), empty=None
        ),
        Field(
            "term_months",
            "Term",
            "Months for which it binds each time; 24 or more is a multi-year term.",
            parsers.whole,
            aliases=("term", "term_length", "commitment_months"),
            empty=None,
        ),
        Field(
            "effective",
            "Effective",
            "The day from which changed terms hold. When left out: a renewal from its start, other terms from today.",
            parsers.day,
            aliases=("effective_date", "effective_from", "change_date"),
        ),
    ),
    derived=(
        Field("terms_since", "Terms since", "The day from which terms that were changed hold.", parsers.day),
    ),
    check=_check,
    store=Store(models.Contract, contracts.upsert, ("key", "product"), remove=removals.remove_contracts),
    tab="money",
    events=("contract.signed", "contract.changed"),
)
