"""Milestones."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, colleague_field, key_field, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import milestones

MILESTONES = ImportKind(
    "milestones",
    "Milestones",
    "One row a milestone. Another due day is a move from now on; what was promised first is kept.",
    (
        key_field("milestone_id", help="Your id of the milestone."),
        account_field(),
        words("title", "Title", "What is to be reached.", required=True, aliases=("name", "milestone")),
        words("phase", "Phase", "The phase that it belongs to.", longest=63, aliases=("stage",)),
        words("outcome", "Outcome", "The customer's outcome that it serves.", aliases=("objective", "goal")),
        colleague_field(
            "owner", "Owner", "E-mail address of who answers for it.", aliases=("owner_email", "assignee")
        ),
        Field(
            "planned_at",
            "Planned",
            "When it was promised first; the import when left out.",
            parsers.moment,
            aliases=("created_at", "planned_on"),
        ),
        Field(
            "due_date",
            "Due",
            "The day it is promised for.",
            parsers.day,
            aliases=("due", "due_on", "deadline", "target_date"),
            empty=None,
        ),
        Field(
            "done_date",
            "Done",
            "The day it was done; empty while it is not.",
            parsers.day,
            aliases=("done", "done_on", "completed_at", "completed_date", "delivered_at"),
            empty=None,
        ),
    ),
    derived=(
        Field("first_due_date", "First due", "The day it was promised for first.", parsers.day),
        Field("times_moved", "Moves", "How often its due day was moved.", parsers.whole),
        Field(
            "slipped_days",
            "Slipped",
            "Days from the first promise to when it was done, or else to when it is due now.",
            parsers.whole,
        ),
    ),
    store=Store(models.Milestone, milestones.upsert, ("key", "title", "outcome")),
    tab="delivery",
    events=("milestone.planned", "milestone.moved", "milestone.done"),
)
