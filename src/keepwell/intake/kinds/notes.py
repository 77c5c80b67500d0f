"""Notes that colleagues write about an account."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, colleague_field, key_field, prose
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import notes

NOTES = ImportKind(
    "notes",
    "Notes",
    "One row a note that one of yours wrote down about an account.",
    (
        key_field("note_id", "comment_id", help="Your id of the note."),
        account_field(),
        prose(
            "text",
            "Text",
            "What is to be remembered. @ and the first part of a colleague's e-mail address mentions them.",
            required=True,
            aliases=("note", "body", "content", "comment"),
        ),
        colleague_field(
            "author", "Author", "E-mail address of who wrote it.", aliases=("by", "written_by", "owner")
        ),
        Field(
            "written_at",
            "Written",
            "When.",
            parsers.moment,
            required=True,
            aliases=("created_at", "date", "at"),
        ),
        Field(
            "visibility",
            "Visibility",
            "Internal, or shared with the customer.",
            parsers.one_of("internal", "shared"),
        ),
        Field("pinned", "Pinned", "Whether it stands above the timeline.", parsers.truth, empty=False),
    ),
    store=Store(models.Note, notes.upsert, ("key", "text")),
    tab="timeline",
    events=("note.written",),
)
