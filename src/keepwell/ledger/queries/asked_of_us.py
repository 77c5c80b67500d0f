"""How much an account asked of us, and how often we spoke, around a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class Counts:
    """Tickets open at a moment; and of the days before it: tickets opened, tickets escalated, touchpoints held."""

    open: int
    opened: int
    escalated: int
    spoke: int


def counts(*, account_id: int, seen_by: Scope, at: datetime, days: int) -> Counts:
    """By what is known now. Two queries."""
    mine = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    since = at - timedelta(days=days)
    rows = models.Ticket.objects.filter(account__in=mine)
    tickets = rows.annotate(raised=Coalesce("escalated_at", "opened_at")).aggregate(
        open=Count("pk", filter=Q(opened_at__lt=at) & (Q(resolved_at=None) | Q(resolved_at__gte=at))),
        opened=Count("pk", filter=Q(opened_at__gte=since, opened_at__lt=at)),
        escalated=Count("pk", filter=Q(escalated=True, raised__gte=since, raised__lt=at)),
    )
    held = models.Touchpoint.objects.filter(account__in=mine, held_at__gte=since, held_at__lt=at)
    return Counts(**tickets, spoke=held.filter(declined=False).count())
