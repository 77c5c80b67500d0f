"""Sessions of courses."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, colleague_field, key_field, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import course_sessions

COURSE_SESSIONS = ImportKind(
    "course_sessions",
    "Course sessions",
    "One row for each time a course is taught.",
    (
        key_field("session_id", help="Your id of the session."),
        Field(
            "course",
            "Course",
            "The key of the course.",
            parsers.key,
            required=True,
            aliases=("course_id",),
            longest=200,
        ),
        Field(
            "held_at",
            "Held",
            "When.",
            parsers.moment,
            required=True,
            aliases=("at", "date", "starts_at", "start"),
        ),
        Field("minutes", "Minutes", "How long.", parsers.number, aliases=("duration",), empty=None),
        colleague_field("trainer", "Trainer", "E-mail address of who teaches.", aliases=("trainer_email",)),
        words("place", "Place", "Where, or the link.", aliases=("location", "url")),
    ),
    store=Store(models.CourseSession, course_sessions.upsert, ("key", "place")),
    one="course session",
    tab="training",
    events=("course.held",),
)
