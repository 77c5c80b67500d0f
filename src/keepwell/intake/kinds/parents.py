"""Parents: under which account another stands, from a day on."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field

KINDS = ("commercial", "legal", "site")


def _check(row: Mapping[str, Any]) -> str | None:
    if row.get("parent") == row["account"]:
        return f'account "{row["account"]}" cannot stand under itself.'
    if not row.get("parent") and not row.get("since"):
        return "parent and since are both empty: say from which day on it stands alone."
    return None


PARENTS = ImportKind(
    "parents",
    "Parents",
    "One row an account and day: what it stands under from then on. What was said of earlier days stays.",
    (
        account_field(),
        Field(
            "parent",
            "Parent",
            "The key of the account above it; none when left out.",
            parsers.key,
            aliases=("parent_account", "parent_id", "parent_key", "parent_account_id"),
            longest=200,
            empty="",
            as_form="account",
        ),
        Field(
            "kind",
            "Sense",
            "Commercial, legal or site; commercial when left out.",
            parsers.one_of(*KINDS),
            aliases=("parent_kind", "hierarchy"),
        ),
        Field(
            "since",
            "Since",
            "The first day; always when left out.",
            parsers.day,
            aliases=("parent_since", "valid_from", "start_date"),
            empty=None,
        ),
    ),
    check=_check,
)
