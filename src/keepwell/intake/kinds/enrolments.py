"""Enrolments in courses."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import (
    Field,
    ImportKind,
    account_field,
    colleague_field,
    in_order,
    key_field,
    person_field,
)
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import enrolments

_ORDER = in_order("enrolled_at", "started_at", "completed_at")


def _check(row: Mapping[str, Any]) -> str | None:
    if bool(row.get("account")) == bool(row.get("colleague")):
        return "a row is either of an account or of a colleague. Give one of account and colleague."
    return _ORDER(row)


ENROLMENTS = ImportKind(
    "enrolments",
    "Enrolments",
    "One row for a person of an account, or a colleague, in a course.",
    (
        key_field("enrolment_id", "enrollment_id", help="Your id of the enrolment."),
        Field(
            "course",
            "Course",
            "The key of the course.",
            parsers.key,
            required=True,
            aliases=("course_id",),
            longest=200,
        ),
        account_field(required=False),
        person_field("Who of the customer's learns."),
        colleague_field(
            "colleague",
            "Colleague",
            "Or who of ours, by e-mail address.",
            aliases=("colleague_email", "our_user"),
        ),
        Field(
            "enrolled_at",
            "Enrolled",
            "When.",
            parsers.moment,
            required=True,
            aliases=("enrolled_on", "enrollment_date", "created_at", "date"),
        ),
        Field("started_at", "Started", "When.", parsers.moment, aliases=("started_on",), empty=None),
        Field(
            "completed_at",
            "Completed",
            "When.",
            parsers.moment,
            aliases=("completed_on", "finished_at"),
            empty=None,
        ),
        Field(
            "score",
            "Score",
            "The result, as the course counts it.",
            parsers.number,
            aliases=("result", "grade"),
            empty=None,
        ),
        Field(
            "certified_until",
            "Certified until",
            "The day the certificate ends; empty when there is none.",
            parsers.day,
            aliases=("valid_until", "expires_on"),
            empty=None,
        ),
    ),
    one_of=("account", "colleague"),
    check=_check,
    store=Store(models.Enrolment, enrolments.upsert, ("key", "colleague")),
    tab="training",
    events=("course.enrolled", "course.started", "course.completed"),
)
