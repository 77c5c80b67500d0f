"""Calls, meetings, reviews, mails, notes and visits."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, key_field
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import removals, touchpoints

TOUCHPOINT_KINDS = ("call", "meeting", "review", "email", "note", "onsite")

TOUCHPOINTS = ImportKind(
    "touchpoints",
    "Touchpoints",
    "One row for each time you and the customer spoke, or the customer declined to.",
    (
        key_field("touchpoint_id", "meeting_id", "activity_id", "call_id", help="Your id of the touchpoint."),
        account_field(),
        Field(
            "kind",
            "Kind",
            "Call, meeting, review, email, note or onsite.",
            parsers.one_of(*TOUCHPOINT_KINDS),
            required=True,
            aliases=("type", "activity_type", "channel"),
        ),
        Field(
            "subject", "Subject", "What it was about.", aliases=("title", "summary"), empty="", longest=500
        ),
        Field(
            "held_at",
            "Held",
            "When it took place, or was to.",
            parsers.moment,
            required=True,
            aliases=("at", "date", "started_at", "start", "scheduled_at"),
        ),
        Field(
            "minutes",
            "Minutes",
            "How long.",
            parsers.number,
            aliases=("duration", "duration_minutes"),
            empty=None,
        ),
        Field("declined", "Declined", "The customer declined the invitation.", parsers.truth, empty=False),
        Field(
            "executive_attended",
            "Executive attended",
            "Whether an executive of the customer was there.",
            parsers.truth,
            aliases=("exec_attended", "executive_present"),
            empty=None,
        ),
        Field("notes", "Notes", "What was said.", aliases=("note", "description", "body"), empty=""),
    ),
    store=Store(
        models.Touchpoint,
        touchpoints.upsert,
        ("key", "subject", "notes"),
        remove=removals.remove_touchpoints,
    ),
    tab="timeline",
    events=("touchpoint.held", "touchpoint.declined", "review.held"),
)
