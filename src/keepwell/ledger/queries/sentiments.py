"""How those who look after an account feel about it."""

from dataclasses import dataclass
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class SentimentView:
    """One check-in."""

    score: int
    words: str
    given_by: str
    given_at: datetime


def of_account(
    *, account_id: int, seen_by: Scope, before: datetime | None = None, limit: int = 5
) -> tuple[SentimentView, ...]:
    """The last check-ins of an account before a moment (None: now), latest first. One query."""
    mine = accounts.visible(seen_by=seen_by)
    rows = models.Sentiment.objects.filter(account=account_id, account__in=mine).order_by("-given_at", "-pk")
    if before is not None:
        rows = rows.filter(given_at__lt=before)
    return tuple(SentimentView(row.score, row.words, row.given_by, row.given_at) for row in rows[:limit])
