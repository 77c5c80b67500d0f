"""Check-ins: how those who look after an account feel about it."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, colleague_field, key_field, prose
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import sentiments

SENTIMENTS = ImportKind(
    "sentiments",
    "Check-ins",
    "One row for each time one of yours said how an account feels; usually once a week.",
    (
        key_field("sentiment_id", "checkin_id", "check_in_id", help="Your id of the check-in."),
        account_field(),
        Field(
            "score",
            "Sentiment",
            "From 1 (we are losing them) to 5 (they would recommend us).",
            parsers.Within(1, 5),
            required=True,
            aliases=("sentiment", "pulse", "rating"),
        ),
        prose("words", "In words", "Why.", aliases=("comment", "note", "reason")),
        colleague_field(
            "given_by", "Given by", "E-mail address of who said it.", aliases=("csm", "by", "author")
        ),
        Field(
            "given_at",
            "Given",
            "When.",
            parsers.moment,
            required=True,
            aliases=("date", "created_at", "at", "given"),
        ),
    ),
    store=Store(models.Sentiment, sentiments.upsert, ("key", "words")),
    one="check-in",
    tab="service",
    events=("sentiment.given",),
)
