"""What the customer asked support for."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest
from keepwell.ledger.models.people import Person


class Ticket(KeyedFact):
    """A request for help; `escalated_at` falls back to the opening when a source only says that it was escalated."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=63, blank=True)
    severity = models.CharField(max_length=30, blank=True)
    escalated = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    first_contact_resolution = models.BooleanField(null=True)
    assignee = models.CharField(max_length=254, blank=True)

    class Meta:
        indexes = [
            latest("opened_at", name="ticket_latest"),
            models.Index(
                fields=["kind", "-escalated", "opened_at", "id", "account"],
                name="ticket_open",
                condition=models.Q(resolved_at=None),
            ),
        ]
