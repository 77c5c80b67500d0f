"""Answers to NPS, CSAT and CES surveys."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, key_field, person_field
from keepwell.intake.kinds.stores import Store
from keepwell.kernel import speech
from keepwell.ledger import models
from keepwell.ledger.actions import surveys

SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


def _check(row: Mapping[str, Any]) -> str | None:
    low, high = SCALES[row["kind"]]
    if not low <= row["score"] <= high:
        return speech.english(
            "score %(row)s is not on the %(upper)s scale of %(low)s to %(high)s.",
            row=f"{row['score']:g}",
            upper=row["kind"].upper(),
            low=low,
            high=high,
        )
    return None


SURVEYS = ImportKind(
    "surveys",
    "Survey answers",
    "One row an answer.",
    (
        key_field("survey_id", "response_id", "answer_id", help="Your id of the answer."),
        account_field(),
        person_field("Who answered."),
        Field(
            "kind",
            "Survey",
            "nps (0 to 10), csat (1 to 5) or ces (1 to 7).",
            parsers.one_of(*SCALES),
            required=True,
            aliases=("survey", "survey_type", "type", "metric"),
        ),
        Field(
            "score",
            "Score",
            "The number given.",
            parsers.number,
            required=True,
            aliases=("rating", "answer", "value"),
        ),
        Field(
            "comment",
            "Comment",
            "What was written.",
            aliases=("verbatim", "feedback", "feedback_text", "text"),
            empty="",
        ),
        Field(
            "answered_at",
            "Answered",
            "When.",
            parsers.moment,
            required=True,
            aliases=("responded_at", "submitted_at", "answered", "created_at", "date"),
        ),
    ),
    check=_check,
    store=Store(models.SurveyAnswer, surveys.upsert, ("key", "comment")),
    one="survey answer",
    tab="service",
    events=("survey.answered",),
)
