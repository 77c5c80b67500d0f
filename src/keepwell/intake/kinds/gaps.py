"""Product gaps and feature requests."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, key_field, prose, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import gaps


def _check(row: Mapping[str, Any]) -> str | None:
    if row.get("merged_into") and row.get("merged_into") == row.get("key"):
        return f'"{row["key"]}" cannot be merged into itself.'
    return None


GAPS = ImportKind(
    "gaps",
    "Product gaps",
    "One row for each thing that the product lacks, whoever asked. Another status holds from its day on.",
    (
        key_field("gap_id", "feature_id", "idea_id", help="Your id of the gap."),
        words("title", "Title", "What is lacking.", required=True, aliases=("name", "summary", "feature")),
        prose("description", "Description", "What it would do, and for whom.", aliases=("details", "body")),
        Field(
            "status",
            "Status",
            "Open, planned, shipped or declined.",
            parsers.one_of("open", "planned", "shipped", "declined"),
            aliases=("state",),
        ),
        Field(
            "merged_into",
            "Merged into",
            "The key of the gap that it is the same as.",
            parsers.key,
            aliases=("duplicate_of",),
            longest=200,
            cleared=None,
        ),
        Field(
            "shipped_at",
            "Shipped",
            "When it was there.",
            parsers.moment,
            aliases=("released_at",),
            empty=None,
        ),
        Field(
            "since",
            "Since",
            "From when its status holds; when it was shipped or the import when left out.",
            parsers.moment,
            aliases=("status_since", "changed_at"),
            empty=None,
        ),
    ),
    check=_check,
    store=Store(models.ProductGap, gaps.upsert, ("key", "title", "description")),
    one="product gap",
    tab="service",
    events=("gap.changed",),
)
