"""Which fields of a kind its tables show, and what an empty table says of it."""

import re

from keepwell.intake.kinds.base import Field, ImportKind

MOST = 6
MADE = re.compile(r"[0-9a-f]{32}")
LONG = ("long_text", "limits", "list", "people")
COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts": ("name", "industry", "tier", "phase", "since", "owner", "tags"),
    "people": ("name", "email", "title", "roles", "stance", "status"),
    "contracts": ("product", "arr", "currency", "seats", "start_date", "end_date"),
    "tickets": ("subject", "kind", "severity", "escalated", "opened_at", "resolved_at"),
    "surveys": ("kind", "score", "person", "comment", "answered_at"),
    "sentiments": ("score", "words", "given_by", "given_at"),
    "sprints": ("name", "start_date", "end_date", "planned_points", "done_points", "state"),
    "milestones": ("title", "phase", "outcome", "owner", "first_due_date", "due_date", "done_date"),
    "criteria": ("text", "milestone", "agreed_at", "confirmed_by"),
    "change_requests": ("title", "asked_by", "asked_at", "hours", "amount", "currency", "verdict"),
    "risks": ("title", "likelihood", "impact", "owner", "state", "raised_at"),
    "raci": ("activity", "person", "colleague", "letter", "since", "until"),
    "obligations": ("title", "kind", "owner", "due_date", "evidenced_at"),
    "integrations": ("name", "since"),
    "courses": ("title", "audience", "minutes", "valid_days"),
    "course_sessions": ("course", "held_at", "trainer", "place"),
    "enrolments": ("course", "person", "colleague", "enrolled_at", "completed_at", "score"),
    "gaps": ("title", "status", "since", "merged_into", "shipped_at"),
    "gap_requests": ("gap", "person", "asked_at", "told_at"),
    "invoices": ("number", "amount", "currency", "issued_date", "due_date", "paid_date"),
    "touchpoints": ("kind", "subject", "held_at", "minutes", "declined", "executive_attended"),
    "notes": ("text", "author", "written_at", "visibility", "pinned"),
    "ownerships": ("role", "user", "since", "until"),
}


# Fields that a form asks for first, in this order; the others follow as they are declared.
FIRST: dict[str, tuple[str, ...]] = {
    "touchpoints": (
        "kind", "held_at", "minutes", "subject", "notes", "next_step", "attended", "invited", "declined_by", "initiative",
        "visibility", "place", "executive_attended", "declined", "outcomes", "transcript",
    ),
}  # fmt: skip
LEADS = {
    "people": "name",
    "surveys": "kind",
    "touchpoints": "subject",
    "sentiments": "score",
    "enrolments": "course",
    "gap_requests": "gap",
    "course_sessions": "course",
    "ownerships": "user",
}


# The day or moment by which the newest rows of a kind come first; the others stand by key.
NEWEST = {
    "contracts": "start_date",
    "tickets": "opened_at",
    "surveys": "answered_at",
    "touchpoints": "held_at",
    "notes": "written_at",
    "sentiments": "given_at",
    "sprints": "start_date",
    "milestones": "due_date",
    "criteria": "agreed_at",
    "change_requests": "asked_at",
    "risks": "raised_at",
    "obligations": "due_date",
    "integrations": "since",
    "invoices": "issued_date",
    "course_sessions": "held_at",
    "enrolments": "enrolled_at",
    "gap_requests": "asked_at",
}


def columns(kind: ImportKind) -> tuple[Field, ...]:
    """The fields that a table of the kind shows: those chosen, or the first short ones."""
    by_slug = {field.slug: field for field in kind.shown}
    chosen = [by_slug[slug] for slug in COLUMNS.get(kind.slug, ()) if slug in by_slug]
    short = [f for f in kind.fields if f.form not in LONG and f.slug not in ("key", "account")]
    return tuple(chosen or short[:MOST])


def lead(kind: ImportKind) -> str:
    """The field by which a person knows a row: its title, name, subject or text; else its key."""
    slugs = {field.slug for field in kind.fields}
    named = ("title", "name", "subject", "text", "activity", "product", "number")
    return LEADS.get(kind.slug) or next((slug for slug in named if slug in slugs), "key")


def is_made(key: str) -> bool:
    """Whether a key says nothing to a person, because it was made for a row that came without."""
    return MADE.fullmatch(key) is not None
