"""What was written down of conversations."""

from dataclasses import dataclass
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class TouchpointView:
    """A conversation; `attended` are keys of people."""

    key: str
    kind: str
    subject: str
    notes: str
    next_step: str
    visibility: str
    initiative: str
    attended: tuple[str, ...]


def between(
    *, account_id: int, seen_by: Scope, first: datetime, last: datetime
) -> dict[tuple[datetime, str], TouchpointView]:
    """The conversations with an account of a span, both ends included, by moment and kind. One query."""
    seen = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    rows = models.Touchpoint.objects.filter(account__in=seen, held_at__gte=first, held_at__lte=last)
    found: dict[tuple[datetime, str], TouchpointView] = {}
    for row in rows.defer("transcript").order_by("pk"):
        found[row.held_at, row.kind] = TouchpointView(
            row.key,
            row.kind,
            row.subject,
            row.notes,
            row.next_step,
            row.visibility,
            row.initiative,
            tuple(row.attended),
        )
    return found
