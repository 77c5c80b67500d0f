"""Which fields of a kind its tables show, and what an empty table says of it."""

from keepwell.intake.kinds.base import Field, ImportKind

MOST = 6
LONG = ("long_text", "limits", "list", "people")
COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts": ("name", "industry", "tier", "phase", "since", "owner", "tags"),
    "people": ("name", "email", "title", "role", "stance", "status"),
    "contracts": ("product", "arr", "currency", "seats", "start_date", "end_date"),
    "tickets": ("subject", "kind", "severity", "escalated", "opened_at", "resolved_at"),
    "surveys": ("kind", "score", "person", "comment", "answered_at"),
    "touchpoints": ("kind", "subject", "held_at", "minutes", "declined", "executive_attended"),
}
TAB_VIEWS = {
    "delivery": "account-delivery",
    "service": "account-service",
    "training": "account-training",
    "money": "account-contracts",
    "people": "account-people",
    "timeline": "account-timeline",
}


def columns(kind: ImportKind) -> tuple[Field, ...]:
    """The fields that a table of the kind shows: those chosen, or the first short ones."""
    by_slug = {field.slug: field for field in kind.fields}
    chosen = [by_slug[slug] for slug in COLUMNS.get(kind.slug, ()) if slug in by_slug]
    short = [f for f in kind.fields if f.form not in LONG and f.slug not in ("key", "account")]
    return tuple(chosen or short[:MOST])


def lead(kind: ImportKind) -> str:
    """The field by which a person knows a row: its title, name, subject or text; else its key."""
    slugs = {field.slug for field in kind.fields}
    named = ("title", "name", "subject", "text", "activity", "product", "number")
    return next((slug for slug in named if slug in slugs), "key")
