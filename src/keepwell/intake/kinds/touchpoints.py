"""Calls, meetings, reviews, mails, notes and visits."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, key_field, prose, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import removals, touchpoints

TOUCHPOINT_KINDS = ("call", "meeting", "review", "email", "note", "onsite")


def _people(slug: str, title: str, help: str, *aliases: str) -> Field:
    return Field(slug, title, help, parsers.keys, aliases=aliases, empty=[])


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
        prose("notes", "Notes", "What was said.", aliases=("note", "description", "body")),
        Field(
            "place",
            "Place",
            "By call, meeting, email, note or on_site, where the kind does not say.",
            parsers.one_of("call", "meeting", "email", "note", "on_site"),
            aliases=("location", "medium"),
            empty="",
        ),
        Field(
            "initiative",
            "Initiative",
            "Proactive when we came on our own, reactive when we were called.",
            parsers.one_of("proactive", "reactive"),
            empty="",
        ),
        Field(
            "visibility",
            "Visibility",
            "Internal, or shared with the customer.",
            parsers.one_of("internal", "shared"),
        ),
        _people(
            "invited", "Invited", "Keys of the people who were invited.", "invitees", "attendees_invited"
        ),
        _people("attended", "Attended", "Keys of the people who came.", "attendees", "participants"),
        _people("declined_by", "Declined by", "Keys of the people who declined.", "decliners"),
        Field(
            "outcomes",
            "Outcomes",
            "Which of the customer's outcomes were spoken of, between commas.",
            parsers.tags,
            aliases=("outcomes_discussed", "objectives"),
            empty=[],
        ),
        words("next_step", "Next step", "What was agreed to happen next, and who does it.", longest=500),
        prose("transcript", "Transcript", "What was said, word by word."),
    ),
    store=Store(
        models.Touchpoint,
        touchpoints.upsert,
        ("key", "subject", "notes"),
        remove=removals.remove_touchpoints,
    ),
    tab="timeline",
    events=("touchpoint.held", "touchpoint.attended", "touchpoint.declined", "review.held"),
)
