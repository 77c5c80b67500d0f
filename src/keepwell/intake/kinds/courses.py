"""Courses."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, key_field, prose, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import courses

COURSES = ImportKind(
    "courses",
    "Courses",
    "One row a course, for customers or for your own CSMs.",
    (
        key_field("course_id", help="Your id of the course."),
        words("title", "Title", "What it is called.", required=True, aliases=("name", "course")),
        Field("audience", "Audience", "Customer or csm.", parsers.one_of("customer", "csm")),
        prose("description", "Description", "What is learned."),
        Field("minutes", "Minutes", "How long it takes.", parsers.number, aliases=("duration",), empty=None),
        Field(
            "valid_days",
            "Valid",
            "Days that its certificate holds; empty for ever.",
            parsers.Within(1, 36500),
            aliases=("validity_days",),
            empty=None,
        ),
        Field(
            "offered_at",
            "Offered",
            "From when it is offered; the import when left out.",
            parsers.moment,
            aliases=("offered_since", "published_at", "created_at"),
            empty=None,
        ),
    ),
    store=Store(models.Course, courses.upsert, ("key", "title")),
    tab="training",
    events=("course.offered",),
)
