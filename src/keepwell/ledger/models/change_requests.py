"""What the customer asked to have changed, and what was said to it."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest
from keepwell.ledger.models.people import Person


class ChangeRequest(KeyedFact):
    """A request for change; `in_scope` null where nobody said, false is scope creep."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    title = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    hours = models.FloatField(null=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="USD")
    in_scope = models.BooleanField(null=True)
    verdict = models.CharField(max_length=30, default="open")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [latest("asked_at", name="changerequest_latest")]
