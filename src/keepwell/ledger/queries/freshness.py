"""When the last fact of each kind about an account happened, from the tables that hold them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import day_of
from keepwell.ledger import models
from keepwell.ledger.queries import accounts

# The beginning of the names of the facts, and the moments of the rows that state them.
SOURCES: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "ticket.": (models.Ticket, ("opened_at", "escalated_at", "resolved_at")),
    "survey.": (models.SurveyAnswer, ("answered_at",)),
    "touchpoint.": (models.Touchpoint, ("held_at",)),
    "sentiment.": (models.Sentiment, ("given_at",)),
}


def last_facts(*, account_id: int, seen_by: Scope, before: datetime) -> dict[str, date]:
    """By the beginning of their names, the day of the last fact before a moment. One query a kind."""
    mine = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    found: dict[str, date] = {}
    for family, (model, names) in SOURCES.items():
        rows = model.objects.filter(account__in=mine)
        lasts = rows.aggregate(**{name: Max(name, filter=Q(**{f"{name}__lt": before})) for name in names})
        moments = [moment for moment in lasts.values() if moment is not None]
        if moments:
            found[family] = day_of(max(moments))
    return found
